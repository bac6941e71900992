// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/limit_claims.h"

#include <utility>

namespace gateway::routing {

std::size_t LimitClaims::begin(std::unique_ptr<LimitClaim> claim, std::size_t from)
{
    m_held.push_back({.claim = std::move(claim), .from = from});
    return m_held.size() - 1;
}

void LimitClaims::attempted(std::size_t index, std::size_t position)
{
    if (!m_held.empty())
        m_attempted.push_back({index, position});
}

void LimitClaims::settle(std::span<const AttemptRecord> attempts)
{
    for (const Held &held : m_held) {
        std::int64_t tokens = 0;
        Money cost;
        bool used = false;
        for (const Attempted &attempted : m_attempted) {
            if (attempted.position < held.from || attempted.position >= held.to || attempted.index >= attempts.size())
                continue;
            const AttemptRecord &attempt = attempts[attempted.index];
            used = true;
            tokens += attempt.usage.input + attempt.usage.output;
            cost += attempt.cost.value_or(Money());
        }
        if (used)
            held.claim->settle(tokens, cost);
    }
    m_held.clear();
    m_attempted.clear();
}

} // namespace gateway::routing
