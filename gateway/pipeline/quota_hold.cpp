// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/quota_hold.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace gateway::pipeline {

namespace {

using state::QuotaRefusal;

void addNumber(PooledText &lines, std::int64_t value)
{
    std::array<char, 20> digits {};
    lines.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

/// As OpenAI writes it, and its SDKs and proxies read it: "12s", "6m0s", "1h0m12s".
void addDuration(PooledText &lines, Duration duration)
{
    constexpr std::int64_t minute = 60, hour = 3600;
    const std::int64_t seconds = std::chrono::ceil<std::chrono::seconds>(duration).count();
    if (seconds >= hour) {
        addNumber(lines, seconds / hour);
        lines.append("h");
    }
    if (seconds >= minute) {
        addNumber(lines, seconds % hour / minute);
        lines.append("m");
    }
    addNumber(lines, seconds % minute);
    lines.append("s");
}

void addFigure(PooledText &lines, std::string_view unit, const state::QuotaRoom::Figure &figure)
{
    if (figure.limit < 0)
        return;
    addNumber(lines.append("x-ratelimit-limit-").append(unit).append(": "), figure.limit);
    addNumber(lines.append("\r\nx-ratelimit-remaining-").append(unit).append(": "), figure.remaining);
    addDuration(lines.append("\r\nx-ratelimit-reset-").append(unit).append(": "), figure.reset);
    lines.append("\r\n");
}

ScopeKind kindOf(routing::BudgetScope scope)
{
    switch (scope) {
    case routing::BudgetScope::Organisation: return ScopeKind::Organisation;
    case routing::BudgetScope::Team: return ScopeKind::Team;
    case routing::BudgetScope::Key: return ScopeKind::Key;
    case routing::BudgetScope::Customer: return ScopeKind::Customer;
    }
    return ScopeKind::Organisation;
}

Money costOf(const AttemptRecord &attempt)
{
    return attempt.cost.value_or(Money());
}

} // namespace

state::QuotaAsk QuotaHold::ask(std::span<const state::Scope> of, const CostEstimate &costs, SteadyTime now) const
{
    const auto passed = std::chrono::duration_cast<WallTime::duration>(now - m_begun.steady);
    return {.scopes = of, .endpoint = m_endpoint, .tokens = m_estimate.tokens(), .cost = costs.cost, .ceiling = costs.ceiling, .priceKnown = costs.priceKnown, .rerouted = m_rerouted,
            .now = state::Moment {.wall = m_begun.wall + passed, .steady = now}};
}

void QuotaHold::setEstimate(const CallEstimate &estimate)
{
    m_estimate = estimate;
    m_costs.clear();
}

const CostEstimate *QuotaHold::knownCost(std::uint32_t target) const
{
    const auto found = std::ranges::find(m_costs, target, &Known::target);
    return found == m_costs.end() ? nullptr : &found->costs;
}

std::optional<QuotaRefusal> QuotaHold::reserve(const CostEstimate &costs, bool rerouted)
{
    m_held = costs;
    m_rerouted = rerouted;
    auto reserved = m_quotas.reserve(ask(scopes, costs, m_begun.steady));
    if (!reserved)
        return std::move(reserved.error());
    m_reservation = std::move(*reserved);
    return std::nullopt;
}

/// What the call comes to with one more attempt: what ended ones cost, what those under way may, and that.
CostEstimate QuotaHold::together(const CostEstimate &costs, const CallRecord &record) const
{
    CostEstimate sum = costs;
    for (const Attempt &attempt : m_attempts) {
        const Money spent = attempt.isOpen ? Money() : costOf(record.attempts[attempt.index]);
        sum.cost += attempt.isOpen ? attempt.claim.costs.cost : spent;
        sum.ceiling += attempt.isOpen ? attempt.claim.costs.ceiling : spent;
    }
    return sum;
}

bool QuotaHold::isCovered(const CostEstimate &costs) const
{
    return costs.cost <= m_held.cost && costs.ceiling <= m_held.ceiling && (costs.priceKnown || !m_held.priceKnown);
}

std::optional<QuotaRefusal> QuotaHold::refusal(const state::ScopeRules &provider, const CostEstimate &costs, const CallRecord &record, SteadyTime now)
{
    std::optional<QuotaRefusal> refused;
    if (!provider.empty()) {
        const state::Scope scope(&provider);
        refused = m_quotas.refusal(ask({&scope, 1}, costs, now), nullptr);
    }
    const CostEstimate all = together(costs, record);
    if (!refused && !isCovered(all))
        refused = m_quotas.refusal(ask(scopes, all, now), &m_reservation);
    return refused;
}

std::expected<AttemptClaim, QuotaRefusal> QuotaHold::claim(const state::ScopeRules &provider, const CostEstimate &costs, const CallRecord &record, SteadyTime now)
{
    AttemptClaim claimed {.costs = costs};
    if (!provider.empty()) {
        const state::Scope scope(&provider);
        auto reserved = m_quotas.reserve(ask({&scope, 1}, costs, now));
        if (!reserved)
            return std::unexpected(std::move(reserved.error()));
        claimed.provider = std::move(*reserved);
    }
    const CostEstimate all = together(costs, record);
    if (!isCovered(all)) {
        if (auto refused = m_quotas.raise(m_reservation, ask(scopes, all, now)))
            return std::unexpected(std::move(*refused));
        m_held = {.cost = std::max(m_held.cost, all.cost), .ceiling = std::max(m_held.ceiling, all.ceiling), .priceKnown = m_held.priceKnown && all.priceKnown};
    }
    return claimed;
}

void QuotaHold::failed(std::size_t index, CallRecord &record, SteadyTime now)
{
    const auto attempt = std::ranges::find(m_attempts, index, &Attempt::index);
    if (attempt == m_attempts.end())
        return;
    const AttemptRecord &entry = record.attempts[index];
    attempt->isOpen = false;
    attempt->claim.provider.settle(costOf(entry), entry.usage.total(), &record.charges, now);
}

void QuotaHold::settle(CallRecord &record, SteadyTime now)
{
    if (m_attempts.empty() && record.status == CallStatus::Refused) {
        m_reservation.giveBack();
        return;
    }
    std::size_t charges = record.charges.size() + m_reservation.budgets();
    for (const Attempt &attempt : m_attempts)
        charges += attempt.claim.provider.budgets();
    record.charges.reserve(charges);
    Money cost;
    std::int64_t tokens = 0;
    for (const AttemptRecord &attempt : record.attempts) {
        cost += costOf(attempt);
        tokens += attempt.usage.total();
    }
    m_reservation.settle(cost, tokens, &record.charges, now);
    for (const Attempt &attempt : m_attempts)
        failed(attempt.index, record, now);
}

void QuotaHold::addHeaders(PooledText &lines) const
{
    const state::QuotaRoom room = m_reservation.isHeld() ? m_reservation.room() : m_quotas.room(scopes, m_endpoint);
    addFigure(lines, "requests", room.requests);
    addFigure(lines, "tokens", room.tokens);
    if (!m_reservation.warning())
        return;
    lines.append("x-signalbox-warning: ");
    for (const char byte : state::toText(*m_reservation.warning())) // names are people's: UTF-8, but nothing that ends a line
        lines.push_back(static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f ? '?' : byte);
    lines.append("\r\n");
}

double QuotaHold::used(routing::BudgetScope scope) const
{
    const auto found = std::ranges::find(scopes, kindOf(scope), [](const state::Scope &one) { return one.rules->kind; });
    return found == scopes.end() ? 0 : m_quotas.used(*found, &m_reservation);
}

} // namespace gateway::pipeline
