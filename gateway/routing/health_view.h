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
        RateLimited,
        LimitUsedUp, ///< it said that nothing is left of its limit: only foreseen, so it is asked where nobody else is left
        KeyRejected,
        QuotaGone
    };
    Why why = Why::CircuitOpen;
    SteadyTime until {}; ///< in the past for a circuit that is half-open: one call may go, whoever claims the probe
};

/// What routing may know of health. Implemented by state::HealthRegistry; thread-safe; short locks only.
class HealthView
{
public:
    virtual ~HealthView() = default;
    /// Why this must not be asked now, or nullopt. A half-open circuit answers CircuitOpen with `until` <= now.
    [[nodiscard]] virtual std::optional<Rest> resting(const Subject &subject, SteadyTime now) const = 0;
    /// Claims the one probe of a half-open breaker: true for exactly one caller until the probe's outcome is reported.
    [[nodiscard]] virtual bool claimProbe(const Subject &subject, SteadyTime now) = 0;
};

} // namespace gateway::routing
