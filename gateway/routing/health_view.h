// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/stable_hash.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace gateway::routing {

struct Target;
struct CredentialRef;

/// A number that stays the same over edits and restarts, made of one or two texts (64-bit FNV-1a, a zero byte between).
/// For provider ids, credential names, models and secrets' fingerprints; never shown, never stored.
[[nodiscard]] constexpr std::uint64_t stableId(std::string_view first, std::string_view second = {})
{
    return StableHash().add(first).add({"", 1}).add(second).value();
}

/// What health is kept of: one model of a provider, asked with one of its credentials (faults.md, "Health is kept per target").
struct Subject
{
    const Target *target = nullptr;
    const CredentialRef *credential = nullptr;
    std::uint64_t model = 0; ///< stableId of the model asked for: of a wildcard target, with its star filled in
    std::int64_t tokens = 0; ///< of the prompt, estimated
};

/// Why something is not asked now.
struct Rest
{
    enum class Why : std::uint8_t {
        CircuitOpen,
        RateLimited,  ///< the provider said so
        LimitUsedUp,  ///< it said that nothing is left of its limit: only foreseen, so it is asked where nobody else is left
        KeyRejected,
        QuotaGone,
        LimitReached, ///< its own declared rpm or tpm
        BudgetUsedUp, ///< a budget has no room for what it costs there; `until` says nothing
        PlacesTaken,  ///< as many calls are under way at the provider as may be; `until` says nothing
        // What the target cannot do, that this call needs:
        NoVision,
        NoAudio,
        NoTools,
        NoJsonSchema,
        WindowTooSmall,
        OtherRegion
    };
    Why why = Why::CircuitOpen;
    SteadyTime until {}; ///< in the past for a circuit that is half-open: one call may go, whoever claims the probe. Of no meaning for what a target cannot do
};
/// "circuit open", "takes no images": follows "not asked: ".
[[nodiscard]] std::string_view toText(Rest::Why why);
/// What more calls than it may have have brought about: waiting helps.
[[nodiscard]] constexpr bool isAtLimits(Rest::Why why) { return why == Rest::Why::RateLimited || why == Rest::Why::LimitReached || why == Rest::Why::PlacesTaken; }
/// What lasts as long as the call: no waiting helps.
[[nodiscard]] constexpr bool isIncapable(Rest::Why why) { return why >= Rest::Why::NoVision; }

/// How a subject has been doing of late: what balance nodes go by.
struct Figures
{
    std::optional<double> firstToken;      ///< seconds to the first content of streams: a moving average that follows peaks at once, and fades while unused
    std::optional<double> tokensPerSecond; ///< after it
    std::optional<double> whole;           ///< seconds of answers that are not streamed, the same way
    int inFlight = 0;
    double errorRate = 0;                  ///< 0 to 1, of about the last half minute
    std::int64_t tokensLastMinute = 0;
    double used = 0;                       ///< share of the declared rpm or tpm that is used up, the greater one; 0: none is declared
};

/// What routing may know of health. Implemented below state::HealthStore; thread-safe; short locks only.
class HealthView
{
public:
    virtual ~HealthView() = default;
    /// Why this must not be asked now, or nullopt. A half-open circuit answers CircuitOpen with `until` <= now.
    [[nodiscard]] virtual std::optional<Rest> resting(const Subject &subject, SteadyTime now) const = 0;
    /// Claims the one probe of a half-open breaker: true for exactly one caller until the probe's outcome is reported.
    [[nodiscard]] virtual bool claimProbe(const Subject &subject, SteadyTime now) = 0;
    [[nodiscard]] virtual Figures figures(const Subject &, SteadyTime) const { return {}; }
    /// Counts a call of so many tokens against what its credential and target declare (rpm, tpm), all or nothing.
    /// @return LimitReached, with when there is room again; nullopt: it is counted, and may go
    [[nodiscard]] virtual std::optional<Rest> claimRoom(const Subject &, std::int64_t /*tokens*/, SteadyTime) { return std::nullopt; }
};

} // namespace gateway::routing
