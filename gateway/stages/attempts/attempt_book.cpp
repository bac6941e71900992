// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/attempt_book.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/routing/plan_nodes.h"
#include "gateway/wire/rate_limits.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace gateway::stages {

using pipeline::Exchange;

namespace {

constexpr std::size_t longestDetail = 300; // AttemptRecord::detail

ErrorCode codeOf(routing::Rest::Why why)
{
    switch (why) {
    case routing::Rest::Why::CircuitOpen:
        return ErrorCode::ServerError;
    case routing::Rest::Why::RateLimited:
    case routing::Rest::Why::LimitUsedUp:
    case routing::Rest::Why::LimitReached:
        return ErrorCode::RateLimited;
    case routing::Rest::Why::BudgetUsedUp:
        return ErrorCode::BudgetExceeded;
    case routing::Rest::Why::PlacesTaken:
        return ErrorCode::Busy;
    case routing::Rest::Why::KeyRejected:
        return ErrorCode::UpstreamAuth;
    case routing::Rest::Why::QuotaGone:
        return ErrorCode::Quota;
    case routing::Rest::Why::WindowTooSmall:
        return ErrorCode::ContextWindow;
    case routing::Rest::Why::NoVision:
    case routing::Rest::Why::NoAudio:
    case routing::Rest::Why::NoTools:
    case routing::Rest::Why::NoJsonSchema:
    case routing::Rest::Why::OtherRegion:
        return ErrorCode::NotSupported;
    }
    return ErrorCode::Internal;
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
    , m_model(routing::modelOf(*attempt.target, x.star, m_filled))
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

/// Whether how it goes says anything of what calls can expect of the target.
bool AttemptBook::isHealthsBusiness() const
{
    return !m_target.passthrough && m_x.purpose == Exchange::Purpose::Call;
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
    record.hedge = m_hedge;
    record.startedUs = m_x.elapsedUs(m_startedAt);
    if (m_attempt.wait > Duration::zero())
        record.waitedUs = record.startedUs - m_x.elapsedUs(m_plannedAt);
    m_begun = true;
    m_x.target = m_attempt.target->index;
    ++m_x.attempts;
    m_x.limitClaims.attempted(m_index, m_attempt.position);
    if (m_x.quota)
        m_x.quota->began(m_index, std::move(m_claim));
    if (isHealthsBusiness())
        m_x.worker.services.health.began(m_attempt.subject(), m_model, m_startedAt);
}

void AttemptBook::noteLimits(std::span<const HeaderView> headers)
{
    const wire::RateLimits limits = wire::readRateLimits(headers, m_x.worker.clock.wallNow());
    if (limits.known())
        m_x.worker.services.health.allow(m_attempt.subject(), m_model, allowanceOf(limits), m_x.now());
}

const AttemptRecord &AttemptBook::record() const
{
    return m_x.record.attempts[m_index];
}

void AttemptBook::sent()
{
    m_sent = true;
}

void AttemptBook::firstContent(SteadyTime at)
{
    entry().firstByteUs = m_x.elapsedUs(at);
    m_firstContentAt = at;
}

void AttemptBook::answers()
{
    m_x.answering = m_index;
    m_x.target = m_attempt.target->index;
    if (m_x.record.firstByteUs < 0) // else this is the rest of an answer
        m_x.record.firstByteUs = entry().firstByteUs;
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
    count({});
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
    // Time that the caller did not give is no fault of the target.
    const bool outOfTime = failure.code == ErrorCode::TotalTimeout && m_x.now() >= m_x.deadline;
    close(outOfTime ? ErrorCode::Cancelled : failure.code, failure.retryAfter);
    count(failure.code);
}

void AttemptBook::count(std::optional<ErrorCode> error)
{
    if (m_x.purpose == Exchange::Purpose::Call)
        m_x.worker.stats.attemptEnded({.provider = m_provider.slot, .error = error});
}

void AttemptBook::lose()
{
    if (m_sent && entry().usage.total() == 0)
        use({.input = m_x.promptTokens, .estimated = true});
    describe({.code = ErrorCode::Cancelled, .message = "another target's answer came first"});
    close(ErrorCode::Cancelled, std::nullopt);
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
    m_place = {};
    if (m_x.quota)
        endClaim(!health, now);
    if (isHealthsBusiness())
        m_x.worker.services.health.report(m_attempt.subject(), m_model, outcomeOf(health, retryAfter, now), now);
    m_x.worker.services.queue.roomMade();
}

/// @param answered  then it is settled with the call
void AttemptBook::endClaim(bool answered, SteadyTime now)
{
    m_claim = {};
    if (!answered && m_begun && !m_x.settled)
        m_x.quota->failed(m_index, m_x.record, now);
}

state::AttemptOutcome AttemptBook::outcomeOf(std::optional<ErrorCode> health, std::optional<Duration> retryAfter, SteadyTime now)
{
    state::AttemptOutcome outcome {.error = health, .latency = m_begun ? now - m_startedAt : Duration::zero(), .retryAfter = retryAfter, .claimedTokens = m_attempt.tokens};
    outcome.began = m_begun;
    if (!m_begun || m_x.settled) // the record has gone
        return outcome;
    const AttemptRecord &record = entry();
    outcome.outputTokens = record.usage.output;
    outcome.tokens = record.usage.input + record.usage.output;
    if (m_x.record.stream && m_firstContentAt)
        outcome.firstToken = *m_firstContentAt - m_startedAt;
    return outcome;
}

void notePlanning(Exchange &x, routing::AttemptSequence &sequence)
{
    if (const std::string_view decisions = sequence.decisions(); !decisions.empty() && x.decided + decisions.size() != x.record.decisions.size()) {
        x.record.decisions.resize(x.decided);
        x.record.decisions.append(x.decided > 0 ? "; " : "").append(toValidUtf8(decisions)); // it may have been cut within a character
    }
    for (const routing::Skipped &target : sequence.takeSkipped()) {
        const pipeline::CompiledProvider &provider = x.config->providers[target.target->provider];
        AttemptRecord &record = x.record.attempts.emplace_back();
        record.provider = provider.name;
        if (!routing::isIncapable(target.rest.why)) // of the target, whichever key it is asked with
            record.credential = target.credential->name;
        std::string room;
        record.model = routing::modelOf(*target.target, x.star, room);
        record.startedUs = record.endedUs = x.elapsedUs(x.now());
        record.skipped = true;
        record.error = codeOf(target.rest.why);
        const auto left = std::chrono::duration_cast<std::chrono::seconds>(target.rest.until - x.now()).count();
        record.detail = left > 0 ? fmt::format("not asked: {}, for {} s more", toText(target.rest.why), left) : fmt::format("not asked: {}", toText(target.rest.why));
        x.worker.stats.targetSkipped(provider.slot);
    }
}

} // namespace gateway::stages
