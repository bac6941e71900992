// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/routing/health_view.h"
#include "gateway/routing/plan.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::routing {

/// How an attempt ended, as far as the next decision is concerned.
struct Failure
{
    ErrorCode code = ErrorCode::Internal;
    int httpStatus = 0;                       ///< 0: no status line came
    std::optional<Duration> retryAfter {};    ///< from Retry-After and its kin (wire.md 9)
    std::optional<bool> shouldRetry {};       ///< x-should-retry, where the provider said so
    std::string message {};                   ///< for a person, no secret; becomes the caller's where this failure ends the call
};

/// What to try next.
struct Attempt
{
    const Target *target = nullptr;           ///< lives as long as the Plan
    const CredentialRef *credential = nullptr;
    Duration wait {};                         ///< backoff before it; zero: at once
    bool probe = false;                       ///< the one call that a half-open breaker lets through: its end must be reported
    std::uint64_t model = 0;                  ///< for the report to health, see Subject

    [[nodiscard]] Subject subject() const { return {target, credential, model}; }
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
///
/// The rules, in their order:
///  - 500s, 409, malformed answers and whatever else the target's retry policy names: the same target again after a
///    full-jitter backoff (or the provider's Retry-After), up to `retry.attempts` tries.
///  - 429: the provider's next credential, then the next target, at once.
///  - refused connections, DNS, time limits: the next target at once.
///  - a limit that is used up by the provider's own count: the next credential, then the next target, before it fails.
///  - rejected key, quota gone: the next credential, then the next target; that credential never again in this call.
///  - context window: only targets with a larger known window.
///  - what `fallback_on` does not name (a 400): the call ends there.
///  - nothing else left: the target that limited or did not answer, once its Retry-After or backoff has passed, if that
///    is within maxWait and before the deadline, and it has tries left.
///  - `x-should-retry: false` forbids the same target, `true` asks for it, within `retry.attempts`.
///  - everything rests from the start: what rests least long is asked all the same.
class AttemptSequence
{
public:
    /// No call makes more attempts than this, whatever its plan and policies say.
    static constexpr int maxAttempts = 24;
    /// No call is kept waiting longer than this for a Retry-After: beyond it, the caller is told to come back.
    static constexpr Duration maxWait = std::chrono::seconds {10};

    /// @param seed      for splits, credential balance and jitter: equal seeds give equal decisions
    /// @param star      what the star of a wildcard route stands for, empty for other routes; held as a view
    /// @param deadline  of the whole call: no attempt is planned to start after it
    /// @param tokens    of its prompt, estimated
    AttemptSequence(std::shared_ptr<const Plan> plan, HealthView &health, std::uint64_t seed, std::string_view star = {},
                    SteadyTime deadline = SteadyTime::max(), std::int64_t tokens = 0);

    /// Report the last attempt's end to health first: what it says of the target counts here.
    /// @param failure  how the last attempt ended, or nullopt for the first call
    /// @return the next attempt, or the error that ends the call: the last failure (429 with the soonest
    ///         Retry-After if all were rate limits, faults.md F22), its message with the list of attempts
    [[nodiscard]] Result<Attempt> next(std::optional<Failure> failure, SteadyTime now);

    /// Targets passed over since the last call of this, in order.
    [[nodiscard]] std::vector<Skipped> takeSkipped();

    /// For the 429 at the end: how long until one of the targets is worth asking again; nullopt: nothing is known.
    [[nodiscard]] std::optional<Duration> soonestRetryAfter() const { return m_soonestRetryAfter; }

    [[nodiscard]] int attempts() const { return m_attempts; }

private:
    /// A target, or a credential for all targets, that is not asked now, or never again in this call.
    struct Barred
    {
        std::size_t index = 0;                ///< into m_order; everyTarget: the credential itself is at fault
        const CredentialRef *credential = nullptr;
        int tries = 0;
        std::optional<SteadyTime> retryAt {}; ///< nullopt: never again
        bool byRateLimit = false;
    };
    static constexpr std::size_t everyTarget = SIZE_MAX;

    /// For the message of the final error.
    struct Tried
    {
        const Target *target = nullptr;
        const CredentialRef *credential = nullptr;
        ErrorCode code = ErrorCode::Internal;
        int httpStatus = 0;
    };

    std::shared_ptr<const Plan> m_plan;
    HealthView *m_health;
    std::uint64_t m_random;
    std::string_view m_star;
    SteadyTime m_deadline;
    std::int64_t m_tokens;
    std::array<const Target *, 64> m_order;   ///< the tree, flattened by the split's choices, as far as m_orderSize says
    std::size_t m_orderSize = 0;
    std::size_t m_next = 0;                   ///< first of m_order not looked at yet
    std::size_t m_current = 0;                ///< where the last attempt went
    const CredentialRef *m_credential = nullptr;
    int m_tries = 0;                          ///< in a row, of the current target with the current credential
    int m_attempts = 0;
    std::int64_t m_windowAbove = -1;          ///< only targets with a larger window: a context error came
    std::vector<Barred> m_barred;             ///< allocated with the first failure that needs it
    /// A target that was passed over because its limit is used up: only foreseen.
    struct PassedOver
    {
        std::size_t index = 0;                ///< into m_order
        const CredentialRef *credential = nullptr;
    };
    std::vector<PassedOver> m_passedOver;
    std::vector<Tried> m_tried;
    std::vector<Skipped> m_skipped;
    std::size_t m_skippedTaken = 0;
    std::optional<Duration> m_soonestRetryAfter;

    void flatten(const Node &node, int depth);
    void note(const Failure &failure, SteadyTime now);
    [[nodiscard]] std::optional<Attempt> again(const Failure &failure, SteadyTime now);
    [[nodiscard]] std::optional<Attempt> onward(SteadyTime now);
    [[nodiscard]] std::optional<Attempt> ask(std::size_t index, SteadyTime now);
    [[nodiscard]] std::optional<Attempt> passedOver();
    [[nodiscard]] std::optional<Attempt> deferred(std::optional<std::size_t> only, SteadyTime now);
    [[nodiscard]] std::optional<Attempt> leastResting(SteadyTime now);
    [[nodiscard]] bool barred(std::size_t index, const CredentialRef &credential) const;
    [[nodiscard]] bool comesBack() const;
    [[nodiscard]] Attempt attempt(std::size_t index, const CredentialRef &credential, Duration wait, bool probe);
    [[nodiscard]] Subject subject(const Target &target, const CredentialRef &credential) const;
    [[nodiscard]] Error finalError(const Failure *failure) const;
    [[nodiscard]] Duration backoff(const RetryPolicy &policy, int tries);
    [[nodiscard]] std::uint64_t random();
};

} // namespace gateway::routing
