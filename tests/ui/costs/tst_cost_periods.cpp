// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/cost_periods.h"
#include "ui/panes/costs/month_forecast.h"
#include "ui/panes/costs/treemap_layout.h"

#include <QtTest>

#include <numeric>
#include <random>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace ui::costs;
using gateway::Money;
using gateway::WallTime;
using ui::bridge::RangeChoice;

namespace {

const QTimeZone berlin("Europe/Berlin");

WallTime at(int year, unsigned month, unsigned day, std::chrono::minutes time = {})
{
    return std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day)) + time;
}

/// Midnight in Berlin, in winter.
WallTime winter(int year, unsigned month, unsigned day) { return at(year, month, day) - 1h; }

const WallTime now = at(2026, 11, 17, 13h + 32min);

} // namespace

class tst_CostPeriods : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void wholeMonthsAreComparedWithWholeMonths();
    void daysFollowTheClocks();
    void movingRangesEndWithTheirBar();
    void barsAreNeverTooMany();
    void barsAreNamed();
    void forecastGoesByWeekdays();
    void forecastNeedsThreeDays();
    void tilesFillTheArea();
};

void tst_CostPeriods::wholeMonthsAreComparedWithWholeMonths()
{
    const Shown running = shownOf({0, winter(2026, 11, 1), winter(2026, 12, 1)}, Per::Fit, now, berlin);
    QVERIFY(running.months);
    QVERIFY(running.per == Per::Day);
    QCOMPARE(running.borders.size(), 31U);
    QVERIFY(running.before.from == at(2026, 10, 1) - 2h); // summer time
    QVERIFY(running.before.to == running.before.from + (now - running.period.from)); // as far as this one has come
    const Shown whole = shownOf({0, at(2026, 10, 1) - 2h, winter(2026, 11, 1)}, Per::Fit, now, berlin);
    QCOMPARE(whole.borders.size(), 32U);
    QVERIFY(whole.before.from == at(2026, 9, 1) - 2h);
    QVERIFY(whole.before.to == whole.period.from);
    const Shown days = shownOf({0, winter(2026, 11, 3), winter(2026, 11, 10)}, Per::Fit, now, berlin);
    QVERIFY(!days.months);
    QVERIFY(days.before.from == winter(2026, 10, 27));
    QVERIFY(days.before.to == days.period.from);
}

void tst_CostPeriods::daysFollowTheClocks()
{
    const auto borders = bordersOf({at(2026, 10, 24) - 2h, winter(2026, 10, 27)}, Per::Day, berlin);
    QCOMPARE(borders.size(), 4U);
    QVERIFY(borders[2] - borders[1] == 25h); // the clocks go back
    const auto weeks = bordersOf({winter(2026, 11, 5), winter(2026, 11, 20)}, Per::Week, berlin);
    QCOMPARE(weeks.size(), 4U);
    QVERIFY(weeks[1] == winter(2026, 11, 9)); // a Monday
    const auto months = bordersOf({winter(2026, 1, 1), winter(2027, 1, 1)}, Per::Month, berlin);
    QCOMPARE(months.size(), 13U);
    QVERIFY(months[6] == at(2026, 7, 1) - 2h);
    const QTimeZone kolkata("Asia/Kolkata");
    QVERIFY(bordersOf({now, now + 24h}, Per::Day, kolkata)[1] == at(2026, 11, 17, 18h + 30min));
}

void tst_CostPeriods::movingRangesEndWithTheirBar()
{
    const Shown hour = shownOf({3600, {}, {}}, Per::Fit, now, berlin);
    QVERIFY(hour.per == Per::FiveMinutes);
    QVERIFY(hour.borders.front() == now - 1h);
    QVERIFY(hour.borders.back() == at(2026, 11, 17, 13h + 35min)); // calls that come now belong to it
    QVERIFY(hour.before.to == now - 1h);
    QVERIFY(hour.before.from == now - 2h);
    QVERIFY(shownOf({86400, {}, {}}, Per::Fit, now, berlin).per == Per::Hour);
    QVERIFY(shownOf({30 * 86400, {}, {}}, Per::Fit, now, berlin).per == Per::Day);
    QVERIFY(shownOf({30 * 86400, {}, {}}, Per::Month, now, berlin).borders.size() == 3U);
}

void tst_CostPeriods::barsAreNeverTooMany()
{
    for (const Per per : {Per::FiveMinutes, Per::Hour, Per::Day, Per::Week, Per::Month}) {
        const Shown shown = shownOf({0, at(1990, 1, 1), now}, per, now, berlin);
        QVERIFY(shown.borders.size() >= 2 && shown.borders.size() <= 401);
        QVERIFY(shown.beforeBorders.size() >= 2 && shown.beforeBorders.size() <= 401);
        QVERIFY(std::ranges::adjacent_find(shown.borders, std::greater_equal {}) == shown.borders.end());
    }
    QVERIFY(shownOf({0, winter(2026, 11, 1), winter(2026, 12, 1)}, Per::FiveMinutes, now, berlin).per == Per::Day);
    QCOMPARE(shownOf({0, now, now}, Per::Fit, now, berlin).borders.size(), 2U); // a range without length
}

void tst_CostPeriods::barsAreNamed()
{
    QCOMPARE(axisText(winter(2026, 11, 1), std::nullopt, Per::Day, berlin), u"1 Nov"_s);
    QCOMPARE(axisText(winter(2026, 11, 2), winter(2026, 11, 1), Per::Day, berlin), u"2"_s);
    QCOMPARE(axisText(winter(2026, 12, 1), winter(2026, 11, 30), Per::Day, berlin), u"1 Dec"_s);
    QCOMPARE(barText(winter(2026, 11, 17), winter(2026, 11, 18), Per::Day, berlin), u"Tue 17 Nov"_s);
    QCOMPARE(barText(winter(2026, 11, 1), winter(2026, 12, 1), Per::Month, berlin), u"November 2026"_s);
    QCOMPARE(periodText({winter(2026, 11, 1), winter(2026, 11, 18)}, berlin), u"1 to 17 Nov 2026"_s);
    QCOMPARE(periodText({winter(2026, 11, 1), winter(2026, 12, 1)}, berlin), u"November 2026"_s);
    QCOMPARE(periodText({now - 1h, now}, berlin), u"13:32 to 14:32"_s);
}

void tst_CostPeriods::forecastGoesByWeekdays()
{
    std::vector<DaySpend> days;
    for (int back = 40; back >= 0; --back) { // ten dollars on working days, one at weekends; today counts for nothing
        const QDate day = QDate(2026, 11, 17).addDays(-back);
        days.push_back({day, Money::fromNanos(back == 0 ? 777'000'000'000 : day.dayOfWeek() >= 6 ? 1'000'000'000 : 10'000'000'000)});
    }
    const auto forecast = MonthForecast::make(days, now, berlin);
    QVERIFY(forecast);
    QVERIFY(qFuzzyCompare(forecast->between(winter(2026, 11, 18), winter(2026, 11, 19)), 10));
    QVERIFY(qFuzzyCompare(forecast->between(winter(2026, 11, 21), winter(2026, 11, 23)), 2));
    QCOMPARE(forecast->between(winter(2026, 11, 1), now), 0.0); // the past is no forecast
    const auto end = forecast->atMonthsEnd(Money::fromNanos(100'000'000'000));
    const double left = 10 * (24.0 - 14.0 - 32.0 / 60) / 24;
    QVERIFY(qAbs(end.expected - (100 + left + 9 * 10 + 4 * 1)) < 1e-9); // nine working days and two weekends
    QVERIFY(qAbs(end.low - end.expected) < 1e-9 && qAbs(end.high - end.expected) < 1e-9); // every week was alike
    days[30].cost = Money::fromNanos(40'000'000'000);
    const auto uneven = MonthForecast::make(days, now, berlin)->atMonthsEnd({});
    QVERIFY(uneven.low < uneven.expected && uneven.expected < uneven.high);
}

void tst_CostPeriods::forecastNeedsThreeDays()
{
    std::vector<DaySpend> days;
    for (int back = 20; back >= 1; --back)
        days.push_back({QDate(2026, 11, 17).addDays(-back), Money::fromNanos(back <= 2 ? 5'000'000'000 : 0)});
    QVERIFY(!MonthForecast::make(days, now, berlin)); // those before the first cost do not count
    days[days.size() - 3].cost = Money::fromNanos(5'000'000'000);
    const auto forecast = MonthForecast::make(days, now, berlin);
    QVERIFY(forecast);
    QVERIFY(qFuzzyCompare(forecast->between(winter(2026, 11, 21), winter(2026, 11, 22)), 5)); // too few to tell weekdays apart
    QVERIFY(!MonthForecast::make({}, now, berlin));
}

void tst_CostPeriods::tilesFillTheArea()
{
    std::mt19937 random(5);
    for (int round = 0; round < 50; ++round) {
        QList<double> weights;
        for (int i = 0, count = 1 + int(random() % 20); i < count; ++i)
            weights.append(double(random() % 1000) / 7);
        std::ranges::sort(weights, std::greater {});
        const QRectF where(3, 5, 400, 237);
        const QList<QRectF> rects = squarified(weights, where);
        const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
        double area = 0;
        for (qsizetype i = 0; i < rects.size(); ++i) {
            area += rects[i].width() * rects[i].height();
            QVERIFY(qAbs(rects[i].width() * rects[i].height() - weights[i] / total * 400 * 237) < 1e-6);
            QVERIFY(rects[i].isEmpty() || where.adjusted(-1e-6, -1e-6, 1e-6, 1e-6).contains(rects[i]));
            for (qsizetype j = 0; j < i; ++j) {
                const QRectF both = rects[i].intersected(rects[j]);
                QVERIFY(both.width() < 1e-6 || both.height() < 1e-6);
            }
        }
        QVERIFY(qAbs(area - 400 * 237) < 1e-6);
    }
    QVERIFY(squarified({}, QRectF(0, 0, 10, 10)).isEmpty());
    QVERIFY(squarified({0, 0}, QRectF(0, 0, 10, 10)).at(0).isEmpty());
    // From the paper: 6 by 4, of areas 6 6 4 3 2 2 1. The first two stand one above the other.
    const QList<QRectF> paper = squarified({6, 6, 4, 3, 2, 2, 1}, QRectF(0, 0, 6, 4));
    QCOMPARE(paper.at(0), QRectF(0, 0, 3, 2));
    QCOMPARE(paper.at(1), QRectF(0, 2, 3, 2));
}

QTEST_GUILESS_MAIN(tst_CostPeriods)
#include "tst_cost_periods.moc"
