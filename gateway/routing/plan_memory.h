// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/core/money.h"

#include <cstdint>
#include <memory>
#include <string_view>

namespace gateway::routing {

struct Limit;

/// What one call has taken of a limit node. Gives all back where it ends without having been settled.
class LimitClaim
{
public:
    virtual ~LimitClaim() = default;
    /// The true figures, once.
    virtual void settle(std::int64_t tokens, Money cost) = 0;
};

/// What one call asks of a limit node.
struct LimitAsk
{
    std::string_view who {};   ///< the key's, team's or customer's name; empty where the node counts all calls together
    std::int64_t tokens = 0;   ///< estimate: input and output
    Money cost {};             ///< estimate; zero where the price is not known
};

/// What plans remember from call to call, by the ids of their nodes: edits reset nothing. Implemented by
/// state::PlanBooks; thread-safe; short locks only.
class PlanMemory
{
public:
    virtual ~PlanMemory() = default;
    /// Whose turn it is at a round-robin node: 0, 1, 2 and on.
    [[nodiscard]] virtual std::uint64_t turn(std::uint64_t node) = 0;
    /// The same without taking it.
    [[nodiscard]] virtual std::uint64_t nextTurn(std::uint64_t node) const = 0;

    /// Takes room, all or nothing; Busy, with what is used up in words ("60 of 60 requests a minute"), where there is none.
    [[nodiscard]] virtual Result<std::unique_ptr<LimitClaim>> claim(const Limit &limit, const LimitAsk &ask) = 0;
};

} // namespace gateway::routing
