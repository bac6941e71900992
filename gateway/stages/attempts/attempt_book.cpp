// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/attempt_book.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/wire/rate_limits.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace gateway::stages {

using pipeline::Exchange;

namespace {

constexpr std::size_t longestDetail = 300; // AttemptRecord::detail

/// The target's model with what the star stands for, put together in `room` where there is one.
std::string_view filledModel(const routing::Target &target, std::string_view star, std::string &room)
{
    if (target.model == "*")
        return star;
    const auto at = star.empty() ? std::string::npos : target.model.find('*');
    if (at == std::string::npos)
        return target.model;
    room = target.model;
    return room.replace(at, 1, star);
}

ErrorCode codeOf(routing::Rest::Why why)
{
    switch (why) {
    case routing::Rest::Why::CircuitOpen:
        return ErrorCode::ServerError;
    case routing::Rest::Why::RateLimited:
    case routing::Rest::Why::LimitUsedUp:
        return ErrorCode::RateLimited;
    case routing::Rest::Why::KeyRejected:
        return ErrorCode::UpstreamAuth;
    case routing::Rest::Why::QuotaGone:
        return ErrorCode::Quota;
    }
    return ErrorCode::Internal;
}

std::string_view wordsOf(routing::Rest::Why why)
{
    switch (why) {
    case routing::Rest::Why::CircuitOpen:
        return "circuit open";
    case routing::Rest::Why::RateLimited:
        return "rate limited";
    case routing::Rest::Why::LimitUsedUp:
        return "limit used up";
    case routing::Rest::Why::KeyRejected:
        return "key rejected";
    case routing::Rest::Why::QuotaGone:
        return "quota gone";
    }
    return "resting";
}

/// What the next call may use of them.
state::Allowance allowanceOf(const wire::RateLimits &limits)
{
    state::Allowance allowance;
    for (const wire::RateLimitState *limit : {&limits.requests, &limits.outputTokens})
        if (limit->remaining == 0 && limit->reset)
            allowance.nothingFor = std::max(allowance.nothingFor.value_or(Duration::zero()), *limit->reset);
    for (const wire::RateLimitState *limit : {&limits.tokens, &limits.inputTokens}) {
        if (!limit->remaining || !limit->reset || (allowance.tokens && *allowance.tokens <= *limit->remaining))
            continue;
        allowance.tokens = limit->remaining;
        allowance.tokensFor = *limit->reset;
    }
    return allowance;
}

} // namespace

AttemptBook::AttemptBook(Exchange &x, const routing::Attempt &attempt)
    : m_x(x)
    , m_attempt(attempt)
    , m_target(x.config->targets[attempt.target->index])
    , m_provider(x.config->providers[attempt.target->provider])
    , m_model(filledModel(*attempt.target, x.star, m_filled))
    , m_plannedAt(x.now())
{
}

AttemptBook::~AttemptBook()
{
    if (!m_closed)
        cancel();
}

const pipeline::CompiledCredential &AttemptBook::credential() const
{
    return m_provider.credentials[m_attempt.credential->index];
}

AttemptRecord &AttemptBook::entry()
{
    return m_x.record.attempts[m_index];
}

void AttemptBook::begin()
{
    m_startedAt = m_x.now();
    m_index = m_x.record.attempts.size();
    AttemptRecord &record = m_x.record.attempts.emplace_back();
    record.provider = m_provider.name;
    record.credential = m_attempt.credential->name;
    record.model = m_model;
    record.startedUs = m_x.elapsedUs(m_startedAt);
    if (m_attempt.wait > Duration::zero())
        record.waitedUs = record.startedUs - m_x.elapsedUs(m_plannedAt);
    m_begun = true;
    m_x.target = m_attempt.target->index;
    ++m_x.attempts;
}

void AttemptBook::noteLimits(std::span<const HeaderView> headers)
{
    const wire::RateLimits limits = wire::readRateLimits(headers, m_x.worker.clock.wallNow());
    if (limits.known())
        m_x.worker.services.health.allow(m_attempt.subject(), m_model, allowanceOf(limits), m_x.now());
}

void AttemptBook::firstContent(SteadyTime at)
{
    entry().firstByteUs = m_x.elapsedUs(at);
}

void AttemptBook::use(const TokenUsage &usage)
{
    AttemptRecord &record = entry();
    record.usage = usage;
    // A wildcard's model is only known now.
    record.cost = cost(m_target.wildcard ? m_x.worker.prices.find(m_x.config, m_attempt.target->provider, m_model) : m_target.prices, usage);
}

void AttemptBook::succeed(int httpStatus)
{
    entry().ok = true;
    entry().httpStatus = static_cast<std::int16_t>(httpStatus);
    close(std::nullopt, std::nullopt);
    m_x.worker.stats.attemptEnded({.provider = m_provider.slot});
}

void AttemptBook::endTunnel(const std::optional<routing::Failure> &failure)
{
    entry().endedUs = m_x.elapsedUs(m_x.now());
    if (!failure)
        return;
    entry().ok = false;
    describe(*failure);
}

void AttemptBook::fail(const routing::Failure &failure)
{
    describe(failure);
    close(failure.code, failure.retryAfter);
    m_x.worker.stats.attemptEnded({.provider = m_provider.slot, .error = failure.code});
}

void AttemptBook::failBlameless(const routing::Failure &failure)
{
    describe(failure);
    close(ErrorCode::Cancelled, std::nullopt);
}

void AttemptBook::cancel()
{
    if (m_begun && !m_closed && !m_x.settled)
        entry().error = ErrorCode::Cancelled;
    close(ErrorCode::Cancelled, std::nullopt);
}

void AttemptBook::describe(const routing::Failure &failure)
{
    AttemptRecord &record = entry();
    record.error = failure.code;
    record.httpStatus = static_cast<std::int16_t>(failure.httpStatus);
    record.detail = truncatedUtf8(failure.message, longestDetail);
}

void AttemptBook::close(std::optional<ErrorCode> health, std::optional<Duration> retryAfter)
{
    if (m_closed)
        return;
    m_closed = true;
    const SteadyTime now = m_x.now();
    if (m_begun && !m_x.settled)
        entry().endedUs = m_x.elapsedUs(now);
    if (m_target.passthrough)
        return;
    const state::AttemptOutcome outcome {.error = health, .latency = m_begun ? now - m_startedAt : Duration::zero(), .retryAfter = retryAfter};
    m_x.worker.services.health.report(m_attempt.subject(), m_model, outcome, now);
}

void noteSkipped(Exchange &x, routing::AttemptSequence &sequence)
{
    for (const routing::Skipped &target : sequence.takeSkipped()) {
        const pipeline::CompiledProvider &provider = x.config->providers[target.target->provider];
        AttemptRecord &record = x.record.attempts.emplace_back();
        record.provider = provider.name;
        record.credential = target.credential->name;
        std::string room;
        record.model = filledModel(*target.target, x.star, room);
        record.startedUs = record.endedUs = x.elapsedUs(x.now());
        record.skipped = true;
        record.error = codeOf(target.rest.why);
        const auto left = std::chrono::duration_cast<std::chrono::seconds>(target.rest.until - x.now()).count();
        record.detail = left > 0 ? fmt::format("not asked: {}, for {} s more", wordsOf(target.rest.why), left) : fmt::format("not asked: {}", wordsOf(target.rest.why));
        x.worker.stats.targetSkipped(provider.slot);
    }
}

} // namespace gateway::stages
