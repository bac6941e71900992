// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/routing/plan_memory.h"
#include "gateway/state/quota/local_quotas.h"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <unordered_map>

namespace gateway::state {

/// What plans remember from call to call: turns of round-robin nodes, and what limit nodes have let through. Lives outside
/// the configuration's snapshot: an edit resets nothing that stays where it is. Thread-safe. In memory alone: a start begins
/// anew. Bounded: names beyond LocalQuotas::mostMembers at once share one count.
class PlanBooks final : public routing::PlanMemory
{
public:
    /// @param clock  must outlive it
    explicit PlanBooks(const Clock &clock) : m_quotas(clock) {}

    [[nodiscard]] std::uint64_t turn(std::uint64_t node) override;
    [[nodiscard]] std::uint64_t nextTurn(std::uint64_t node) const override;
    [[nodiscard]] Result<std::unique_ptr<routing::LimitClaim>> claim(const routing::Limit &limit, const routing::LimitAsk &ask) override;

private:
    LocalQuotas m_quotas;
    mutable std::mutex m_mutex;
    std::unordered_map<std::uint64_t, std::uint64_t> m_turns;
    std::atomic<std::uint32_t> m_claims {0};
};

} // namespace gateway::state
