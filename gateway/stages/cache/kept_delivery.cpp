// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/cache/kept_delivery.h"

#include "gateway/pipeline/exchange.h"

#include <chrono>
#include <fmt/format.h>
#include <memory>
#include <utility>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;

namespace {

constexpr std::string_view json = "application/json";

wire::Delivery keptDelivery(const CachedAnswer &answer)
{
    if (!answer.stream)
        return wire::Delivery::Whole;
    return answer.contentType.starts_with(json) ? wire::Delivery::Array : wire::Delivery::Events;
}

std::optional<KeptDelivery> written(const Exchange &x, const CachedAnswer &answer, wire::Delivery from, wire::Delivery to)
{
    const auto format = wire::deliveredFormat(x.endpoint);
    if (!format)
        return std::nullopt;
    wire::AnswerSettings settings {.callId = x.record.id,
                                   .model = std::string(x.scan.model),
                                   .created = std::chrono::duration_cast<std::chrono::seconds>(x.record.startedAt.time_since_epoch()).count(),
                                   .promptTokens = x.promptTokens,
                                   .includeUsage = x.scan.includeUsage,
                                   .requestBody = x.scan.body};
    auto made = wire::redelivered(*format, from, answer.body, to, std::move(settings));
    if (!made)
        return std::nullopt;
    return KeptDelivery {.made = std::move(*made)};
}

/// A header's value must not end the line.
std::string plainLine(std::string_view name, std::string_view value)
{
    std::string line = fmt::format("{}: {}", name, value.substr(0, 512));
    for (char &c : line) {
        if (const auto byte = static_cast<unsigned char>(c); byte < 0x20 || byte == 0x7f)
            c = '?';
    }
    return line + "\r\n";
}

void tell(Exchange &x, const CachedAnswer &answer, std::optional<double> similarity)
{
    CallRecord &record = x.record;
    record.cache = similarity ? CacheOutcome::Semantic : CacheOutcome::Hit;
    record.similarity = similarity.value_or(0);
    record.cachedFrom = answer.callId;
    record.saved = answer.cost;
    record.savedUs = answer.latencyUs;
    record.firstByteUs = x.elapsedUs(x.now());
    x.extraHeaders += plainLine("x-signalbox-provider", answer.provider);
    if (!answer.model.empty())
        x.extraHeaders += plainLine("x-signalbox-model", answer.model);
}

} // namespace

wire::Delivery wantedDelivery(const Exchange &x)
{
    if (!x.scan.stream)
        return wire::Delivery::Whole;
    return x.streamType == json ? wire::Delivery::Array : wire::Delivery::Events;
}

std::optional<KeptDelivery> deliveryOf(const Exchange &x, const CachedAnswer &answer)
{
    const wire::Delivery from = keptDelivery(answer), to = wantedDelivery(x);
    if (from != to)
        return written(x, answer, from, to);
    const std::string_view body = answer.body;
    if (!answer.stream || answer.usageFrom == answer.usageTo || x.scan.includeUsage)
        return KeptDelivery {.head = body};
    return KeptDelivery {.head = body.substr(0, answer.usageFrom), .tail = body.substr(answer.usageTo)};
}

Task<bool> give(Exchange &x, SharedAnswer answer, std::optional<double> similarity)
{
    const std::optional<KeptDelivery> delivery = deliveryOf(x, *answer);
    if (!delivery)
        co_return false;
    tell(x, *answer, similarity);
    x.check.reset();
    x.tap.reset();
    const std::string_view head = delivery->made.empty() ? delivery->head : delivery->made;
    if (!x.scan.stream) {
        x.answerType = answer->stream ? json : std::string_view(answer->contentType);
        co_await x.send(head);
        co_return true;
    }
    const bool there = co_await x.stream(head); // the head and the content leave together
    if (there)
        co_await x.end(delivery->tail);
    co_return true;
}

} // namespace gateway::stages
