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
Result<void> checkHeader(std::string_view name, std::string_view value, std::string_view keyHeader)
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
    if (!keyHeader.empty() && equalsIgnoringCase(name, keyHeader))
        return invalid("is made of the credential's api_key; take out one of the two");
    if (hasControl(value))
        return invalid("has a line break or control character in its value");
    return {};
}

/// The header that the key goes in.
std::string_view keyHeaderOf(Auth auth)
{
    switch (auth) {
    case Auth::XApiKey: return "x-api-key";
    case Auth::GoogApiKey: return "x-goog-api-key";
    case Auth::ApiKey: return "api-key";
    case Auth::Bearer:
    case Auth::OptionalBearer:
    case Auth::GoogleToken:
    case Auth::Aws: break;
    }
    return "Authorization";
}

} // namespace

Result<RequestHead> RequestHead::make(const ProviderKind &kind, const EndpointUrl &url, std::string_view apiKey, const std::map<std::string, std::string> &headers)
{
    if (hasControl(apiKey) || apiKey.find(' ') != std::string_view::npos)
        return fail(ErrorCode::Invalid, "api_key has white space or a control character in it; paste it again", "api_key");
    const std::string_view keyHeader = keyHeaderOf(kind.auth);
    const bool bearer = keyHeader == "Authorization";
    RequestHead head;
    auto out = std::back_inserter(head.m_fixed);
    fmt::format_to(out, " HTTP/1.1\r\nHost: {}\r\nUser-Agent: signalbox/" SIGNALBOX_VERSION "\r\nAccept-Encoding: identity\r\n{}", url.authority, kind.constantHeaders);
    if (!apiKey.empty())
        fmt::format_to(out, "{}: {}{}\r\n", keyHeader, bearer ? "Bearer " : "", apiKey);
    // Tokens and signatures go in Authorization too.
    const bool hasKey = !apiKey.empty() || kind.auth == Auth::GoogleToken || kind.auth == Auth::Aws;
    for (const auto &[name, value] : headers) {
        if (const Result<void> good = checkHeader(name, value, hasKey ? keyHeader : std::string_view()); !good)
            return std::unexpected(good.error());
        fmt::format_to(out, "{}: {}\r\n", name, trimmed(value));
    }
    return head;
}

bool RequestHead::sets(std::string_view name) const
{
    for (std::size_t at = m_fixed.find("\r\n"); at != std::string::npos; at = m_fixed.find("\r\n", at + 2)) {
        const std::string_view line = std::string_view(m_fixed).substr(at + 2);
        if (line.size() > name.size() && line[name.size()] == ':' && equalsIgnoringCase(line.substr(0, name.size()), name))
            return true;
    }
    return false;
}

template <typename Text>
void RequestHead::writeTo(const RequestLine &line, Text &out) const
{
    out.clear();
    out.reserve(m_fixed.size() + line.target.size() + line.more.size() + 160);
    out.append(line.method).append(" ").append(line.target).append(m_fixed).append(line.more);
    out.append("Accept: ").append(line.accept).append("\r\n");
    if (line.contentLength) {
        if (!line.contentType.empty())
            out.append("Content-Type: ").append(line.contentType).append("\r\n");
        std::array<char, 20> digits {};
        char *end = std::to_chars(digits.data(), digits.data() + digits.size(), *line.contentLength).ptr;
        out.append("Content-Length: ").append(digits.data(), end).append("\r\n");
    }
    out += "\r\n";
}

void RequestHead::write(const RequestLine &line, PooledText &out) const
{
    writeTo(line, out);
}

std::string RequestHead::text(const RequestLine &line) const
{
    std::string out;
    writeTo(line, out);
    return out;
}

} // namespace gateway::providers
