// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/cache/answer_keeper.h"

#include "gateway/pipeline/answer_caches.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/stages/cache/kept_delivery.h"
#include "gateway/wire/answer_delivery.h"
#include "gateway/wire/answer_scan.h"
#include "gateway/wire/chat_stream_scan.h"
#include "gateway/wire/codecs.h"

#include <algorithm>
#include <utility>

namespace gateway::stages {

namespace {

constexpr std::string_view done = "data: [DONE]";

/// OpenAI's streams tell the usage in an event of its own, to those who asked for it.
bool mayTellUsage(Endpoint endpoint)
{
    return endpoint == Endpoint::ChatCompletions || endpoint == Endpoint::Completions;
}

} // namespace

AnswerKeeper::AnswerKeeper(pipeline::Exchange &x, KeepOrder order)
    : m_x(x)
    , m_caches(*x.worker.services.caches)
    , m_order(std::move(order))
    , m_largest(m_caches.largest())
{
}

AnswerKeeper::~AnswerKeeper()
{
    if (m_order.seat && m_order.seat->role() == state::SingleFlight::Role::Leads && !m_x.caller.gone())
        m_order.seat->dissolve();
}

void AnswerKeeper::take(std::string_view bytes)
{
    if (m_tooLarge || bytes == wire::keepaliveBytes(m_x.format))
        return;
    m_tooLarge = m_body.size() + bytes.size() > m_largest;
    if (m_tooLarge)
        m_body = {};
    else
        m_body += bytes;
}

void AnswerKeeper::whole(std::string_view body)
{
    take(body);
    keep(false);
}

void AnswerKeeper::piece(std::string_view bytes)
{
    take(bytes);
}

void AnswerKeeper::end(std::string_view last)
{
    take(last);
    keep(true);
}

bool AnswerKeeper::isGood(bool stream)
{
    constexpr int fine = 200;
    if (m_tooLarge || m_body.empty() || m_x.answerStatus != fine || m_x.answerError || !m_x.answering)
        return false;
    if (const auto format = wire::deliveredFormat(m_x.endpoint)) {
        wire::AnswerEnding ending = wire::endingOf(*format, stream ? wantedDelivery(m_x) : wire::Delivery::Whole, m_body);
        m_id = std::move(ending.id);
        m_model = std::move(ending.model);
        return ending.whole && !ending.withheld;
    }
    if (m_x.endpoint != Endpoint::Completions)
        return true; // the attempt has looked at it
    if (!stream)
        return wire::scanAnswer(m_body, m_x.endpoint).finishReason != "content_filter";
    wire::SseParser parser(m_body.size());
    wire::ChatStreamScan scan;
    wire::SseEvent event;
    parser.feed(m_body);
    while (parser.next(event) == wire::SseParser::Event)
        scan.onEvent(event);
    m_id = scan.id();
    m_model = scan.model();
    return scan.whole() && scan.finishReason() != "content_filter";
}

/// It may be given to one who asked for it, where this caller did not.
void AnswerKeeper::addUsageEvent(CachedAnswer &answer) const
{
    wire::Span event = wire::usageEvent(answer.body);
    if (event.empty()) {
        const std::size_t end = std::min(answer.body.rfind(done), answer.body.size());
        const auto created = std::chrono::duration_cast<std::chrono::seconds>(m_x.record.startedAt.time_since_epoch()).count();
        const std::string made = wire::makeUsageChunk(m_id, m_model, created, answer.usage, answer.cost, m_x.endpoint);
        answer.body.insert(end, made);
        event = {.from = static_cast<std::uint32_t>(end), .to = static_cast<std::uint32_t>(end + made.size())};
    }
    answer.usageFrom = event.from;
    answer.usageTo = event.to;
}

void AnswerKeeper::keep(bool stream)
{
    if (!isGood(stream))
        return;
    const AttemptRecord &attempt = m_x.record.attempts[*m_x.answering];
    CachedAnswer answer;
    answer.body = std::move(m_body);
    answer.stream = stream;
    answer.contentType = stream ? m_x.streamType : m_x.answerType;
    answer.endpoint = m_x.endpoint;
    answer.nameSpace = m_x.route->cache->nameSpace;
    answer.team = m_x.record.team;
    answer.route = m_x.route->name;
    answer.provider = attempt.provider;
    answer.model = attempt.model;
    answer.callId = m_x.record.id;
    answer.usage = attempt.usage;
    answer.cost = m_x.cost();
    answer.latencyUs = m_x.elapsedUs(m_x.now());
    answer.storedAt = m_x.worker.clock.wallNow();
    answer.expiresAt = answer.storedAt + m_order.ttl;
    answer.question = std::move(m_order.question);
    if (stream && mayTellUsage(m_x.endpoint))
        addUsageEvent(answer);
    auto shared = std::make_shared<const CachedAnswer>(std::move(answer));
    m_caches.answers().put(m_order.key, shared);
    if (m_order.seat)
        m_order.seat->land(std::move(shared));
}

} // namespace gateway::stages
