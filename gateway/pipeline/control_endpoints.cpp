// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/control_endpoints.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/admin_door.h"
#include "gateway/wire/caller_errors.h"

#include <fmt/format.h>

namespace gateway::pipeline {

namespace {

Reply ready(Services &services, const CompiledConfig *config)
{
    const bool stored = services.records.healthy();
    const bool draining = services.draining.load(std::memory_order_relaxed);
    const bool admin = !services.admin || services.admin->isOpen(); // it begins a moment after the listener
    const bool fine = config && stored && admin && !draining;
    Reply reply {.status = fine ? 200 : 503};
    reply.body = fmt::format(R"({{"ready":{},"configuration":{},"store":{},"admin":{},"draining":{}}})", fine, config != nullptr, stored, admin, draining);
    return reply;
}

bool mayRead(const Services &services, const CompiledConfig *config, const HttpRequest &request)
{
    if (!config || config->gateway.metricsToken.empty())
        return true;
    constexpr std::string_view bearer = "bearer ";
    const auto header = findHeader(request.headers, "authorization");
    return header && header->size() > bearer.size() && equalsIgnoringCase(header->substr(0, bearer.size()), bearer)
        && services.keyHasher.same(trimmed(header->substr(bearer.size())), config->gateway.metricsToken.value);
}

Reply metrics(Services &services, const CompiledConfig *config, const HttpRequest &request)
{
    if (config && !config->metrics) {
        const Error error {.code = ErrorCode::UnknownPath, .message = "The metrics are off: telemetry.prometheus is false."};
        return {.status = wire::callerStatus(error.code), .body = wire::errorBody(error, wire::CallerFormat::OpenAi)};
    }
    if (!mayRead(services, config, request)) {
        const Error error {.code = ErrorCode::InvalidKey, .message = "The metrics need gateway.metrics_token as a bearer token."};
        return {.status = wire::callerStatus(error.code), .body = wire::errorBody(error, wire::CallerFormat::OpenAi)};
    }
    const auto gauges = services.gauges ? services.gauges() : std::vector<telemetry::Gauge> {};
    return {.contentType = telemetry::prometheusContentType,
            .body = telemetry::prometheusText(services.stats.snapshot(services.clock.wallNow(), telemetry::Rows::Known), gauges, SIGNALBOX_VERSION)};
}

} // namespace

bool isControl(wire::PathKind kind)
{
    return kind == wire::PathKind::Health || kind == wire::PathKind::Ready || kind == wire::PathKind::Metrics || kind == wire::PathKind::Version;
}

Reply controlReply(Services &services, const CompiledConfig *config, const HttpRequest &request, const wire::PathMatch &path)
{
    if (path.kind == wire::PathKind::Ready)
        return ready(services, config);
    if (path.kind == wire::PathKind::Metrics)
        return metrics(services, config, request);
    if (path.kind == wire::PathKind::Version)
        return {.body = R"({"name":"signalbox","version":")" SIGNALBOX_VERSION R"("})"};
    return {.body = R"({"status":"ok"})"};
}

} // namespace gateway::pipeline
