// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/endpoint_url.h"

#include "gateway/core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace gateway::providers {
namespace {

std::unexpected<Error> invalid(std::string message)
{
    return fail(ErrorCode::Invalid, std::move(message), "base_url");
}

bool isHostCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

bool isAddressCharacter(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '.';
}

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), asciiLower);
    return out;
}

/// Takes host and port out of "host:port" or "[::1]:port".
Result<void> parseAuthority(std::string_view authority, EndpointUrl &url)
{
    std::string_view port;
    const bool bracketed = authority.starts_with('[');
    const std::size_t close = authority.find(']');
    if (bracketed && close == std::string_view::npos)
        return invalid("has an IPv6 address whose bracket is not closed; write it as http://[::1]:8000");
    const std::size_t hostEnd = bracketed ? close + 1 : std::min(authority.find(':'), authority.size());
    url.host = lower(bracketed ? authority.substr(1, close - 1) : authority.substr(0, hostEnd));
    if (url.host.empty())
        return invalid("names no host; write it as https://api.example.com/v1");
    if (!std::all_of(url.host.begin(), url.host.end(), bracketed ? isAddressCharacter : isHostCharacter))
        return invalid(fmt::format("has a host name with a character that cannot be in one: \"{}\"", toValidUtf8(truncatedUtf8(url.host, 100))));

    url.port = url.tls ? 443 : 80;
    if (hostEnd < authority.size()) {
        port = authority.substr(hostEnd + 1);
        std::uint16_t number = 0;
        const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
        if (authority[hostEnd] != ':' || error != std::errc {} || end != port.data() + port.size() || number == 0)
            return invalid(fmt::format("has a port that is not a number from 1 to 65535: \"{}\"", toValidUtf8(truncatedUtf8(port, 20))));
        url.port = number;
    }
    url.authority = bracketed ? "[" + url.host + "]" : url.host;
    if (url.port != (url.tls ? 443 : 80))
        url.authority += fmt::format(":{}", url.port);
    return {};
}

/// Whether one of a path's segments is a version ("v1", "v1beta", "v2").
bool hasVersion(std::string_view path)
{
    for (std::size_t at = path.find("/v"); at != std::string_view::npos; at = path.find("/v", at + 1)) {
        if (at + 2 < path.size() && path[at + 2] >= '0' && path[at + 2] <= '9')
            return true;
    }
    return false;
}

/// How many bytes at the front of `prefix`, whole segments, the path ends in already.
std::size_t overlap(std::string_view path, std::string_view prefix)
{
    for (std::size_t size = prefix.size(); size > 0; size = prefix.rfind('/', size - 1)) {
        if (path.ends_with(prefix.substr(0, size)))
            return size;
        if (prefix.rfind('/', size - 1) == 0)
            break;
    }
    return 0;
}

} // namespace

Result<EndpointUrl> parseEndpointUrl(std::string_view text)
{
    text = trimmed(text);
    if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; }))
        return invalid("has white space or control characters in it");
    EndpointUrl url;
    const std::size_t scheme = text.find("://");
    const std::string name = lower(text.substr(0, scheme == std::string_view::npos ? 0 : scheme));
    if (name != "https" && name != "http")
        return invalid(fmt::format("must begin with https:// or http://, not \"{}\"", toValidUtf8(truncatedUtf8(text.substr(0, text.find('@')), 60))));
    url.tls = name == "https";
    text.remove_prefix(scheme + 3);
    const std::size_t pathAt = std::min(text.find_first_of("/?#"), text.size());
    const std::string_view authority = text.substr(0, pathAt);
    std::string_view path = text.substr(pathAt);
    if (authority.find('@') != std::string_view::npos)
        return invalid("has a user or password in it; give the key under credentials, as api_key");
    if (path.find_first_of("?#") != std::string_view::npos)
        return invalid("has a query or fragment ('?' or '#'); give the address up to its path");
    if (const Result<void> parsed = parseAuthority(authority, url); !parsed)
        return std::unexpected(parsed.error());
    while (path.ends_with('/'))
        path.remove_suffix(1);
    url.basePath = path;
    return url;
}

std::string joinTarget(std::string_view basePath, std::string_view versionPrefix, std::string_view endpointPath)
{
    std::string target(basePath);
    const std::size_t there = overlap(basePath, versionPrefix);
    if (versionPrefix.empty() && basePath.ends_with("/v1"))
        target.resize(target.size() - 3); // paths of this kind have no version; one was given all the same
    else if (there > 0 || !hasVersion(basePath)) // a base with a version of its own (/v1beta/openai) is complete
        target += versionPrefix.substr(there);
    target += endpointPath;
    return target;
}

} // namespace gateway::providers
