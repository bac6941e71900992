// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/quota/local_quotas.h"

#include "gateway/routing/random.h"

#include <algorithm>
#include <utility>

namespace gateway::state {

namespace {

constexpr std::size_t scopesALock = 64; // of states(): calls wait no longer than for these
constexpr std::size_t mostMarks = 256;

Money claimOf(const BudgetRule &rule, const QuotaAsk &ask)
{
    return rule.exact ? std::max(ask.ceiling, ask.cost) : ask.cost;
}

bool ruleFree(std::span<const Scope> scopes)
{
    return std::ranges::all_of(scopes, [](const Scope &scope) { return scope.rules->empty(); });
}

std::uint64_t accountOf(std::uint64_t account, const Scope &scope)
{
    return scope.member == 0 ? account : routing::Random::mixed(account ^ scope.member);
}

/// Tells rules from others. They are not empty.
std::uint64_t firstAccount(const ScopeRules &rules)
{
    return rules.budgets.empty() ? rules.limits.front().account : rules.budgets.front().account;
}

std::uint64_t memberKey(const Scope &scope)
{
    return routing::Random::mixed(firstAccount(*scope.rules) ^ scope.member);
}

/// The scarcest so far: the one with the smallest share left.
void take(QuotaRoom::Figure &figure, std::int64_t limit, std::int64_t used, Duration reset)
{
    const std::int64_t remaining = std::max<std::int64_t>(limit - used, 0);
    if (figure.limit < 0 || static_cast<double>(remaining) * static_cast<double>(figure.limit) < static_cast<double>(figure.remaining) * static_cast<double>(limit))
        figure = {.limit = limit, .remaining = remaining, .reset = reset};
}

void takeRoom(QuotaRoom &room, const LimitRule &rule, LimitAccount &account, SteadyTime at)
{
    if (rule.rpm)
        take(room.requests, *rule.rpm, account.requests().sum(at), account.requests().drained(at));
    if (rule.tpm)
        take(room.tokens, *rule.tpm, account.tokens().sum(at), account.tokens().drained(at));
    if (rule.tpd)
        take(room.tokens, *rule.tpd, account.tokensOfDay().sum(at), account.tokensOfDay().drained(at));
}

std::string endpointWord(const std::optional<Endpoint> &endpoint)
{
    return endpoint ? std::string(gateway::toText(*endpoint)) : std::string();
}

double shareOf(Money used, Money amount)
{
    return amount > Money() ? static_cast<double>(used.nanos()) / static_cast<double>(amount.nanos()) : 1.0;
}

std::size_t marksReached(const BudgetRule &rule, double share)
{
    return static_cast<std::size_t>(std::ranges::count_if(rule.warnAt, [share](double mark) { return share >= mark; }));
}

QuotaWarning warningOf(QuotaWarning::What what, const Scope &scope, const BudgetRule &rule, const BudgetAccount &account, WallTime now)
{
    return {.what = what, .kind = scope.rules->kind, .scope = std::string(scope.name()), .per = rule.per, .amount = rule.amountAt(now), .used = account.spent() + account.reserved()};
}

/// Without what the call wanted of it.
QuotaRefusal described(QuotaRefusal::What what, const Scope &scope, const BudgetRule &rule, const BudgetAccount &account, WallTime now)
{
    QuotaRefusal refusal {.what = what, .kind = scope.rules->kind, .scope = std::string(scope.name()), .endpoint = endpointWord(rule.endpoint),
                          .per = rule.per, .amount = rule.amountAt(now), .used = account.spent() + account.reserved()};
    if (rule.per != Period::Total) {
        refusal.resets = account.window().to;
        refusal.resetsText = rule.calendar->toText(account.window().to);
    }
    return refusal;
}

} // namespace

// --- accounts; all under the lock

/// The scope as it counts: of members beyond those who have a place, the one that they share.
Scope LocalQuotas::admitted(const Scope &scope)
{
    if (scope.member == 0 || scope.rules->empty() || m_members.contains(memberKey(scope)))
        return scope;
    const bool crowded = m_members.size() >= mostMembers;
    const Scope counted = crowded ? Scope(scope.rules, memberOf(other), other) : scope;
    m_members.try_emplace(memberKey(counted), Member {.first = firstAccount(*counted.rules), .name = std::string(counted.memberName), .budgets = {}, .limits = {}});
    return counted;
}

BudgetAccount &LocalQuotas::budget(const Scope &scope, const BudgetRule &rule, WallTime now)
{
    const std::uint64_t id = accountOf(rule.account, scope);
    auto &account = m_budgets[id];
    if (!account) {
        account = std::make_unique<BudgetAccount>();
        if (const auto stored = m_stored.find(id); stored != m_stored.end()) {
            account->restore(rule, stored->second.windowFrom, stored->second.spent);
            m_stored.erase(stored);
        }
        if (scope.member != 0)
            m_members[memberKey(scope)].budgets.push_back(id);
    }
    account->advance(rule, now);
    return *account;
}

LimitAccount &LocalQuotas::limit(const Scope &scope, const LimitRule &rule)
{
    const std::uint64_t id = accountOf(rule.account, scope);
    auto &account = m_limits[id];
    if (!account) {
        account = std::make_unique<LimitAccount>();
        if (scope.member != 0)
            m_members[memberKey(scope)].limits.push_back(id);
    }
    return *account;
}

// --- claims

std::optional<QuotaRefusal> LocalQuotas::budgetRefusal(const QuotaAsk &ask, const Scope &scope, const BudgetRule &rule, const BudgetAccount &account, const Now &now)
{
    using What = QuotaRefusal::What;
    const Money claim = claimOf(rule, ask);
    const bool unknown = rule.blockUnknownPrice && !ask.priceKnown;
    if (!unknown && account.hasRoom(rule.amountAt(now.wall), claim))
        return std::nullopt;
    QuotaRefusal refusal = described(unknown ? What::UnknownPrice : What::Budget, scope, rule, account, now.wall);
    refusal.claim = claim;
    if (!unknown && rule.onBreach == OnBreach::Route)
        refusal.route = rule.route;
    return refusal;
}

std::optional<QuotaRefusal> LocalQuotas::limitRefusal(const QuotaAsk &ask, const Scope &scope, const LimitRule &rule, LimitAccount &account, const Now &now)
{
    using What = QuotaRefusal::What;
    std::optional<QuotaRefusal> refusal;
    const auto refuse = [&](What what, std::int64_t most, std::int64_t count, std::int64_t more, std::optional<Duration> retryAfter) {
        refusal.emplace(QuotaRefusal {.what = what, .kind = scope.rules->kind, .scope = std::string(scope.name()), .endpoint = endpointWord(rule.endpoint),
                                      .limit = most, .count = count, .more = more, .retryAfter = retryAfter});
        return true;
    };
    const auto full = [&](What what, const std::optional<std::int64_t> &most, SlidingWindow &(LimitAccount::*window)(), std::int64_t more) {
        if (!most)
            return false;
        SlidingWindow &counts = (account.*window)();
        const std::int64_t count = counts.sum(now.steady);
        return count + more > *most && refuse(what, *most, count, more, counts.wait(more, *most, now.steady));
    };
    if (full(What::Requests, rule.rpm, &LimitAccount::requests, 1) || full(What::Tokens, rule.tpm, &LimitAccount::tokens, ask.tokens)
        || full(What::TokensPerDay, rule.tpd, &LimitAccount::tokensOfDay, ask.tokens))
        return refusal;
    if (rule.parallel && account.inFlight() >= *rule.parallel)
        refuse(What::Parallel, *rule.parallel, account.inFlight(), 1, std::chrono::seconds {1}); // nobody knows when a call will end
    return refusal;
}

std::optional<QuotaRefusal> LocalQuotas::refusalOf(const QuotaAsk &ask, const Scope &scope, const Now &now, Reservation &into)
{
    for (const LimitRule &rule : scope.rules->limits) {
        if (!rule.appliesTo(ask.endpoint))
            continue;
        LimitAccount &account = limit(scope, rule);
        if (auto refused = limitRefusal(ask, scope, rule, account, now))
            return refused;
        into.m_limits.push_back({.account = &account});
    }
    for (const BudgetRule &rule : scope.rules->budgets) {
        if (!rule.appliesTo(ask.endpoint))
            continue;
        BudgetAccount &account = budget(scope, rule, now.wall);
        into.m_budgets.push_back({.id = accountOf(rule.account, scope), .account = &account});
        auto refused = budgetRefusal(ask, scope, rule, account, now);
        if (!refused)
            continue;
        const bool lets = rule.onBreach == OnBreach::Warn || (rule.onBreach == OnBreach::Route && ask.rerouted);
        if (!lets || refused->what == QuotaRefusal::What::UnknownPrice)
            return refused;
        if (!into.m_warning || into.m_warning->what != QuotaWarning::What::Passed)
            into.m_warning = std::make_unique<QuotaWarning>(warningOf(QuotaWarning::What::Passed, scope, rule, account, now.wall));
    }
    return std::nullopt;
}

/// Once in a period each mark is told to whoever asks for them, and to every call beyond it.
void LocalQuotas::noteMarks(const Scope &scope, const BudgetRule &rule, BudgetAccount &account, WallTime now, std::unique_ptr<QuotaWarning> &warning)
{
    const std::size_t reached = marksReached(rule, shareOf(account.spent() + account.reserved(), rule.amountAt(now)));
    if (reached == 0)
        return;
    if (account.reach(reached) > 0 && m_marks.size() < mostMarks)
        m_marks.push_back(warningOf(QuotaWarning::What::Mark, scope, rule, account, now));
    if (!warning)
        warning = std::make_unique<QuotaWarning>(warningOf(QuotaWarning::What::Mark, scope, rule, account, now));
}

/// Takes what was asked for in every account that refusalOf() has found.
void LocalQuotas::hold(Reservation &reservation, const QuotaAsk &ask, const Now &now)
{
    auto limit = reservation.m_limits.begin();
    auto budget = reservation.m_budgets.begin();
    for (const Scope &asked : ask.scopes) {
        const Scope scope = admitted(asked);
        for (const LimitRule &rule : scope.rules->limits) {
            if (!rule.appliesTo(ask.endpoint))
                continue;
            limit->counted = limit->account->hold(rule, ask.tokens, now.steady);
            takeRoom(reservation.m_room, rule, *limit->account, now.steady);
            ++limit;
        }
        for (const BudgetRule &rule : scope.rules->budgets) {
            if (!rule.appliesTo(ask.endpoint))
                continue;
            budget->held = claimOf(rule, ask);
            budget->windowFrom = budget->account->hold(budget->held);
            noteMarks(scope, rule, *budget->account, now.wall, reservation.m_warning);
            if (!ask.priceKnown && !reservation.m_warning)
                reservation.m_warning = std::make_unique<QuotaWarning>(warningOf(QuotaWarning::What::UnknownPrice, scope, rule, *budget->account, now.wall));
            ++budget;
        }
    }
}

std::expected<Reservation, QuotaRefusal> LocalQuotas::reserve(const QuotaAsk &ask)
{
    std::expected<Reservation, QuotaRefusal> made;
    if (ruleFree(ask.scopes))
        return made;
    Reservation &reservation = *made;
    reservation.expect(ask.scopes);
    const Now at = momentOf(ask);
    const std::scoped_lock lock(m_mutex);
    for (const Scope &scope : ask.scopes) {
        if (auto refused = refusalOf(ask, admitted(scope), at, reservation))
            return std::unexpected(std::move(*refused)); // nothing is held yet
    }
    hold(reservation, ask, at);
    reservation.m_quotas = this;
    reservation.m_tokens = ask.tokens;
    reservation.m_at = at.steady;
    return made;
}

std::optional<QuotaRefusal> LocalQuotas::raiseRefusal(const QuotaAsk &ask, const Reservation &reservation, const Now &now)
{
    for (const Scope &asked : ask.scopes) {
        const Scope scope = admitted(asked);
        for (const BudgetRule &rule : scope.rules->budgets) {
            const Reservation::BudgetHold *hold = reservation.holdOf(accountOf(rule.account, scope));
            if (!hold)
                continue;
            const bool unknown = rule.blockUnknownPrice && !ask.priceKnown;
            const Money claim = claimOf(rule, ask);
            const bool fits = claim <= hold->held || rule.onBreach != OnBreach::Block || hold->account->hasRoomBeside(hold->held, rule.amountAt(now.wall), claim);
            if (!unknown && fits)
                continue;
            QuotaRefusal refused = described(unknown ? QuotaRefusal::What::UnknownPrice : QuotaRefusal::What::Budget, scope, rule, *hold->account, now.wall);
            refused.used -= hold->held; // by others
            refused.claim = claim;
            return refused;
        }
    }
    return std::nullopt;
}

std::optional<QuotaRefusal> LocalQuotas::raise(Reservation &reservation, const QuotaAsk &ask)
{
    if (!reservation.m_quotas)
        return std::nullopt;
    const Now at = momentOf(ask);
    const std::scoped_lock lock(m_mutex);
    if (auto refused = raiseRefusal(ask, reservation, at))
        return refused;
    for (const Scope &asked : ask.scopes) {
        const Scope scope = admitted(asked);
        for (const BudgetRule &rule : scope.rules->budgets) {
            const auto hold = std::ranges::find(reservation.m_budgets, accountOf(rule.account, scope), &Reservation::BudgetHold::id);
            if (hold == reservation.m_budgets.end() || claimOf(rule, ask) <= hold->held)
                continue;
            hold->account->raise(claimOf(rule, ask) - hold->held);
            hold->held = claimOf(rule, ask);
            noteMarks(scope, rule, *hold->account, at.wall, reservation.m_warning);
        }
    }
    return std::nullopt;
}

std::optional<QuotaRefusal> LocalQuotas::refusal(const QuotaAsk &ask, const Reservation *reservation)
{
    if (ruleFree(ask.scopes))
        return std::nullopt;
    Reservation looked; // holds nothing
    if (!reservation)
        looked.expect(ask.scopes);
    const Now at = momentOf(ask);
    const std::scoped_lock lock(m_mutex);
    if (reservation)
        return raiseRefusal(ask, *reservation, at);
    for (const Scope &scope : ask.scopes) {
        if (auto refused = refusalOf(ask, admitted(scope), at, looked))
            return refused;
    }
    return std::nullopt;
}

void LocalQuotas::settle(Reservation &reservation, Money cost, std::int64_t tokens, std::vector<BudgetCharge> *charges, std::optional<SteadyTime> now)
{
    const SteadyTime at = now ? *now : m_clock.steadyNow();
    const std::scoped_lock lock(m_mutex);
    for (const Reservation::BudgetHold &hold : reservation.m_budgets) {
        hold.account->settle(hold.windowFrom, hold.held, cost);
        if (charges && cost != Money())
            charges->push_back({.account = hold.id, .windowFrom = hold.windowFrom, .cost = cost});
    }
    for (const Reservation::LimitHold &hold : reservation.m_limits)
        hold.account->settle(hold.counted, tokens - reservation.m_tokens, reservation.m_at, at);
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

// --- figures

QuotaRoom LocalQuotas::room(std::span<const Scope> scopes, Endpoint endpoint)
{
    QuotaRoom room;
    if (std::ranges::all_of(scopes, [](const Scope &scope) { return scope.rules->limits.empty(); }))
        return room;
    const SteadyTime at = m_clock.steadyNow();
    const std::scoped_lock lock(m_mutex);
    for (const Scope &asked : scopes) {
        const Scope scope = admitted(asked);
        for (const LimitRule &rule : scope.rules->limits) {
            if (!rule.appliesTo(endpoint))
                continue;
            takeRoom(room, rule, limit(scope, rule), at);
        }
    }
    return room;
}

double LocalQuotas::used(const Scope &asked, const Reservation *own)
{
    const WallTime at = m_clock.wallNow();
    const std::scoped_lock lock(m_mutex);
    const Scope scope = admitted(asked);
    double most = 0;
    for (const BudgetRule &rule : scope.rules->budgets) {
        const BudgetAccount &account = budget(scope, rule, at);
        const Reservation::BudgetHold *mine = own ? own->holdOf(accountOf(rule.account, scope)) : nullptr;
        most = std::max(most, shareOf(account.spent() + account.reserved() - (mine ? mine->held : Money()), rule.amountAt(at)));
    }
    return most;
}

ScopeState LocalQuotas::stateOf(const Scope &scope, const Now &now)
{
    using What = LimitState::What;
    ScopeState state {.kind = scope.rules->kind, .name = std::string(scope.name())};
    for (const BudgetRule &rule : scope.rules->budgets) {
        const BudgetAccount &account = budget(scope, rule, now.wall);
        BudgetState &budget = state.budgets.emplace_back(BudgetState {.per = rule.per, .zone = rule.calendar->zone(), .endpoint = endpointWord(rule.endpoint), .amount = rule.amountAt(now.wall),
                                                                      .raised = rule.raisedAt(now.wall), .spent = account.spent(), .reserved = account.reserved()});
        if (rule.per != Period::Total)
            budget.resets = account.window().to;
        if (const std::size_t reached = marksReached(rule, budget.used()); reached > 0)
            budget.mark = rule.warnAt[reached - 1];
    }
    for (const LimitRule &rule : scope.rules->limits) {
        LimitAccount &account = limit(scope, rule);
        const auto add = [&](What what, const std::optional<std::int64_t> &most, std::int64_t count, Duration resets) {
            state.limits.push_back({.what = what, .endpoint = endpointWord(rule.endpoint), .limit = *most, .count = count, .resets = resets});
        };
        if (rule.rpm)
            add(What::Requests, rule.rpm, account.requests().sum(now.steady), account.requests().drained(now.steady));
        if (rule.tpm)
            add(What::Tokens, rule.tpm, account.tokens().sum(now.steady), account.tokens().drained(now.steady));
        if (rule.tpd)
            add(What::TokensPerDay, rule.tpd, account.tokensOfDay().sum(now.steady), account.tokensOfDay().drained(now.steady));
        if (rule.parallel)
            add(What::Parallel, rule.parallel, account.inFlight(), {});
    }
    return state;
}

std::vector<ScopeState> LocalQuotas::states(std::span<const Scope> scopes)
{
    const Now at = now();
    std::vector<ScopeState> states;
    states.reserve(scopes.size());
    while (!scopes.empty()) {
        const std::size_t count = std::min(scopes.size(), scopesALock);
        const std::scoped_lock lock(m_mutex);
        for (const Scope &scope : scopes.first(count))
            states.push_back(stateOf(admitted(scope), at));
        scopes = scopes.subspan(count);
    }
    return states;
}

std::vector<ScopeState> LocalQuotas::members(const ScopeRules &rules, std::size_t most)
{
    if (rules.empty())
        return {};
    std::vector<std::string> names;
    {
        const std::scoped_lock lock(m_mutex);
        for (const auto &[key, member] : m_members) {
            if (member.first == firstAccount(rules))
                names.push_back(member.name);
        }
    }
    std::vector<Scope> scopes;
    scopes.reserve(names.size());
    for (const std::string &name : names)
        scopes.emplace_back(&rules, memberOf(name), name);
    std::vector<ScopeState> all = states(scopes);
    const auto fullness = [](const ScopeState &state) {
        double used = 0;
        for (const BudgetState &budget : state.budgets)
            used = std::max(used, budget.used());
        for (const LimitState &limit : state.limits)
            used = std::max(used, limit.used());
        return used;
    };
    std::ranges::sort(all, [&](const ScopeState &a, const ScopeState &b) { return std::pair(-fullness(a), std::string_view(a.name)) < std::pair(-fullness(b), std::string_view(b.name)); });
    all.resize(std::min(all.size(), most));
    std::ranges::sort(all, {}, &ScopeState::name);
    return all;
}

std::vector<QuotaWarning> LocalQuotas::takeMarks()
{
    const std::scoped_lock lock(m_mutex);
    return std::exchange(m_marks, {});
}

// --- what comes and goes

void LocalQuotas::restore(std::vector<BudgetCharge> stored)
{
    const std::scoped_lock lock(m_mutex);
    for (const BudgetCharge &charge : stored) {
        const auto [place, fresh] = m_stored.try_emplace(charge.account, Stored {.windowFrom = charge.windowFrom, .spent = charge.cost});
        if (!fresh && place->second.windowFrom < charge.windowFrom)
            place->second = {.windowFrom = charge.windowFrom, .spent = charge.cost};
    }
}

/// Whether nobody would notice that it is gone.
bool LocalQuotas::isOver(const Member &member, const Now &now)
{
    return std::ranges::all_of(member.budgets,
                               [&](std::uint64_t id) {
                                   const BudgetAccount &account = *m_budgets.at(id);
                                   return account.idle() && (account.spent() == Money() || now.wall >= account.window().to);
                               })
        && std::ranges::all_of(member.limits, [&](std::uint64_t id) { return m_limits.at(id)->idle(now.steady); });
}

void LocalQuotas::forget(std::uint64_t member)
{
    const auto found = m_members.find(member);
    for (const std::uint64_t id : found->second.budgets)
        m_budgets.erase(id);
    for (const std::uint64_t id : found->second.limits)
        m_limits.erase(id);
    m_members.erase(found);
}

void LocalQuotas::sweep(std::size_t most)
{
    const Now at = now();
    const std::scoped_lock lock(m_mutex);
    const std::size_t buckets = m_members.bucket_count();
    std::vector<std::uint64_t> over;
    for (std::size_t looked = 0; looked < std::min(most, buckets); ++looked) {
        m_sweptBucket = (m_sweptBucket + 1) % buckets;
        for (auto entry = m_members.cbegin(m_sweptBucket); entry != m_members.cend(m_sweptBucket); ++entry) {
            if (isOver(entry->second, at))
                over.push_back(entry->first);
        }
    }
    for (const std::uint64_t member : over)
        forget(member);
}

std::size_t LocalQuotas::accounts() const
{
    const std::scoped_lock lock(m_mutex);
    return m_budgets.size() + m_limits.size();
}

} // namespace gateway::state
