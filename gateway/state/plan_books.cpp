// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/plan_books.h"

#include "gateway/routing/plan.h"

#include <fmt/format.h>
#include <utility>

namespace gateway::state {

namespace {

constexpr std::size_t mostTurns = 10'000;       // more nodes than any configuration has: those of former ones
constexpr std::uint32_t claimsBetweenSweeps = 4096;

/// Its reservation gives itself back where nobody settles it.
class Claim final : public routing::LimitClaim
{
public:
    explicit Claim(Reservation reservation) : m_reservation(std::move(reservation)) {}
    void settle(std::int64_t tokens, Money cost) override { m_reservation.settle(cost, tokens); }

private:
    Reservation m_reservation;
};

ScopeRules rulesOf(const routing::Limit &limit)
{
    ScopeRules rules {.kind = ScopeKind::Route};
    if (limit.rpm || limit.tpm || limit.tpd || limit.parallel)
        rules.limits.push_back({.account = limit.id, .rpm = limit.rpm, .tpm = limit.tpm, .tpd = limit.tpd, .parallel = limit.parallel});
    if (limit.amount)
        rules.budgets.push_back({.account = limit.id, .amount = *limit.amount, .per = limit.per, .calendar = limit.calendar});
    return rules;
}

std::string wordsOf(const QuotaRefusal &refusal)
{
    switch (refusal.what) {
    case QuotaRefusal::What::Requests: return fmt::format("{} of {} requests a minute are used", refusal.count, refusal.limit);
    case QuotaRefusal::What::Tokens: return fmt::format("{} of {} tokens a minute are used", refusal.count, refusal.limit);
    case QuotaRefusal::What::TokensPerDay: return fmt::format("{} of {} tokens a day are used", refusal.count, refusal.limit);
    case QuotaRefusal::What::Parallel: return fmt::format("{} of {} calls are under way", refusal.count, refusal.limit);
    case QuotaRefusal::What::Budget:
    case QuotaRefusal::What::UnknownPrice: return fmt::format("{} of {} USD are used", refusal.used.toDecimal(), refusal.amount.toDecimal());
    }
    return "it is used up";
}

} // namespace

std::uint64_t PlanBooks::turn(std::uint64_t node)
{
    const std::scoped_lock lock(m_mutex);
    if (m_turns.size() >= mostTurns && !m_turns.contains(node))
        m_turns.clear();
    return m_turns[node]++;
}

std::uint64_t PlanBooks::nextTurn(std::uint64_t node) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_turns.find(node);
    return found == m_turns.end() ? 0 : found->second;
}

Result<std::unique_ptr<routing::LimitClaim>> PlanBooks::claim(const routing::Limit &limit, const routing::LimitAsk &ask)
{
    const bool shared = limit.each == config::LimitEach::Route;
    if (!shared && m_claims.fetch_add(1, std::memory_order_relaxed) % claimsBetweenSweeps == 0)
        m_quotas.sweep();
    const ScopeRules rules = rulesOf(limit);
    const Scope scopes[] {{&rules, shared ? 0 : memberOf(ask.who), ask.who}};
    auto reservation = m_quotas.reserve({.scopes = scopes, .tokens = ask.tokens, .cost = ask.cost, .ceiling = ask.cost});
    if (!reservation)
        return fail(ErrorCode::Busy, wordsOf(reservation.error()));
    return std::make_unique<Claim>(std::move(*reservation));
}

} // namespace gateway::state
