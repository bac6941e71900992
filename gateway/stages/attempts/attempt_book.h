// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/core/clock.h"
#include "gateway/core/header_view.h"
#include "gateway/pipeline/compiled_config.h"
#include "gateway/routing/attempt_sequence.h"

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

    /// The wait is over: the attempt goes out now.
    void begin();
    /// What the head of an answer says is left of the provider's limits: health hears of it at once.
    void noteLimits(std::span<const HeaderView> headers);
    /// The first content came at this moment; of a whole answer: its head.
    void firstContent(SteadyTime at);
    /// What the provider counted, or an estimate; priced at once. Again: the last word counts.
    void use(const TokenUsage &usage);

    void succeed(int httpStatus);
    /// Of a tunnel, which is a success once it stands: it ends now, and well unless `failure` says otherwise. Health has heard.
    void endTunnel(const std::optional<routing::Failure> &failure);
    void fail(const routing::Failure &failure);
    /// The caller left: says nothing about the target.
    void cancel();
    /// Nothing was sent, or the fault is the call's own: says nothing about the target either, but the record tells why.
    void failBlameless(const routing::Failure &failure);

    [[nodiscard]] const pipeline::CompiledTarget &target() const { return m_target; }
    [[nodiscard]] const pipeline::CompiledProvider &provider() const { return m_provider; }
    [[nodiscard]] const pipeline::CompiledCredential &credential() const;
    [[nodiscard]] std::string_view model() const { return m_model; }
    [[nodiscard]] SteadyTime startedAt() const { return m_startedAt; }

private:
    AttemptRecord &entry();
    void close(std::optional<ErrorCode> health, std::optional<Duration> retryAfter);
    void describe(const routing::Failure &failure);

    pipeline::Exchange &m_x;
    const routing::Attempt m_attempt;
    const pipeline::CompiledTarget &m_target;
    const pipeline::CompiledProvider &m_provider;
    std::string m_filled;        ///< a wildcard's model with the star filled in
    std::string_view m_model;    ///< that, or the target's own
    SteadyTime m_plannedAt;
    SteadyTime m_startedAt {};
    std::size_t m_index = 0;     ///< of the entry; meaningful once begun
    bool m_begun = false;
    bool m_closed = false;
};

/// Notes targets that were passed over without asking them since the last time.
void noteSkipped(pipeline::Exchange &x, routing::AttemptSequence &sequence);

} // namespace gateway::stages
