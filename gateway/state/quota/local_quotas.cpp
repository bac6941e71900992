// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/quota/local_quotas.h"

#include <algorithm>

namespace gateway::state {

namespace {

Money claimOf(const BudgetRule &rule, const QuotaAsk &ask)
{
    return rule.exact ? std::max(ask.ceiling, ask.cost) : ask.cost;
}

bool appliesTo(const LimitRule &rule, Endpoint endpoint)
{
    return !rule.endpoint || *rule.endpoint == endpoint;
}

bool ruleFree(std::span<const ScopeRules *const> scopes)
{
    return std::ranges::all_of(scopes, [](const ScopeRules *scope) { return scope->empty(); });
}

/// The scarcest so far: the one with the smallest share left.
void take(QuotaRoom::Figure &figure, std::int64_t limit, std::int64_t used, Duration reset)
{
    const std::int64_t remaining = std::max<std::int64_t>(limit - used, 0);
    if (figure.limit < 0 || remaining * figure.limit < figure.remaining * limit)
        figure = {.limit = limit, .remaining = remaining, .reset = reset};
}

} // namespace

BudgetAccount &LocalQuotas::budget(const BudgetRule &rule, WallTime now)
{
    auto &account = m_budgets[rule.account];
    if (!account)
        account = std::make_unique<BudgetAccount>();
    account->advance(rule, now);
    return *account;
}

LimitAccount &LocalQuotas::limit(const LimitRule &rule)
{
    auto &account = m_limits[rule.account];
    if (!account)
        account = std::make_unique<LimitAccount>();
    return *account;
}

std::optional<QuotaRefusal> LocalQuotas::budgetRefusal(const QuotaAsk &ask, const ScopeRules &scope, const BudgetRule &rule, const Now &now)
{
    using What = QuotaRefusal::What;
    const BudgetAccount &account = budget(rule, now.wall);
    const Money amount = rule.amountAt(now.wall);
    const bool unknown = rule.blockUnknownPrice && !ask.priceKnown;
    if (!unknown && account.hasRoom(amount, claimOf(rule, ask)))
        return std::nullopt;
    QuotaRefusal refusal {.what = unknown ? What::UnknownPrice : What::Budget, .kind = scope.kind, .scope = scope.name, .amount = amount, .used = account.spent() + account.reserved()};
    if (rule.per != Period::Total) {
        refusal.resets = account.window().to;
        refusal.resetsText = rule.calendar->toText(account.window().to);
    }
    if (!unknown && rule.onBreach == OnBreach::Route)
        refusal.route = rule.route;
    return refusal;
}

std::optional<QuotaRefusal> LocalQuotas::limitRefusal(const QuotaAsk &ask, const ScopeRules &scope, const LimitRule &rule, const Now &now)
{
    using What = QuotaRefusal::What;
    LimitAccount &account = limit(rule);
    QuotaRefusal refusal {.kind = scope.kind, .scope = scope.name};
    const auto full = [&](What what, const std::optional<std::int64_t> &most, SlidingWindow &(LimitAccount::*window)(), std::int64_t more) {
        if (!most)
            return false;
        SlidingWindow &counts = (account.*window)();
        const std::int64_t count = counts.sum(now.steady);
        if (count + more <= *most)
            return false;
        refusal.what = what;
        refusal.limit = *most;
        refusal.count = count;
        refusal.retryAfter = counts.wait(more, *most, now.steady);
        return true;
    };
    if (full(What::Requests, rule.rpm, &LimitAccount::requests, 1) || full(What::Tokens, rule.tpm, &LimitAccount::tokens, ask.tokens)
        || full(What::TokensPerDay, rule.tpd, &LimitAccount::tokensOfDay, ask.tokens))
        return refusal;
    if (rule.parallel && account.inFlight() >= *rule.parallel) {
        refusal.what = What::Parallel;
        refusal.limit = *rule.parallel;
        refusal.count = account.inFlight();
        refusal.retryAfter = std::chrono::seconds {1}; // nobody knows when a call will end
        return refusal;
    }
    return std::nullopt;
}

std::optional<QuotaRefusal> LocalQuotas::refusal(const QuotaAsk &ask, const ScopeRules &scope, const Now &now, std::string &warning)
{
    for (const LimitRule &rule : scope.limits) {
        if (!appliesTo(rule, ask.endpoint))
            continue;
        if (auto refused = limitRefusal(ask, scope, rule, now))
            return refused;
    }
    for (const BudgetRule &rule : scope.budgets) {
        auto refused = budgetRefusal(ask, scope, rule, now);
        if (!refused)
            continue;
        if (rule.onBreach != OnBreach::Warn || refused->what == QuotaRefusal::What::UnknownPrice)
            return refused;
        if (warning.empty())
            warning = scope.name.empty() ? std::string(toText(scope.kind)) : scope.name;
    }
    return std::nullopt;
}

std::expected<Reservation, QuotaRefusal> LocalQuotas::reserve(const QuotaAsk &ask)
{
    Reservation reservation;
    if (ruleFree(ask.scopes))
        return reservation;
    const Now at = now();
    const std::scoped_lock lock(m_mutex);
    for (const ScopeRules *scope : ask.scopes) {
        if (auto refused = refusal(ask, *scope, at, reservation.m_warning))
            return std::unexpected(std::move(*refused));
    }
    for (const ScopeRules *scope : ask.scopes) {
        for (const LimitRule &rule : scope->limits) {
            if (!appliesTo(rule, ask.endpoint))
                continue;
            LimitAccount &account = limit(rule);
            reservation.m_limits.push_back({.account = &account, .counted = account.hold(rule, ask.tokens, at.steady)});
        }
        for (const BudgetRule &rule : scope->budgets) {
            BudgetAccount &account = budget(rule, at.wall);
            const Money claim = claimOf(rule, ask);
            reservation.m_budgets.push_back({.id = rule.account, .account = &account, .windowFrom = account.hold(claim), .held = claim});
        }
    }
    reservation.m_quotas = this;
    reservation.m_tokens = ask.tokens;
    reservation.m_at = at.steady;
    return reservation;
}

bool LocalQuotas::raise(Reservation &reservation, const QuotaAsk &ask)
{
    if (!reservation.m_quotas)
        return true;
    const Now at = now();
    const std::scoped_lock lock(m_mutex);
    std::vector<Money> more(reservation.m_budgets.size());
    for (const ScopeRules *scope : ask.scopes) {
        for (const BudgetRule &rule : scope->budgets) {
            const auto hold = std::ranges::find(reservation.m_budgets, rule.account, &Reservation::BudgetHold::id);
            if (hold == reservation.m_budgets.end() || claimOf(rule, ask) <= hold->held)
                continue;
            const Money added = claimOf(rule, ask) - hold->held;
            if (rule.onBreach == OnBreach::Block && !hold->account->hasRoomBeside(hold->held, rule.amountAt(at.wall), claimOf(rule, ask)))
                return false;
            more[static_cast<std::size_t>(hold - reservation.m_budgets.begin())] = added;
        }
    }
    for (std::size_t i = 0; i < more.size(); ++i) {
        reservation.m_budgets[i].held += more[i];
        reservation.m_budgets[i].account->raise(more[i]);
    }
    return true;
}

std::vector<BudgetCharge> LocalQuotas::settle(Reservation &reservation, Money cost, std::int64_t tokens)
{
    std::vector<BudgetCharge> charges;
    charges.reserve(reservation.m_budgets.size());
    const SteadyTime at = m_clock.steadyNow();
    const std::scoped_lock lock(m_mutex);
    for (const Reservation::BudgetHold &hold : reservation.m_budgets) {
        hold.account->settle(hold.windowFrom, hold.held, cost);
        charges.push_back({.account = hold.id, .windowFrom = hold.windowFrom, .cost = cost});
    }
    for (const Reservation::LimitHold &hold : reservation.m_limits)
        hold.account->settle(hold.counted, tokens - reservation.m_tokens, reservation.m_at, at);
    return charges;
}

void LocalQuotas::giveBack(Reservation &reservation)
{
    const SteadyTime at = m_clock.steadyNow();
    const std::scoped_lock lock(m_mutex);
    for (const Reservation::BudgetHold &hold : reservation.m_budgets)
        hold.account->settle(hold.windowFrom, hold.held, Money());
    for (const Reservation::LimitHold &hold : reservation.m_limits)
        hold.account->giveBack(hold.counted, reservation.m_tokens, reservation.m_at, at);
}

QuotaRoom LocalQuotas::room(std::span<const ScopeRules *const> scopes, Endpoint endpoint)
{
    QuotaRoom room;
    if (ruleFree(scopes))
        return room;
    const SteadyTime at = m_clock.steadyNow();
    const std::scoped_lock lock(m_mutex);
    for (const ScopeRules *scope : scopes) {
        for (const LimitRule &rule : scope->limits) {
            if (!appliesTo(rule, endpoint))
                continue;
            LimitAccount &account = limit(rule);
            if (rule.rpm)
                take(room.requests, *rule.rpm, account.requests().sum(at), account.requests().drained(at));
            if (rule.tpm)
                take(room.tokens, *rule.tpm, account.tokens().sum(at), account.tokens().drained(at));
            if (rule.tpd)
                take(room.tokens, *rule.tpd, account.tokensOfDay().sum(at), account.tokensOfDay().drained(at));
        }
    }
    return room;
}

double LocalQuotas::used(const ScopeRules &scope)
{
    const WallTime at = m_clock.wallNow();
    const std::scoped_lock lock(m_mutex);
    double most = 0;
    for (const BudgetRule &rule : scope.budgets) {
        const BudgetAccount &account = budget(rule, at);
        const double amount = static_cast<double>(rule.amountAt(at).nanos());
        const double used = static_cast<double>((account.spent() + account.reserved()).nanos());
        most = std::max(most, amount > 0 ? used / amount : 1.0);
    }
    return most;
}

std::vector<BudgetFigure> LocalQuotas::figures(std::span<const ScopeRules *const> scopes)
{
    const WallTime at = m_clock.wallNow();
    std::vector<BudgetFigure> figures;
    const std::scoped_lock lock(m_mutex);
    for (const ScopeRules *scope : scopes) {
        for (const BudgetRule &rule : scope->budgets) {
            const BudgetAccount &account = budget(rule, at);
            figures.push_back({.account = rule.account, .spent = account.spent(), .reserved = account.reserved(), .window = account.window()});
        }
    }
    return figures;
}

void LocalQuotas::load(const BudgetRule &rule, WallTime windowFrom, Money spent)
{
    const WallTime at = m_clock.wallNow();
    const std::scoped_lock lock(m_mutex);
    BudgetAccount &account = budget(rule, at);
    if (account.window().from == windowFrom)
        account.load(spent);
}

void LocalQuotas::sweep()
{
    const Now at = now();
    const std::scoped_lock lock(m_mutex);
    std::erase_if(m_budgets, [&](const auto &entry) { return entry.second->idle() && at.wall >= entry.second->window().to; });
    std::erase_if(m_limits, [&](const auto &entry) { return entry.second->idle(at.steady); });
}

std::size_t LocalQuotas::accounts() const
{
    const std::scoped_lock lock(m_mutex);
    return m_budgets.size() + m_limits.size();
}

} // namespace gateway::state
