// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/routing/health_view.h"
#include "gateway/routing/plan.h"

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace gateway::routing {

/// How an attempt ended, as far as the next decision is concerned.
struct Failure
{
    ErrorCode code = ErrorCode::Internal;
    int httpStatus = 0;                       ///< 0: no status line came
    std::optional<Duration> retryAfter {};    ///< from Retry-After and its kin (wire.md 9)
    std::optional<bool> shouldRetry {};       ///< x-should-retry, where the provider said so
    std::string message {};
};

/// What to try next.
struct Attempt
{
    const Target *target = nullptr;           ///< lives as long as the Plan
    const CredentialRef *credential = nullptr;
    Duration wait {};                         ///< backoff before it; zero: at once
    bool probe = false;                       ///< the one call that a half-open breaker lets through
};

/// A target that was passed over without asking it, for the call's record.
struct Skipped
{
    const Target *target = nullptr;
    const CredentialRef *credential = nullptr;
    Rest rest;                                ///< why, and until when
};

/// Decides what to try next for one call: walks the plan tree, retries, balances credentials, skips what rests
/// (faults.md F01-F18, F22). Pure: no I/O, no clock of its own. One per Exchange, owned by its worker.
class AttemptSequence
{
public:
    /// @param seed  for splits, credential balance and jitter: equal seeds give equal decisions
    AttemptSequence(std::shared_ptr<const Plan> plan, HealthView &health, std::uint64_t seed);

    /// @param failure  how the last attempt ended, or nullopt for the first call
    /// @return the next attempt, or the error that ends the call: the last failure (429 with the soonest
    ///         Retry-After if all were rate limits, faults.md F22)
    [[nodiscard]] Result<Attempt> next(std::optional<Failure> failure, SteadyTime now);

    /// Targets passed over since the last call of next(), in order.
    [[nodiscard]] std::vector<Skipped> takeSkipped();

    /// For the 429 at the end: the soonest moment at which one of the targets is worth asking again.
    [[nodiscard]] std::optional<Duration> soonestRetryAfter() const;
};

} // namespace gateway::routing
