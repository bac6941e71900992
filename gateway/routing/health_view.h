// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"

#include <cstdint>
#include <optional>

namespace gateway::routing {

struct Target;
struct CredentialRef;

/// Why something is not asked now.
struct Rest
{
    enum class Why : std::uint8_t { CircuitOpen, RateLimited, KeyRejected, QuotaGone };
    Why why = Why::CircuitOpen;
    SteadyTime until {};
};

/// What routing may know of health. Implemented by state::HealthRegistry; thread-safe; short locks only.
class HealthView
{
public:
    virtual ~HealthView() = default;
    /// Why this target must not be asked with this credential now, or nullopt.
    [[nodiscard]] virtual std::optional<Rest> resting(const Target &target, const CredentialRef &credential, SteadyTime now) const = 0;
    /// Claims the one probe of a half-open breaker: true for exactly one caller until the probe's outcome is reported.
    [[nodiscard]] virtual bool claimProbe(const Target &target, const CredentialRef &credential, SteadyTime now) = 0;
};

} // namespace gateway::routing
