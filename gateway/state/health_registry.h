// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/error.h"
#include "gateway/routing/health_view.h"
#include "gateway/routing/plan.h"

#include <cstddef>
#include <cstdint>
#include <memory>
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

/// What all workers know of targets: breakers, rests and live figures, kept per provider, credential and model; a
/// rejected key or a gone quota per credential (faults.md, end). Lives outside the configuration's snapshot: an edit
/// resets nothing, but a credential whose secret changed is asked again.
///
/// Thread-safe: short mutexes, one for each shard of credentials. Bounded: `capacity` targets, the longest unused one
/// makes room. Nothing here does I/O.
class HealthRegistry final : public routing::HealthView
{
public:
    static constexpr std::size_t defaultCapacity = 4096;

    explicit HealthRegistry(std::size_t capacity = defaultCapacity);
    ~HealthRegistry() override;
    HealthRegistry(const HealthRegistry &) = delete;
    HealthRegistry &operator=(const HealthRegistry &) = delete;

    [[nodiscard]] std::optional<routing::Rest> resting(const routing::Subject &subject, SteadyTime now) const override;
    [[nodiscard]] bool claimProbe(const routing::Subject &subject, SteadyTime now) override;

    /// Every attempt's end, once, before AttemptSequence::next() is asked: also of probes and of attempts that were
    /// cancelled.
    /// @param model  the model's name as sent upstream, for the snapshot
    void report(const routing::Subject &subject, std::string_view model, const AttemptOutcome &outcome, SteadyTime now);

    /// What is left of a target's limits, by its latest answer: a call that does not fit rests it before it fails. Looked
    /// at again after a minute, however far off the limit's own end is: many fill up bit by bit.
    void allow(const routing::Subject &subject, std::string_view model, const Allowance &allowance, SteadyTime now);

    /// Tells of a new configuration's credentials: rests of secrets that changed end, and what belongs to credentials
    /// that are gone is forgotten.
    void configured(std::span<const routing::CredentialRef> credentials);

    /// All that is known, in no order. For the window and metrics: copies under one shard's lock after another.
    [[nodiscard]] std::vector<TargetHealth> snapshot(SteadyTime now) const;

private:
    struct Shard;
    [[nodiscard]] Shard &shardOf(std::uint64_t credentialId) const;
    std::size_t m_shardCapacity;
    std::unique_ptr<Shard[]> m_shards;
};

} // namespace gateway::state
