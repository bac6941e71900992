// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/base64.h"

#include <array>
#include <cstdint>

namespace gateway::wire {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t space = 64, pad = 65, none = 66;

constexpr std::array<std::uint8_t, 256> digits = [] {
    std::array<std::uint8_t, 256> table {};
    table.fill(none);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        table[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
    table['-'] = table['+'];
    table['_'] = table['/'];
    table['='] = pad;
    for (const char c : {' ', '\t', '\r', '\n'})
        table[static_cast<std::uint8_t>(c)] = space;
    return table;
}();

/// Calls `take` with every digit's value; gives their number, or nullopt where another character stands among them.
template <typename Take>
std::optional<std::size_t> eachDigit(std::string_view text, Take take)
{
    std::size_t count = 0;
    bool padded = false;
    for (const char c : text) {
        const std::uint8_t value = digits[static_cast<std::uint8_t>(c)];
        if (value == space)
            continue;
        if (value == none || (padded && value != pad))
            return std::nullopt;
        padded = value == pad;
        if (padded)
            continue;
        take(value);
        ++count;
    }
    return count % 4 == 1 ? std::nullopt : std::optional(count);
}

} // namespace

std::string toBase64(std::string_view bytes)
{
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const auto byte = [&](std::size_t i) { return at + i < bytes.size() ? static_cast<std::uint8_t>(bytes[at + i]) : std::uint32_t {0}; };
        const std::uint32_t three = byte(0) << 16 | byte(1) << 8 | byte(2);
        out += alphabet[three >> 18];
        out += alphabet[three >> 12 & 63];
        out += at + 1 < bytes.size() ? alphabet[three >> 6 & 63] : '=';
        out += at + 2 < bytes.size() ? alphabet[three & 63] : '=';
    }
    return out;
}

std::optional<std::string> normalBase64(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + 2);
    if (!eachDigit(text, [&](std::uint8_t value) { out += alphabet[value]; }))
        return std::nullopt;
    while (out.size() % 4 != 0)
        out += '=';
    return out;
}

std::optional<std::string> fromBase64(std::string_view text)
{
    std::string out;
    out.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t bits = 0;
    int held = 0;
    const auto whole = eachDigit(text, [&](std::uint8_t value) {
        bits = bits << 6 | value;
        held += 6;
        if (held < 8)
            return;
        held -= 8;
        out += static_cast<char>(bits >> held);
    });
    return whole ? std::optional(std::move(out)) : std::nullopt;
}

} // namespace gateway::wire
