// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/core/clock.h"
#include "gateway/core/header_view.h"
#include "gateway/pipeline/compiled_config.h"
#include "gateway/pipeline/quota_hold.h"
#include "gateway/routing/attempt_sequence.h"
#include "gateway/state/health_store.h"
#include "gateway/state/place_counts.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace gateway::pipeline {
struct Exchange;
}

namespace gateway::stages {

/// One attempt's entry in the call's record, in health and in the figures. Whatever becomes of the attempt, health hears
/// of it exactly once: a half-open breaker waits for the end of its probe.
class AttemptBook
{
public:
    AttemptBook(pipeline::Exchange &x, const routing::Attempt &attempt);
    ~AttemptBook(); ///< an attempt that nobody closed was cancelled
    AttemptBook(const AttemptBook &) = delete;
    AttemptBook &operator=(const AttemptBook &) = delete;

    /// Its place at the provider, given back when it ends.
    void hold(state::PlaceCounts::Place place) { m_place = std::move(place); }
    /// What it claimed of budgets and limits: settled when it fails, else with the call.
    void hold(pipeline::AttemptClaim claim) { m_claim = std::move(claim); }
    /// It goes out beside another one that has no content yet. Before it begins.
    void markAsHedge() { m_hedge = true; }
    /// The wait is over: the attempt goes out now.
    void begin();
    /// What the head of an answer says is left of the provider's limits: health hears of it at once.
    void noteLimits(std::span<const HeaderView> headers);
    /// The request is on its way: if nobody says more, its size is what was used.
    void sent();
    /// The first content came at this moment; of a whole answer: its head.
    void firstContent(SteadyTime at);
    /// What it says goes to the caller: the call's answer is this attempt's.
    void answers();
    /// What the provider counted, or an estimate; priced at once. Again: the last word counts.
    void use(const TokenUsage &usage);

    void succeed(int httpStatus);
    /// Of a tunnel, which is a success once it stands: it ends now, and well unless `failure` says otherwise. Health has heard.
    void endTunnel(const std::optional<routing::Failure> &failure);
    void fail(const routing::Failure &failure);
    /// The caller left: says nothing about the target.
    void cancel();
    /// Another attempt under way at the same time was faster: says nothing about the target, but what it was asked is paid for.
    void lose();
    /// Nothing was sent, or the fault is the call's own: says nothing about the target either, but the record tells why.
    void failBlameless(const routing::Failure &failure);

    [[nodiscard]] const pipeline::CompiledTarget &target() const { return m_target; }
    [[nodiscard]] const pipeline::CompiledProvider &provider() const { return m_provider; }
    [[nodiscard]] const pipeline::CompiledCredential &credential() const;
    [[nodiscard]] std::string_view model() const { return m_model; }
    [[nodiscard]] SteadyTime startedAt() const { return m_startedAt; }
    [[nodiscard]] const AttemptRecord &record() const; ///< once it has begun

private:
    [[nodiscard]] bool isHealthsBusiness() const;
    AttemptRecord &entry();
    void close(std::optional<ErrorCode> health, std::optional<Duration> retryAfter);
    void endClaim(bool answered, SteadyTime now);
    void describe(const routing::Failure &failure);
    [[nodiscard]] state::AttemptOutcome outcomeOf(std::optional<ErrorCode> health, std::optional<Duration> retryAfter, SteadyTime now);
    void count(std::optional<ErrorCode> error);

    pipeline::Exchange &m_x;
    const routing::Attempt m_attempt;
    const pipeline::CompiledTarget &m_target;
    const pipeline::CompiledProvider &m_provider;
    std::string m_filled;        ///< a wildcard's model with the star filled in
    std::string_view m_model;    ///< that, or the target's own
    SteadyTime m_plannedAt;
    SteadyTime m_startedAt {};
    std::optional<SteadyTime> m_firstContentAt;
    state::PlaceCounts::Place m_place;
    pipeline::AttemptClaim m_claim; ///< until it begins
    std::size_t m_index = 0;     ///< of the entry; meaningful once begun
    bool m_begun = false;
    bool m_sent = false;
    bool m_hedge = false;
    bool m_closed = false;
};

/// Notes what the plan decided so far, and the targets that were passed over without asking them since the last time.
void notePlanning(pipeline::Exchange &x, routing::AttemptSequence &sequence);

} // namespace gateway::stages
