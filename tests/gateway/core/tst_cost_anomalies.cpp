// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/cost_anomalies.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

const WallTime monday = std::chrono::sys_days(std::chrono::August / 3 / 2026);

std::vector<WallTime> daysFrom(WallTime from, std::size_t count)
{
    std::vector<WallTime> borders;
    for (std::size_t i = 0; i <= count; ++i)
        borders.push_back(from + std::chrono::days(i));
    return borders;
}

CostFigures figures(double dollars, std::uint64_t calls, std::uint64_t tokens)
{
    return {.cost = Money::fromNanos(std::llround(dollars * 1e9)), .calls = calls, .input = tokens};
}

/// A team with a key and model that spends so much a day, less at weekends.
SpendCell steady(const std::string &team, const std::string &key, const std::string &model, double dollars, std::size_t days)
{
    SpendCell cell {.names = {team, key, "smart", model}};
    for (std::size_t day = 0; day < days; ++day) {
        const double part = day % 7 >= 5 ? 0.3 : 1;
        const auto calls = static_cast<std::uint64_t>(1000 * part);
        cell.days.push_back(figures(dollars * part, calls, calls * 1200));
    }
    return cell;
}

} // namespace

class tst_CostAnomalies : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aSteadyTeamIsNotTold();
    void aDearDayIsToldWithItsCause();
    void moreTokensACallAreTold();
    void moreCallsAreNoDearerOnes();
    void aWeekendIsHeldAgainstWeekends();
    void whatHasGrownIsToldOnce();
    void newTeamsHaveNoHistory();
    void littleMoneyIsNotTold();
    void customersAreNamed();
    void findsWhatWasPlanted();
};

void tst_CostAnomalies::aSteadyTeamIsNotTold()
{
    const SpendHistory history {.borders = daysFrom(monday, 70), .cells = {steady("search", "k1", "gpt-4o", 100, 70)}};
    for (const CostField by : spendFields)
        QVERIFY(findAnomalies(history, by, 56).empty());
    QVERIFY(findAnomalies({}, CostField::Team, 0).empty());
    QVERIFY(findAnomalies(history, CostField::Customer, 56).empty()); // it does not know them
}

/// Tuesday of the tenth week: one key of three runs another model.
void tst_CostAnomalies::aDearDayIsToldWithItsCause()
{
    constexpr std::size_t day = 64;
    SpendHistory history {.borders = daysFrom(monday, 70), .cells = {steady("search", "web", "gpt-4o", 60, 70), steady("search", "batch-7", "gpt-4o", 40, 70), steady("growth", "g", "gpt-4o", 50, 70)}};
    SpendCell odd {.names = {"search", "batch-7", "bulk", "claude-opus-4"}, .days = std::vector<CostFigures>(70)};
    odd.days[day] = figures(187, 500, 900'000);
    history.cells[0].days[day].cost += Money::fromNanos(25'000'000'000);
    history.cells.push_back(odd);
    const auto found = findAnomalies(history, CostField::Team, 56);
    QCOMPARE(found.size(), 1U);
    const CostAnomaly &anomaly = found[0];
    QCOMPARE(anomaly.name, "search");
    QVERIFY(anomaly.from == history.borders[day] && anomaly.to == history.borders[day + 1]);
    QVERIFY(anomaly.cost);
    QCOMPARE(anomaly.figures.cost.nanos(), 312'000'000'000);
    QCOMPARE(anomaly.usualCost.nanos(), 100'000'000'000);
    QCOMPARE(anomaly.excess.nanos(), 212'000'000'000);
    QVERIFY(anomaly.drivers.size() >= 2);
    QCOMPARE(anomaly.drivers[0].of.size(), 2U); // key and model together tell as much as either
    QCOMPARE(anomaly.drivers[0].of[0].second, "batch-7");
    QCOMPARE(anomaly.drivers[0].of[1].second, "claude-opus-4");
    QCOMPARE(std::lround(anomaly.drivers[0].share * 100), 88);
    QVERIFY(anomaly.costlyAbove);
    QCOMPARE(anomaly.costlyAbove->nanos(), 75'000'000); // half as much again as five cents
    const auto byModel = findAnomalies(history, CostField::Key, 56);
    QCOMPARE(byModel[0].name, "batch-7");
    QVERIFY(byModel[0].drivers[0].of[0] == std::pair(CostField::Model, std::string("claude-opus-4")));
}

void tst_CostAnomalies::moreTokensACallAreTold()
{
    SpendHistory history {.borders = daysFrom(monday, 70), .cells = {steady("search", "web", "gpt-4o", 100, 70)}};
    CostFigures &day = history.cells[0].days[66];
    day.input *= 3;
    day.calls /= 2;
    day.input /= 2; // as many calls as make up for it
    const auto found = findAnomalies(history, CostField::Team, 56);
    QCOMPARE(found.size(), 1U);
    QVERIFY(found[0].tokens && !found[0].cost);
    QCOMPARE(std::lround(found[0].tokensPerCall), 3600);
    QCOMPARE(std::lround(found[0].usualTokensPerCall), 1200);
    QCOMPARE(found[0].excess.nanos(), 66'666'666'667); // two thirds of the day's hundred dollars
    QVERIFY(found[0].costlyAbove);
}

void tst_CostAnomalies::moreCallsAreNoDearerOnes()
{
    SpendHistory history {.borders = daysFrom(monday, 70), .cells = {steady("search", "web", "gpt-4o", 100, 70)}};
    CostFigures &day = history.cells[0].days[66];
    day = figures(400, 4000, 4000 * 1200);
    const auto found = findAnomalies(history, CostField::Team, 56);
    QCOMPARE(found.size(), 1U);
    QVERIFY(found[0].cost && !found[0].tokens);
    QVERIFY(!found[0].costlyAbove);
}

void tst_CostAnomalies::aWeekendIsHeldAgainstWeekends()
{
    SpendHistory history {.borders = daysFrom(monday, 70), .cells = {steady("search", "web", "gpt-4o", 100, 70)}};
    history.cells[0].days[69].cost = Money::fromNanos(100'000'000'000); // a Sunday as dear as weekdays are
    const auto found = findAnomalies(history, CostField::Team, 56);
    QCOMPARE(found.size(), 1U);
    QCOMPARE(found[0].usualCost.nanos(), 30'000'000'000);
    QVERIFY(found[0].from == history.borders[69]);
}

void tst_CostAnomalies::whatHasGrownIsToldOnce()
{
    SpendHistory history {.borders = daysFrom(monday, 84), .cells = {steady("search", "web", "gpt-4o", 100, 84)}};
    for (std::size_t day = 63; day < 84; ++day)
        history.cells[0].days[day].cost += history.cells[0].days[day].cost;
    const auto found = findAnomalies(history, CostField::Team, 56);
    QVERIFY(!found.empty());
    for (const CostAnomaly &anomaly : found)
        QVERIFY2(anomaly.from < history.borders[68], "the new level is not told for weeks");
}

void tst_CostAnomalies::newTeamsHaveNoHistory()
{
    SpendHistory history {.borders = daysFrom(monday, 70), .cells = {steady("search", "web", "gpt-4o", 100, 70)}};
    for (std::size_t day = 0; day < 50; ++day)
        history.cells[0].days[day] = {};
    history.cells[0].days[68].cost = Money::fromNanos(900'000'000'000);
    QVERIFY(findAnomalies(history, CostField::Team, 56).empty());
}

void tst_CostAnomalies::littleMoneyIsNotTold()
{
    SpendHistory history {.borders = daysFrom(monday, 70), .cells = {steady("search", "web", "gpt-4o", 0.1, 70)}};
    history.cells[0].days[66].cost = Money::fromNanos(1'000'000'000);
    QVERIFY(findAnomalies(history, CostField::Team, 56).empty()); // ninety cents above
    history.cells[0].days[66] = figures(50, 19, 100);
    QVERIFY(findAnomalies(history, CostField::Team, 56).empty()); // of few calls
    history.cells[0].days[66].calls = 20;
    QCOMPARE(findAnomalies(history, CostField::Team, 56).size(), 1U);
}

void tst_CostAnomalies::customersAreNamed()
{
    SpendHistory history {.borders = daysFrom(monday, 70), .cells = {steady("search", "web", "gpt-4o", 100, 70)}};
    history.cells[0].days[66].cost = Money::fromNanos(500'000'000'000);
    auto found = findAnomalies(history, CostField::Team, 56);
    QCOMPARE(found.size(), 1U);
    std::vector<CostFigures> acme(70);
    acme[66].cost = Money::fromNanos(360'000'000'000);
    std::vector<CostFigures> nobody(70);
    nobody[66].cost = Money::fromNanos(390'000'000'000);
    addCustomers(found[0], {{"acme", acme}, {"", nobody}}, 66);
    const auto named = std::ranges::find_if(found[0].drivers, [](const CostDriver &driver) { return driver.of[0].first == CostField::Customer; });
    QVERIFY(named != found[0].drivers.end());
    QCOMPARE(named->of[0].second, "acme");
    QCOMPARE(std::lround(named->share * 100), 90);
}

/// Teams whose days vary, grow and rest at weekends, with outliers planted: how many are found, and how many told
/// were none.
void tst_CostAnomalies::findsWhatWasPlanted()
{
    std::mt19937_64 random(11);
    std::normal_distribution<double> normal;
    const auto part = [&] { return std::ldexp(static_cast<double>(random() >> 11), -53); };
    std::size_t planted = 0;
    std::size_t found = 0;
    std::size_t wrong = 0;
    std::size_t looked = 0;
    for (int run = 0; run < 40; ++run) {
        constexpr std::size_t days = 56 + 28;
        SpendHistory history {.borders = daysFrom(monday, days), .cells = {}};
        std::set<std::pair<std::string, std::size_t>> outliers;
        for (int team = 0; team < 8; ++team) {
            const std::string name = "team" + std::to_string(team);
            const double spread = 0.05 + 0.2 * part();
            const double growth = 0.006 * part(); // a day: up to two thirds more over the time
            SpendCell cell = steady(name, "k", "gpt-4o", 20 + 300 * part(), days);
            for (std::size_t day = 0; day < days; ++day) {
                double factor = std::exp(spread * normal(random) + growth * static_cast<double>(day));
                if (day >= 56 && part() < 0.02) {
                    factor *= 2.5 + 4 * part();
                    outliers.emplace(name, day);
                }
                CostFigures &of = cell.days[day];
                of = figures(static_cast<double>(of.cost.nanos()) * 1e-9 * factor, static_cast<std::uint64_t>(static_cast<double>(of.calls) * factor), static_cast<std::uint64_t>(static_cast<double>(of.input) * factor));
            }
            history.cells.push_back(std::move(cell));
            looked += days - 56;
        }
        planted += outliers.size();
        for (const CostAnomaly &anomaly : findAnomalies(history, CostField::Team, 56)) {
            const auto day = static_cast<std::size_t>((anomaly.from - monday) / 24h);
            if (outliers.contains({anomaly.name, day}))
                ++found;
            else
                ++wrong;
        }
    }
    const double recall = static_cast<double>(found) / static_cast<double>(planted);
    const double precision = static_cast<double>(found) / static_cast<double>(found + wrong);
    qInfo("%zu days looked at, %zu planted, %zu found, %zu told that were none: recall %.3f, precision %.3f", looked, planted, found, wrong, recall, precision);
    QVERIFY(planted > 100);
    QVERIFY2(recall > 0.85, qPrintable(QString::number(recall)));
    QVERIFY2(precision > 0.9, qPrintable(QString::number(precision)));
}

QTEST_GUILESS_MAIN(tst_CostAnomalies)
#include "tst_cost_anomalies.moc"
