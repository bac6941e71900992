// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/web_url.h"

#include "gateway/core/text.h"
#include "gateway/providers/endpoint_url.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace gateway::providers {
namespace {

constexpr std::size_t longest = 8 * 1024; // of an address: servers take no more

std::string_view withoutFragment(std::string_view text)
{
    text = trimmed(text);
    return text.substr(0, text.find('#'));
}

/// "https" of "https://..." and of "https:...", empty where the text has none.
std::string_view schemeOf(std::string_view text)
{
    const std::size_t colon = text.find_first_of(":/?");
    return colon == std::string_view::npos || text[colon] != ':' ? std::string_view() : text.substr(0, colon);
}

/// What callers leave unencoded, encoded: spaces, controls, other letters than ASCII's, and what RFC 3986 leaves out.
std::string encodedTarget(std::string_view target)
{
    std::string out(target.starts_with('/') ? "" : "/");
    for (const char c : target) {
        const bool odd = static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f || std::string_view("\"<>\\^`{|}").find(c) != std::string_view::npos;
        if (odd)
            fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
        else
            out += c;
    }
    return out;
}

std::unexpected<Error> tooLong()
{
    return fail(ErrorCode::Invalid, fmt::format("is longer than {} bytes", longest));
}

/// What is encoded is longer than what was written, and a redirect adds to it.
Result<WebUrl> bounded(WebUrl url)
{
    if (std::string_view("https://").size() + url.authority.size() + url.target.size() > longest)
        return tooLong();
    return url;
}

/// RFC 3986 5.2.4.
std::string withoutDots(std::string_view path)
{
    std::string out;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/', 1), path.size());
        const std::string_view segment = path.substr(0, end);
        const bool last = end == path.size();
        path.remove_prefix(end);
        if (segment == "/..")
            out.resize(out.rfind('/') == std::string::npos ? 0 : out.rfind('/'));
        else if (segment != "/.")
            out += segment;
        if (last && (segment == "/." || segment == "/.."))
            out += '/';
    }
    return out;
}

} // namespace

std::string WebUrl::shown() const
{
    return shownUrl(fmt::format("{}://{}{}", tls ? "https" : "http", authority, target));
}

std::string shownUrl(std::string_view text)
{
    text = text.substr(0, text.find_first_of("?#"));
    const std::size_t scheme = text.find("://");
    const std::size_t from = scheme == std::string_view::npos ? 0 : scheme + 3;
    const std::size_t user = text.substr(0, text.find('/', from)).rfind('@');
    std::string shown(text.substr(0, from));
    shown += user == std::string_view::npos ? text.substr(from) : text.substr(user + 1);
    return toValidUtf8(truncatedUtf8(shown, 250));
}

Result<WebUrl> parseWebUrl(std::string_view text)
{
    text = withoutFragment(text);
    const std::string_view scheme = schemeOf(text);
    const std::size_t from = scheme.size() + std::string_view("://").size();
    if ((!equalsIgnoringCase(scheme, "http") && !equalsIgnoringCase(scheme, "https")) || text.substr(scheme.size(), 3) != "://")
        return fail(ErrorCode::Invalid, "is no http or https address");
    if (text.size() > longest)
        return tooLong();
    const std::size_t pathAt = std::min(text.find_first_of("/?", from), text.size());
    if (text.substr(from, pathAt - from).find('@') != std::string_view::npos)
        return fail(ErrorCode::Invalid, "has a user or password in it, which is never sent");
    auto site = parseEndpointUrl(text.substr(0, pathAt));
    if (!site)
        return fail(ErrorCode::Invalid, "has no host and port that there could be");
    return bounded({.tls = site->tls, .host = std::move(site->host), .port = site->port, .authority = std::move(site->authority), .target = encodedTarget(text.substr(pathAt))});
}

Result<WebUrl> resolveUrl(const WebUrl &base, std::string_view reference)
{
    reference = withoutFragment(reference);
    if (!schemeOf(reference).empty())
        return parseWebUrl(reference);
    if (reference.starts_with("//"))
        return parseWebUrl(fmt::format("{}:{}", base.tls ? "https" : "http", reference));
    const std::size_t queryAt = std::min(reference.find('?'), reference.size());
    const std::string_view path = reference.substr(0, queryAt);
    const std::string_view basePath = std::string_view(base.target).substr(0, base.target.find('?'));
    WebUrl url = base;
    if (path.empty() && queryAt == reference.size())
        return url;
    std::string wanted(path.starts_with('/') ? std::string_view() : path.empty() ? basePath : basePath.substr(0, basePath.rfind('/') + 1));
    wanted += path;
    url.target = encodedTarget(withoutDots(wanted) + std::string(reference.substr(queryAt)));
    return bounded(std::move(url));
}

} // namespace gateway::providers
