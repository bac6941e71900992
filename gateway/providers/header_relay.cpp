// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/header_relay.h"

#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace gateway::providers {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 12> ofConnection {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "http2-settings",
                                                         "content-length", "content-type", "date", "proxy-authenticate"};
constexpr std::array<std::string_view, 22> notToProvider {"host", "expect", "accept", "accept-encoding", "authorization", "proxy-authorization", "x-api-key", "api-key",
                                                          "x-goog-api-key", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256", "cookie", "origin", "referer",
                                                          "forwarded", "via", "x-real-ip", "content-encoding", "user-agent", "ocp-apim-subscription-key", "x-auth-token"};
constexpr std::array<std::string_view, 3> prefixesNotToProvider {"x-signalbox-", "x-forwarded-", "sec-"};
constexpr std::array<std::string_view, 4> notToCaller {"set-cookie", "alt-svc", "strict-transport-security", "x-accel-buffering"};
constexpr std::array<std::string_view, 2> prefixesNotToCaller {"x-signalbox-", "access-control-"};

bool isIn(Names names, std::string_view name)
{
    return std::ranges::any_of(names, [&](std::string_view known) { return equalsIgnoringCase(known, name); });
}

bool beginsWithOne(Names prefixes, std::string_view name)
{
    return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return equalsIgnoringCase(prefix, name.substr(0, prefix.size())); });
}

/// Whether a Connection header names it: such fields end at the next hop.
bool isNominated(std::span<const HeaderView> headers, std::string_view name)
{
    return std::ranges::any_of(headers, [&](const HeaderView &header) {
        std::string_view list = equalsIgnoringCase(header.name, "connection") ? header.value : std::string_view();
        while (!list.empty()) {
            const std::size_t comma = std::min(list.find(','), list.size());
            if (equalsIgnoringCase(trimmed(list.substr(0, comma)), name))
                return true;
            list.remove_prefix(std::min(comma + 1, list.size()));
        }
        return false;
    });
}

void addLine(std::string &lines, const HeaderView &header)
{
    lines.append(header.name).append(": ").append(header.value).append("\r\n");
}

} // namespace

std::string headersToProvider(std::span<const HeaderView> headers, const RequestHead &own)
{
    std::string lines;
    for (const HeaderView &header : headers) {
        if (isIn(ofConnection, header.name) || isIn(notToProvider, header.name) || beginsWithOne(prefixesNotToProvider, header.name))
            continue;
        if (!isNominated(headers, header.name) && !own.sets(header.name))
            addLine(lines, header);
    }
    return lines;
}

std::string headersToCaller(std::span<const HeaderView> headers)
{
    std::string lines;
    for (const HeaderView &header : headers) {
        if (isIn(ofConnection, header.name) || isIn(notToCaller, header.name) || beginsWithOne(prefixesNotToCaller, header.name))
            continue;
        if (!isNominated(headers, header.name))
            addLine(lines, header);
    }
    return lines;
}

} // namespace gateway::providers
