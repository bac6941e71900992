// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/request_head.h"

#include "gateway/core/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace gateway::providers {
namespace {

bool hasControl(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; });
}

/// RFC 9110 5.6.2
bool isToken(std::string_view name)
{
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || marks.find(c) != std::string_view::npos;
    });
}

/// A provider's own header: its error never shows the value, which may be a secret.
Result<void> checkHeader(std::string_view name, std::string_view value, bool hasKey)
{
    constexpr std::array<std::string_view, 11> ours {"host", "content-type", "content-length", "transfer-encoding", "connection", "accept",
                                                     "accept-encoding", "expect", "upgrade", "te", "trailer"};
    const auto invalid = [&](std::string_view why) {
        return fail(ErrorCode::Invalid, fmt::format("header \"{}\" {}", toValidUtf8(truncatedUtf8(name, 60)), why), "headers");
    };
    if (!isToken(name))
        return invalid("has a name with a character that cannot be in one");
    if (std::any_of(ours.begin(), ours.end(), [&](std::string_view own) { return equalsIgnoringCase(own, name); }))
        return invalid("is set by Signalbox itself; take it out");
    if (hasKey && equalsIgnoringCase(name, "authorization"))
        return invalid("is made of the credential's api_key; take out one of the two");
    if (hasControl(value))
        return invalid("has a line break or control character in its value");
    return {};
}

} // namespace

Result<RequestHead> RequestHead::make(const ProviderKind &kind, const EndpointUrl &url, Endpoint endpoint, std::string_view apiKey,
                                      const std::map<std::string, std::string> &headers)
{
    const std::string_view path = kind.path(endpoint);
    if (path.empty())
        return fail(ErrorCode::NotSupported, fmt::format("{} has no endpoint for {}.", kind.title, toText(endpoint)));
    if (hasControl(apiKey) || apiKey.find(' ') != std::string_view::npos)
        return fail(ErrorCode::Invalid, "api_key has white space or a control character in it; paste it again", "api_key");

    RequestHead head;
    head.m_hasBody = endpoint != Endpoint::Models;
    head.m_target = joinTarget(url.basePath, kind.versionPrefix, path);
    auto out = std::back_inserter(head.m_fixed);
    fmt::format_to(out, "{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: signalbox/" SIGNALBOX_VERSION "\r\nAccept-Encoding: identity\r\n",
                   head.m_hasBody ? "POST" : "GET", head.m_target, url.authority);
    if (!apiKey.empty())
        fmt::format_to(out, "Authorization: Bearer {}\r\n", apiKey);
    for (const auto &[name, value] : headers) {
        if (const Result<void> good = checkHeader(name, value, !apiKey.empty()); !good)
            return std::unexpected(good.error());
        fmt::format_to(out, "{}: {}\r\n", name, trimmed(value));
    }
    if (head.m_hasBody)
        head.m_fixed += "Content-Type: application/json\r\n";
    return head;
}

std::string RequestHead::text(std::size_t contentLength, bool stream) const
{
    constexpr std::string_view acceptStream = "Accept: text/event-stream\r\n";
    constexpr std::string_view acceptJson = "Accept: application/json\r\n";
    std::string out;
    out.reserve(m_fixed.size() + 80);
    out += m_fixed;
    out += stream ? acceptStream : acceptJson;
    if (m_hasBody) {
        std::array<char, 20> digits {};
        char *end = std::to_chars(digits.data(), digits.data() + digits.size(), contentLength).ptr;
        out.append("Content-Length: ").append(digits.data(), end).append("\r\n");
    }
    out += "\r\n";
    return out;
}

} // namespace gateway::providers
