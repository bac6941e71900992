// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/front_door.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/control_endpoints.h"

#include <algorithm>
#include <fmt/format.h>

namespace gateway::pipeline {

namespace {

/// A piece of the request, for an error's words.
std::string shown(std::string_view text)
{
    return toValidUtf8(truncatedUtf8(text, 200));
}

bool listed(const CompiledConfig &config, std::string_view origin)
{
    return std::ranges::any_of(config.gateway.cors, [&](const std::string &entry) {
        return entry == "*" || equalsIgnoringCase(entry, origin);
    });
}

/// "localhost:8787" -> "localhost", "[::1]:8787" -> "::1".
std::string_view hostWithoutPort(std::string_view host)
{
    if (host.starts_with('['))
        return host.substr(1, host.find(']') == std::string_view::npos ? 0 : host.find(']') - 1);
    return host.substr(0, host.find(':'));
}

bool isLoopbackHost(std::string_view host)
{
    const std::string_view name = hostWithoutPort(host);
    if (equalsIgnoringCase(name, "localhost"))
        return true;
    const auto address = parseAddress(name);
    return address && isLoopback(*address);
}

bool isJson(std::string_view contentType)
{
    const std::string_view type = trimmed(contentType.substr(0, contentType.find(';')));
    return equalsIgnoringCase(type, "application/json") || (type.size() > 5 && equalsIgnoringCase(type.substr(type.size() - 5), "+json"));
}

bool isForm(std::string_view contentType)
{
    return equalsIgnoringCase(trimmed(contentType.substr(0, contentType.find(';'))), "multipart/form-data");
}

bool isLoopbackPeer(std::string_view peer)
{
    const auto address = parseAddress(peer);
    return address && isLoopback(*address);
}

/// Whether a page that points its own name at 127.0.0.1 (DNS rebinding) would be answered: its Host is not a loopback one,
/// and no key stands in its way.
bool isRebound(const CompiledConfig &config, const HttpRequest &request, wire::PathKind kind)
{
    if (kind == wire::PathKind::Admin)
        return false; // its token stands in the way, and a page does not know that
    const bool keyed = !isControl(kind) || (kind == wire::PathKind::Metrics && !config.gateway.metricsToken.empty());
    if (config.gateway.requireKey && keyed)
        return false;
    const auto host = findHeader(request.headers, "host");
    if (host && isLoopbackHost(*host))
        return false;
    if (!config.gateway.requireKey)
        return true;
    // Probes may send no Host, browsers always do. Beyond loopback a listener has names that nobody told it, and on loopback
    // another peer is one that a trusted proxy names.
    return host && config.listensOnLoopback && isLoopbackPeer(request.peer);
}

std::optional<Error> refuseBrowser(const CompiledConfig &config, const HttpRequest &request, wire::PathKind kind)
{
    const auto origin = findHeader(request.headers, "origin");
    if (origin && !listed(config, *origin))
        return Error {.code = ErrorCode::OriginNotAllowed,
                      .message = fmt::format("Pages of {} may not call this gateway. Add the origin to gateway.cors to allow it.", shown(*origin))};
    if (!isRebound(config, request, kind))
        return std::nullopt;
    return Error {.code = ErrorCode::OriginNotAllowed,
                  .message = fmt::format("{} needs no key here, so it only answers to localhost, 127.0.0.1 or [::1] as its host name.", shown(request.path))};
}

} // namespace

std::optional<Error> refusalAtDoor(const CompiledConfig &config, const HttpRequest &request, const wire::PathMatch &path)
{
    if (auto refused = refuseBrowser(config, request, path.kind))
        return refused;
    if (path.kind == wire::PathKind::Unknown)
        return Error {.code = ErrorCode::UnknownPath,
                      .message = fmt::format("There is nothing at {}. The API is below /v1, for example POST /v1/chat/completions.", shown(request.path))};
    if (!path.methodAllowed)
        return Error {.code = ErrorCode::MethodNotAllowed,
                      .message = fmt::format("{} does not take {}; it takes {}.", shown(request.path), shown(request.method), path.allow)};
    const auto contentType = findHeader(request.headers, "content-type");
    const bool form = contentType && isForm(*contentType);
    if (path.endpoint == Endpoint::Transcriptions && request.method == "POST" && !form)
        return Error {.code = ErrorCode::UnsupportedMediaType, .message = "The recording comes as a form. Send Content-Type: multipart/form-data with file and model."};
    if (path.endpoint == Endpoint::Transcriptions || (path.endpoint == Endpoint::ImageEdits && form))
        return std::nullopt;
    if (path.kind == wire::PathKind::Call && request.method == "POST" && contentType && !isJson(*contentType))
        return Error {.code = ErrorCode::UnsupportedMediaType,
                      .message = fmt::format("The body must be JSON, but Content-Type says \"{}\". Send Content-Type: application/json.", shown(*contentType))};
    return std::nullopt;
}

std::optional<Reply> preflight(const HttpRequest &request, const wire::PathMatch &path)
{
    if (request.method != "OPTIONS")
        return std::nullopt;
    Reply reply {.status = 204};
    if (!path.allow.empty())
        reply.headers = fmt::format("allow: {}\r\n", path.allow);
    if (findHeader(request.headers, "origin"))
        reply.headers += fmt::format("access-control-allow-methods: {}\r\n"
                                     "access-control-allow-headers: authorization, content-type, if-match, x-api-key, api-key, x-goog-api-key, "
                                     "x-signalbox-metadata, x-signalbox-tags, x-signalbox-customer, x-signalbox-session, "
                                     "x-signalbox-timeout, x-signalbox-route, x-stainless-arch, x-stainless-lang, x-stainless-os, "
                                     "x-stainless-package-version, x-stainless-retry-count, x-stainless-runtime, "
                                     "x-stainless-runtime-version, x-stainless-timeout\r\n"
                                     "access-control-max-age: 600\r\n",
                                     path.allow.empty() ? std::string_view("GET, POST, OPTIONS") : path.allow);
    return reply;
}

std::string doorHeaders(const CompiledConfig &config, const HttpRequest &request, const wire::PathMatch &path)
{
    std::string lines;
    if (!path.methodAllowed)
        lines += fmt::format("allow: {}\r\n", path.allow);
    if (config.gateway.cors.empty())
        return lines;
    const auto origin = findHeader(request.headers, "origin");
    if (origin && listed(config, *origin))
        lines += fmt::format("access-control-allow-origin: {}\r\nvary: origin\r\naccess-control-expose-headers: x-signalbox-call-id, "
                             "x-signalbox-provider, x-signalbox-model, x-signalbox-attempts, x-signalbox-cost, x-signalbox-latency-ms, "
                             "x-signalbox-dropped, retry-after\r\n",
                             *origin);
    return lines;
}

} // namespace gateway::pipeline
