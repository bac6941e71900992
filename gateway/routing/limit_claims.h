// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/routing/plan_memory.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace gateway::routing {

/// What one call holds of its plan's limit nodes, and which of its attempts each is about: those at the targets below the
/// node. Belongs to the exchange, so that it is settled with the call's books, before the last byte leaves. Allocates
/// nothing where no limit node was passed.
class LimitClaims
{
public:
    /// @param from  position of the first target below the node
    /// @return what end() is told
    std::size_t begin(std::unique_ptr<LimitClaim> claim, std::size_t from);
    /// All targets below the node have been given; `to` is one behind the last.
    void end(std::size_t claim, std::size_t to) { m_held[claim].to = to; }

    /// The attempt at record.attempts[index] goes to the target at that position.
    void attempted(std::size_t index, std::size_t position);
    /// Settles each with the figures of its attempts; those without any are given back.
    void settle(std::span<const AttemptRecord> attempts);
    [[nodiscard]] bool empty() const { return m_held.empty(); }

private:
    struct Held
    {
        std::unique_ptr<LimitClaim> claim;
        std::size_t from = 0;
        std::size_t to = SIZE_MAX;
    };
    struct Attempted { std::size_t index = 0, position = 0; };

    std::vector<Held> m_held;
    std::vector<Attempted> m_attempted; ///< only where something is held
};

} // namespace gateway::routing
