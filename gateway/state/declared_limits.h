// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/routing/health_view.h"
#include "gateway/routing/plan.h"
#include "gateway/state/quota/sliding_window.h"

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace gateway::state {

/// Requests and tokens of the last minute, of credentials and targets that declare how many they may have (rpm, tpm).
/// Thread-safe; one mutex, taken only for those that declare something. Bounded by what is configured.
class DeclaredLimits
{
public:
    /// Whether there is room for a call now, or will be at `at`; nothing is counted.
    [[nodiscard]] std::optional<routing::Rest> resting(const routing::Subject &subject, std::int64_t tokens, SteadyTime at) const;
    /// Counts it against credential and target, both or none.
    [[nodiscard]] std::optional<routing::Rest> claim(const routing::Subject &subject, std::int64_t tokens, SteadyTime now);
    /// The true figure of a call that was counted at `then`.
    void correct(const routing::Subject &subject, std::int64_t difference, SteadyTime then, SteadyTime now);
    /// The share of what is declared that is used, the greatest; 0: nothing is declared.
    [[nodiscard]] double used(const routing::Subject &subject, SteadyTime now) const;

private:
    struct Counts
    {
        SlidingWindow requests {std::chrono::minutes {1}};
        SlidingWindow tokens {std::chrono::minutes {1}};
    };
    struct Account
    {
        std::uint64_t id = 0;
        const routing::RateLimits *limits = nullptr;
    };
    /// The credential's and the target's.
    [[nodiscard]] static std::array<Account, 2> accountsOf(const routing::Subject &subject);
    [[nodiscard]] std::optional<routing::Rest> full(const Account &account, std::int64_t tokens, SteadyTime at) const;

    mutable std::mutex m_mutex;
    std::unordered_map<std::uint64_t, Counts> m_counts;
};

} // namespace gateway::state
