// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/check.h"

#include "gateway/config/check_entries.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>

namespace gateway::config {

namespace {

template <typename T>
std::optional<T> wholeNumber(std::string_view text)
{
    T value {};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc {} && end == text.data() + text.size() && !text.empty() ? std::optional(value) : std::nullopt;
}

struct Address
{
    std::array<unsigned char, 16> bytes {};
    std::size_t size = 0; ///< 4 or 16
};

std::optional<Address> parseAddress(std::string_view text)
{
    Address address;
    const std::string copy(text);
    if (inet_pton(AF_INET, copy.c_str(), address.bytes.data()) == 1)
        address.size = 4;
    else if (inet_pton(AF_INET6, copy.c_str(), address.bytes.data()) == 1)
        address.size = 16;
    else
        return std::nullopt;
    return address;
}

bool isLoopback(const Address &address)
{
    if (address.size == 4)
        return address.bytes[0] == 127;
    return std::all_of(address.bytes.begin(), address.bytes.end() - 1, [](unsigned char byte) { return byte == 0; }) && address.bytes[15] == 1;
}

bool isHostName(std::string_view text)
{
    const auto fits = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
    return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), fits);
}

bool onlyDigitsAndDots(std::string_view text)
{
    return text.find_first_not_of("0123456789.") == std::string_view::npos;
}

} // namespace

std::optional<ListenAddress> parseListen(std::string_view text)
{
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    const auto port = wholeNumber<std::uint16_t>(text.substr(colon + 1));
    if (!port)
        return std::nullopt;
    ListenAddress address {.port = *port};
    std::string_view host = text.substr(0, colon);
    const bool bracketed = host.starts_with('[') && host.ends_with(']');
    if (bracketed)
        host = host.substr(1, host.size() - 2);
    address.host = std::string(host);
    if (host.empty())
        return bracketed ? std::nullopt : std::optional(address);
    const auto parsed = parseAddress(host);
    if (parsed) {
        if ((parsed->size == 16) != bracketed)
            return std::nullopt;
        address.loopback = isLoopback(*parsed);
        return address;
    }
    if (bracketed || !isHostName(host) || onlyDigitsAndDots(host)) // "127.0.0.1.5" is a slip, not a name
        return std::nullopt;
    address.loopback = host == "localhost";
    return address;
}

bool isNetwork(std::string_view text)
{
    const std::size_t slash = text.find('/');
    const auto address = parseAddress(text.substr(0, slash));
    if (!address)
        return false;
    if (slash == std::string_view::npos)
        return true;
    const auto prefix = wholeNumber<unsigned>(text.substr(slash + 1));
    if (!prefix || *prefix > address->size * 8)
        return false;
    for (std::size_t bit = *prefix; bit < address->size * 8; ++bit) {
        if ((address->bytes[bit / 8] >> (7 - bit % 8) & 1) != 0)
            return false;
    }
    return true;
}

bool isHttpUrl(std::string_view text)
{
    std::string_view rest = text;
    if (rest.starts_with("https://"))
        rest.remove_prefix(8);
    else if (rest.starts_with("http://"))
        rest.remove_prefix(7);
    else
        return false;
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    const bool printable = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F; });
    return printable && !authority.empty() && authority.front() != ':';
}

} // namespace gateway::config
