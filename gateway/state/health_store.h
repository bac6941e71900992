// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/error.h"
#include "gateway/routing/health_view.h"
#include "gateway/routing/plan.h"
#include "gateway/state/circuit.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::state {

/// How an attempt ended, as far as health is concerned.
struct AttemptOutcome
{
    std::optional<ErrorCode> error {};        ///< nullopt: a whole answer. Cancelled: the caller left, counts for nothing
    Duration latency {};                      ///< from the attempt's start to its end
    std::optional<Duration> retryAfter {};    ///< of a 429 or a gone quota
    bool began = false;                       ///< began() was told of it
    std::optional<Duration> firstToken {};    ///< of a stream: from its start to its first content
    std::int64_t outputTokens = 0;
    std::int64_t tokens = 0;                  ///< in and out
    std::int64_t claimedTokens = 0;           ///< as claimRoom() counted them
};

/// What a provider says, beside an answer, is left of its limits for one target.
struct Allowance
{
    std::optional<Duration> nothingFor {};    ///< no call may be made for so long
    std::optional<std::int64_t> tokens {};    ///< so many may be used within tokensFor; nullopt: not said
    Duration tokensFor {};
};

/// Health of one target as the window shows it.
struct TargetHealth
{
    enum class Circuit : std::uint8_t { Closed, Open, HalfOpen };
    std::string provider, credential, model;
    Circuit circuit = Circuit::Closed;
    std::optional<Duration> restsFor;         ///< left until it is asked again
    bool keyRejected = false;
    bool rateLimited = false;                 ///< it said so, or that its limit is used up
    bool quotaGone = false;
    double errorRate = 0;                     ///< decayed over half a minute, 0 to 1
    double callsPerSecond = 0;                ///< decayed over half a minute
    std::optional<Duration> p95;              ///< of the last one to two minutes
    Duration sinceUsed {};                    ///< since the last attempt's end
};

/// What is known of targets: breakers, rests and live figures, kept per provider, credential and model; a rejected key or a
/// gone quota per credential (faults.md, end). Lives outside the configuration's snapshot: an edit resets nothing, but a
/// credential whose secret changed is asked again.
///
/// Thread-safe. Every function is called on the path of calls and answers from memory at once: one that shares what it knows with
/// other processes tells them, and hears from them, aside from it.
class HealthStore : public routing::HealthView
{
public:
    /// An attempt goes out now: it is in flight until report() hears of its end.
    virtual void began(const routing::Subject &subject, std::string_view model, SteadyTime now) = 0;
    /// Every attempt's end, once, before AttemptSequence::next() is asked: also of probes and of attempts that were
    /// cancelled.
    /// @param model  the model's name as sent upstream, for the snapshot
    virtual void report(const routing::Subject &subject, std::string_view model, const AttemptOutcome &outcome, SteadyTime now) = 0;

    /// What is left of a target's limits, by its latest answer: a call that does not fit rests it before it fails. Looked
    /// at again after a minute, however far off the limit's own end is: many fill up bit by bit.
    virtual void allow(const routing::Subject &subject, std::string_view model, const Allowance &allowance, SteadyTime now) = 0;

    /// What a health probe found out about a target. A key that is rejected, or a rest for a rate limit, stays as it is.
    virtual void probed(const routing::Subject &subject, std::string_view model, ProbeFinding finding, SteadyTime now) = 0;
    /// The same of every target of a provider that was asked before, those of wildcards too.
    virtual void probedAll(std::string_view provider, const config::BreakerSettings &settings, ProbeFinding finding, SteadyTime now) = 0;

    /// Tells of a new configuration's credentials: rests of secrets that changed end, and what belongs to credentials
    /// that are gone is forgotten.
    virtual void configured(std::span<const routing::CredentialRef> credentials) = 0;

    /// All that is known, in no order. For the window and metrics: copies under one shard's lock after another.
    [[nodiscard]] virtual std::vector<TargetHealth> snapshot(SteadyTime now) const = 0;
};

} // namespace gateway::state
