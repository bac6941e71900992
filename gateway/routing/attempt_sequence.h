// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/routing/call_facts.h"
#include "gateway/routing/decision_log.h"
#include "gateway/routing/facts.h"
#include "gateway/routing/health_view.h"
#include "gateway/routing/plan.h"
#include "gateway/routing/plan_walk.h"
#include "gateway/routing/random.h"
#include "gateway/routing/surroundings.h"

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
    std::int64_t tokens = 0;                  ///< as counted against the limits that its target declares
    std::size_t position = 0;                 ///< of the target in the plan's order for this call, from 0: for LimitClaims
    int tries = 1;                            ///< of this target with this credential, with this one

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
///  - an answer that has begun: only targets that take a prefix.
///  - `x-should-retry: false` forbids the same target, `true` asks for it, within `retry.attempts`.
///  - a target that cannot do what the call needs (images, tools, its length by the estimate) is passed over, as are ones
///    in another region than the call asks for, and those whose declared rpm or tpm is used up.
///  - everything rests from the start: what rests least long is asked all the same; where nothing can do it by what is
///    known, the first, since it may be known wrongly. Never one in another region.
/// What the plan's nodes decide, plan_walk.h says.
class AttemptSequence
{
public:
    /// No call makes more attempts than this, whatever its plan and policies say.
    static constexpr int maxAttempts = 24;
    /// No call is kept waiting longer than this for a Retry-After: beyond it, the caller is told to come back.
    static constexpr Duration maxWait = std::chrono::seconds {10};

    /// @param around    what of it is not null outlives this
    /// @param call      the same
    /// @param seed      for splits, balance and jitter: equal seeds give equal decisions
    /// @param star      what the star of a wildcard route stands for, empty for other routes; held as a view
    /// @param deadline  of the whole call: no attempt is planned to start after it
    AttemptSequence(std::shared_ptr<const Plan> plan, const Surroundings &around, const CallFacts &call, std::uint64_t seed, std::string_view star = {},
                    SteadyTime deadline = SteadyTime::max());
    AttemptSequence(std::shared_ptr<const Plan>, const Surroundings &, CallFacts &&, std::uint64_t, std::string_view = {}, SteadyTime = {}) = delete; ///< it would not outlive this
    /// For a call that says nothing.
    AttemptSequence(std::shared_ptr<const Plan> plan, HealthView &health, std::uint64_t seed, std::string_view star = {}, SteadyTime deadline = SteadyTime::max());
    AttemptSequence(const AttemptSequence &) = delete;
    AttemptSequence &operator=(const AttemptSequence &) = delete;

    /// Report the last attempt's end to health first: what it says of the target counts here.
    /// @param failure  how the last attempt ended, or nullopt for the first call
    /// @return the next attempt, or the error that ends the call: the last failure (429 with the soonest
    ///         Retry-After if all were rate limits, faults.md F22), its message with the list of attempts
    [[nodiscard]] Result<Attempt> next(std::optional<Failure> failure, SteadyTime now);

    /// A second attempt beside the last one, which is still under way (`hedge`): at the next target that was not asked yet;
    /// nullopt: none is left.
    [[nodiscard]] std::optional<Attempt> beside(SteadyTime now);
    /// Of two attempts under way, one has failed while the other goes on.
    void failedBeside(const Attempt &attempt, const Failure &failure, SteadyTime now);
    /// The failure that next() is told is of this attempt, not of the last one that was planned.
    void isAbout(const Attempt &attempt);

    /// From now on an answer that has begun is to be gone on with: only targets that take a prefix are asked, and whatever
    /// failure comes, the next of them is tried.
    void goOnWithAnswer() { m_goingOn = true; }

    /// For a call that may wait (`queue`): next() gives no first attempt while no target can be asked and one is at its limits.
    void waitForRoom() { m_waits = true; }
    /// Whether that is why there was none; when it is worth asking again with a new sequence: a past moment where nobody knows.
    [[nodiscard]] std::optional<SteadyTime> fullUntil() const;

    /// Targets passed over since the last call of this, in order.
    [[nodiscard]] std::vector<Skipped> takeSkipped();

    /// For the 429 at the end: how long until one of the targets is worth asking again; nullopt: nothing is known.
    [[nodiscard]] std::optional<Duration> soonestRetryAfter() const { return m_soonestRetryAfter; }

    [[nodiscard]] int attempts() const { return m_attempts; }

    /// What the plan's nodes decided so far and why, for the call's record; empty for a plan that has nothing to decide.
    [[nodiscard]] std::string_view decisions() const { return m_log.text(); }

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
        std::size_t index = 0;                ///< into m_order
        const Target *target = nullptr;
        const CredentialRef *credential = nullptr;
        ErrorCode code = ErrorCode::Internal;
        int httpStatus = 0;
    };

    std::shared_ptr<const Plan> m_plan;
    Surroundings m_around;
    HealthView *m_health;
    Random m_random;
    std::string_view m_star;
    SteadyTime m_deadline;
    Facts m_facts;
    DecisionLog m_log;
    PlanWalk m_walk;
    std::array<const Target *, 64> m_order;   ///< what the walk gave so far, as far as m_orderSize says
    std::size_t m_orderSize = 0;
    std::size_t m_next = 0;                   ///< first of m_order not looked at yet
    std::size_t m_current = 0;                ///< where the last attempt went
    const CredentialRef *m_credential = nullptr;
    int m_tries = 0;                          ///< of the current target with the current credential, in this call
    int m_attempts = 0;
    std::int64_t m_windowAbove = -1;          ///< only targets with a larger window: a context error came
    bool m_waits = false;                     ///< a first attempt may wait for room
    bool m_goingOn = false;                   ///< only targets that take a prefix
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

    [[nodiscard]] bool reaches(std::size_t index, SteadyTime now);
    void note(const Failure &failure, SteadyTime now);
    [[nodiscard]] std::optional<Attempt> again(const Failure &failure, SteadyTime now);
    [[nodiscard]] std::optional<Attempt> onward(SteadyTime now);
    [[nodiscard]] std::optional<Attempt> ask(std::size_t index, SteadyTime now);
    [[nodiscard]] std::optional<Attempt> passedOver(SteadyTime now);
    [[nodiscard]] std::optional<Attempt> deferred(std::optional<std::size_t> only, SteadyTime now);
    [[nodiscard]] std::optional<Attempt> leastResting(SteadyTime now);
    [[nodiscard]] bool fits(const Target &target) const;
    [[nodiscard]] bool barred(std::size_t index, const CredentialRef &credential) const;
    [[nodiscard]] int triesOf(std::size_t index, const CredentialRef &credential) const;
    [[nodiscard]] bool comesBack() const;
    [[nodiscard]] Attempt attempt(std::size_t index, const CredentialRef &credential, Duration wait, bool probe);
    [[nodiscard]] Subject subject(const Target &target, const CredentialRef &credential) const;
    [[nodiscard]] Error finalError(const Failure *failure) const;
    [[nodiscard]] Error nobodyAsked() const;
    void noteRetryAfter(const Rest &rest, SteadyTime now);
    [[nodiscard]] Duration backoff(const RetryPolicy &policy, int tries);
    [[nodiscard]] bool counts(const Target &target, const CredentialRef &credential, SteadyTime now);
    [[nodiscard]] std::int64_t expectedTokens() const { return m_facts.call().inputTokens + m_facts.call().outputTokens; }
    void skip(const Target &target, const CredentialRef &credential, const Rest &rest);
};

} // namespace gateway::routing
