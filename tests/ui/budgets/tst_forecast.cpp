// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/budgets/conflicts.h"
#include "ui/panes/budgets/forecast.h"
#include "ui/panes/budgets/suggest_panel.h"
#include "ui/panes/scopes/standing.h"

#include <QtTest>

using namespace gateway;
using namespace std::chrono_literals;
using namespace ui::budgets;
using ui::panes::ScopeRef;
using ui::panes::Standing;
using config::Budget;
using config::Config;

namespace {

constexpr Money dollars(std::int64_t amount) { return Money::fromNanos(amount * 1'000'000'000); }
const WallTime now = std::chrono::sys_days {std::chrono::year {2026} / std::chrono::November / 17} + 12h;

BudgetState month(std::int64_t amount, std::int64_t spent)
{
    BudgetState state;
    state.amount = dollars(amount);
    state.spent = dollars(spent);
    state.zone = "UTC";
    state.resets = Calendar("UTC").window(Period::Month, now).to;
    return state;
}

/// `each` dollars an hour for so many days until now.
std::vector<Spend> steady(std::int64_t each, int days)
{
    std::vector<Spend> history;
    for (WallTime at = now - days * 24h; at < now; at += 1h)
        history.push_back({at, dollars(each)});
    return history;
}

Config withTeam(std::int64_t teamAmount, std::int64_t keyAmount, Period keyPer = Period::Month)
{
    Config config;
    config::Team team;
    team.name = "search";
    team.quota.budgets.push_back({.amount = dollars(teamAmount)});
    config::VirtualKey key;
    key.name = "backend";
    key.team = "search";
    key.hash = "00";
    key.quota.budgets.push_back({.amount = dollars(keyAmount), .per = keyPer});
    config.teams.push_back(team);
    config.keys.push_back(key);
    return config;
}

ScopeState state(ScopeKind kind, const char *name, std::int64_t amount, std::int64_t spent)
{
    ScopeState made;
    made.kind = kind;
    made.name = name;
    made.budgets.push_back(month(amount, spent));
    return made;
}

} // namespace

class tst_Forecast : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void steadySpendIsUsedUpWhenItMustBe()
    {
        // $24 a day, $96 left: in four days.
        const auto outlook = forecast(month(496, 400), steady(1, 20), now);
        QVERIFY(outlook && outlook->usedUp);
        QVERIFY(std::chrono::abs(*outlook->usedUp - (now + 4 * 24h)) < 2h);
        QVERIFY(outlook->earliest && outlook->latest); // no day differs from another: no cone
        QVERIFY(*outlook->latest - *outlook->earliest < 2h);
        QVERIFY(std::abs(outlook->byTheEnd->nanos() - dollars(400 + 24 * 27 / 2).nanos()) < dollars(1).nanos()); // 13.5 days more
    }

    void unevenSpendHasACone()
    {
        auto history = steady(1, 20);
        for (std::size_t i = 0; i < history.size(); ++i)
            history[i].cost = dollars(i / 24 % 2 == 0 ? 2 : 0);
        const auto outlook = forecast(month(496, 400), history, now);
        QVERIFY(outlook && outlook->earliest && outlook->latest);
        QVERIFY(*outlook->earliest < *outlook->usedUp && *outlook->usedUp < *outlook->latest);
    }

    void enoughMoneyIsNotUsedUp()
    {
        const auto outlook = forecast(month(10'000, 400), steady(1, 20), now);
        QVERIFY(outlook && !outlook->usedUp && outlook->byTheEnd);
    }

    void littleHistorySaysNothing()
    {
        QVERIFY(!forecast(month(100, 1), steady(1, 1), now));
        QVERIFY(!forecast(month(100, 1), {}, now));
    }

    void burnDownEndsAtWhatIsLeft()
    {
        const auto line = burnDown(month(500, 396), Calendar("UTC").window(Period::Month, now).from, steady(1, 20), 1h, now);
        QCOMPARE(line.back().dollars, 104.0);
        QCOMPARE(line.front().at, Calendar("UTC").window(Period::Month, now).from);
        QVERIFY(line.front().dollars <= 500);
        QVERIFY(std::ranges::is_sorted(line, {}, &Left::at));
        QVERIFY(std::ranges::is_sorted(line, std::greater {}, &Left::dollars));
    }

    void childAboveItsParentIsAConflict()
    {
        const auto found = findConflicts(withTeam(500, 600), now);
        QCOMPARE(found.size(), std::size_t {1});
        QCOMPARE(found.front().what, Conflict::What::AboveParent);
        QVERIFY(found.front().scope == (ScopeRef {ScopeKind::Key, "backend"}));
        QVERIFY(found.front().text.contains(QStringLiteral("team search")));
        QVERIFY(findConflicts(withTeam(500, 400), now).empty());
        QCOMPARE(findConflicts(withTeam(500, 600, Period::Day), now).size(), std::size_t {1}); // a day's above a month's
    }

    void scopeWithoutKeysIsUnreachable()
    {
        Config config = withTeam(500, 400);
        config.keys.front().revoked = true;
        const auto found = findConflicts(config, now);
        const auto team = std::ranges::find(found, ScopeRef {ScopeKind::Team, "search"}, &Conflict::scope);
        QVERIFY(team != found.end());
        QCOMPARE(team->what, Conflict::What::Unreachable);
        QCOMPARE(team->text, QStringLiteral("No key sends traffic here"));
    }

    void routeThatNoKeyMayUseIsUnreachable()
    {
        Config config = withTeam(500, 400);
        config.keys.front().models = std::vector<std::string> {"fast"};
        config::Route route;
        route.name = "smart";
        route.quota.limits.push_back({.rpm = 5});
        config.routes.push_back(route);
        QCOMPARE(findConflicts(config, now).size(), std::size_t {1});
        config.keys.front().models->push_back("smart");
        QVERIFY(findConflicts(config, now).empty());
        config.keys.front().models->pop_back();
        config.teams.front().quota.budgets.front().onBreach = {config::Breach::What::Route, "smart"};
        QVERIFY(findConflicts(config, now).empty()); // calls come by the breach
    }

    void smallestRestBinds()
    {
        const Standing standing({state(ScopeKind::Organisation, "", 5000, 4990), state(ScopeKind::Team, "search", 1200, 1150), state(ScopeKind::Key, "backend", 50, 20)});
        const ScopeRef key {ScopeKind::Key, "backend"};
        QVERIFY(standing.bindingCap(key, "search")->of == ScopeRef()); // $10 of the organisation, $30 of its own, $50 of the team
        const Standing other({state(ScopeKind::Team, "search", 1200, 1150), state(ScopeKind::Key, "backend", 100, 20)});
        QCOMPARE(other.bindingCap(key, "search")->of.name, std::string("search"));
        QVERIFY(!Standing().bindingCap(key, "search"));
    }

    void suggestionHasHeadroomAndIsRound()
    {
        QCOMPARE(suggestedAmount(dollars(196)), dollars(1500)); // 196 / 7 * 30 * 1.2 = 1008
        QCOMPARE(suggestedAmount(dollars(7)), dollars(40));     // 36
    }
};

QTEST_GUILESS_MAIN(tst_Forecast)
#include "tst_forecast.moc"
