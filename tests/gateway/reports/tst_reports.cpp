// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/duration.h"
#include "gateway/core/figure_text.h"
#include "gateway/reports/gather.h"
#include "gateway/reports/html.h"
#include "gateway/reports/report_json.h"
#include "gateway/reports/sheet.h"
#include "gateway/reports/words.h"
#include "tests/gateway/storage/random_calls.h"

#include <QTest>
#include <QXmlStreamReader>

#include <nlohmann/json.hpp>

using namespace gateway;
using namespace std::chrono_literals;
using tests::TempStore;

namespace {

constexpr int callsAWeek = 700;

/// Two weeks of calls by chance, the second of which is week 2 of 2026 in Berlin.
std::vector<CallRecord> twoWeeks()
{
    std::mt19937 random(7);
    const auto week = reportWeek("2026-W02", "Europe/Berlin");
    std::vector<CallRecord> calls;
    for (int i = 0; i < 2 * callsAWeek; ++i) {
        calls.push_back(tests::randomCall(random, week->before.front(), std::chrono::seconds(14 * 24h)));
    }
    return calls;
}

std::string wellFormed(const std::string &html)
{
    QXmlStreamReader reader(QByteArray::fromStdString(html));
    while (!reader.atEnd())
        reader.readNext();
    return reader.hasError() ? reader.errorString().toStdString() : std::string();
}

CostFigures sumOf(const std::vector<ReportRow> &rows, CostFigures ReportRow::*which)
{
    CostFigures sum;
    for (const ReportRow &row : rows)
        sum.add(row.*which);
    return sum;
}

ReportData someData()
{
    ReportData data {.time = *reportWeek("2026-W47", "UTC"), .team = "search"};
    data.madeAt = data.time.to() + 7h;
    data.now.calls = 10;
    data.now.cost = Money::fromNanos(842'170'000'000);
    data.before.calls = 9;
    data.before.cost = Money::fromNanos(751'920'000'000);
    data.models = {{.name = "gpt-4o", .now = {.cost = Money::fromNanos(513'720'000'000), .calls = 6}}, {.name = "o3", .now = {.cost = Money::fromNanos(328'450'000'000), .calls = 4}}};
    for (std::size_t i = 0; i + 1 < data.time.days.size(); ++i)
        data.days.push_back({.at = data.time.days[i], .figures = {.cost = Money::fromNanos(120'310'000'000), .calls = 1}});
    return data;
}

} // namespace

/// Reports out of a call log, and written down.
class tst_Reports : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void sumsAreThoseOfCosts_data();
    void sumsAreThoseOfCosts();
    void sectionsAddUpToTheWhole();
    void theLargestCallsAreFound();
    void budgetsAreOfTheirOwnPeriods();
    void aRunningWeekIsComparedAsFar();
    void whatHasNotBegunIsRefused();
    void anEndOfTheQuestionsIsPassedOn();
    void theHeadlineIsPlain_data();
    void theHeadlineIsPlain();
    void figuresAreWritten_data();
    void figuresAreWritten();
    void htmlIsWellFormedAndEscaped();
    void htmlOfALogIsWellFormed();
    void aSheetGoesThroughJson();

private:
    std::unique_ptr<TempStore> m_store;
    config::Config m_config;
    WallTime m_now;
};

void tst_Reports::initTestCase()
{
    m_store = std::make_unique<TempStore>();
    const auto week = reportWeek("2026-W02", "Europe/Berlin");
    m_now = week->to() + 7h;
    m_store->clock().jumpWallTo(m_now);
    m_store->store(twoWeeks());
    m_config.gateway.timeZone = "Europe/Berlin";
    m_config.teams = {{.name = "search"}, {.name = "growth"}, {.name = "support"}};
    m_config.teams[0].quota.budgets = {{.amount = Money::fromNanos(5'000'000'000), .per = Period::Month}, {.amount = Money::fromNanos(1'000'000'000), .per = Period::Day}};
}

void tst_Reports::sumsAreThoseOfCosts_data()
{
    QTest::addColumn<int>("team");
    QTest::newRow("all") << -1;
    QTest::newRow("a team") << 0;
    QTest::newRow("without a team") << 1;
}

void tst_Reports::sumsAreThoseOfCosts()
{
    QFETCH(int, team);
    const std::optional<std::string> asked = team < 0 ? std::nullopt : std::optional<std::string>(team == 0 ? "search" : "");
    const auto week = reportWeek("2026-W02", "Europe/Berlin");
    const auto data = reports::gather(m_store->reader(), m_config, {.time = *week, .team = asked}, m_now);
    QVERIFY2(data, data ? "" : data.error().message.c_str());
    const CallFilter filter = asked ? CallFilter().within("team", *asked) : CallFilter();
    const auto costs = m_store->reader().costs({.borders = week->days, .before = week->before, .filter = filter, .by = CostField::Provider});
    QVERIFY(costs);
    QVERIFY(costs->total.calls > 50);
    QCOMPARE(data->now.calls, costs->total.calls);
    QCOMPARE(data->now.cost.nanos(), costs->total.cost.nanos());
    QCOMPARE(data->now.unpriced, costs->total.unpriced);
    QCOMPARE(data->before.cost.nanos(), costs->totalBefore.cost.nanos());
    for (const auto *rows : {&data->models, &data->keys, &data->routes, &data->customers}) {
        QVERIFY(sumOf(*rows, &ReportRow::now) == costs->total);
        QVERIFY(sumOf(*rows, &ReportRow::before) == costs->totalBefore);
    }
    QCOMPARE(data->days.size(), 7U);
    for (std::size_t i = 0; i < data->days.size(); ++i) {
        QVERIFY(data->days[i].figures == costs->buckets[i]);
        QVERIFY(data->daysBefore[i].figures == costs->before[i]);
    }
    std::uint64_t errors = 0;
    for (const std::uint64_t count : data->now.errors)
        errors += count;
    QCOMPARE(errors, data->now.failed);
    QVERIFY(!data->running);
    QVERIFY(!data->unpriced.empty());
}

void tst_Reports::sectionsAddUpToTheWhole()
{
    const auto week = reportWeek("2026-W02", "Europe/Berlin");
    const auto data = reports::gather(m_store->reader(), m_config, {.time = *week}, m_now);
    QVERIFY(data);
    QCOMPARE(data->sections.size(), 4U); // three teams, and none
    Money cost;
    std::uint64_t calls = 0, looked = 0;
    for (const ReportData &section : data->sections) {
        cost += section.now.cost;
        calls += section.now.calls;
        looked += section.cache.looked;
    }
    QCOMPARE(cost.nanos(), data->now.cost.nanos());
    QCOMPARE(calls, data->now.calls);
    QCOMPARE(looked, data->cache.looked);
    QVERIFY(sumOf(data->teams, &ReportRow::now).cost == data->now.cost);
    const ReportSheet sheet = reports::sheetOf(*data);
    const auto pages = std::ranges::count_if(sheet.blocks, [](const SheetBlock &block) { return std::holds_alternative<SheetTitle>(block) && std::get<SheetTitle>(block).newPage; });
    QCOMPARE(pages, 4);
}

void tst_Reports::theLargestCallsAreFound()
{
    const auto week = reportWeek("2026-W02", "Europe/Berlin");
    std::vector<std::int64_t> costs;
    for (const CallRecord &call : twoWeeks()) {
        if (call.team == "search" && call.startedAt >= week->from() && call.startedAt < week->to() && call.cost && call.cost->nanos() > 0)
            costs.push_back(call.cost->nanos());
    }
    std::ranges::sort(costs, std::ranges::greater {});
    const auto data = reports::gather(m_store->reader(), m_config, {.time = *week, .team = "search"}, m_now);
    QVERIFY(data);
    QCOMPARE(data->largest.size(), mostReportCalls);
    for (std::size_t i = 0; i < data->largest.size(); ++i)
        QCOMPARE(data->largest[i].cost.nanos(), costs.at(i));
}

void tst_Reports::budgetsAreOfTheirOwnPeriods()
{
    const auto week = reportWeek("2026-W02", "Europe/Berlin");
    const auto data = reports::gather(m_store->reader(), m_config, {.time = *week, .team = "search"}, m_now);
    QVERIFY(data);
    QCOMPARE(data->budgets.size(), 2U);
    const ReportBudget &month = data->budgets[0];
    const auto january = reportMonth("2026-01", "Europe/Berlin");
    QCOMPARE(month.from, january->from());
    QCOMPARE(month.to, january->to());
    const auto spent = m_store->reader().costs({.borders = {january->from(), week->to()}, .filter = CallFilter().within("team", "search")});
    QVERIFY(spent);
    QCOMPARE(month.used.nanos(), spent->total.cost.nanos());
    QVERIFY(month.forecast);
    const double gone = 11.0 / 31; // of January, when week 2 ends
    QVERIFY(std::abs(static_cast<double>(month.forecast->nanos()) * gone / static_cast<double>(month.used.nanos()) - 1) < 1e-6);
    const ReportBudget &day = data->budgets[1];
    QVERIFY(day.fullest);
    QVERIFY(!day.forecast);
    const auto fullest = std::ranges::max_element(data->days, {}, [](const ReportDay &each) { return each.figures.cost; });
    QCOMPARE(day.used.nanos(), fullest->figures.cost.nanos());
    QCOMPARE(day.from, fullest->at);
}

void tst_Reports::aRunningWeekIsComparedAsFar()
{
    const auto week = reportWeek("2026-W02", "Europe/Berlin");
    const WallTime now = week->from() + 60h;
    const auto data = reports::gather(m_store->reader(), m_config, {.time = *week, .team = "search"}, now);
    QVERIFY(data);
    QVERIFY(data->running);
    QCOMPARE(data->days.size(), 3U);
    const auto before = m_store->reader().costs({.borders = {week->before.front(), week->before.front() + 60h}, .filter = CallFilter().within("team", "search")});
    QVERIFY(before);
    QCOMPARE(data->before.cost.nanos(), before->total.cost.nanos());
    QVERIFY(reports::headlineOf(*data).find("in week 2 so far") != std::string::npos);
}

void tst_Reports::whatHasNotBegunIsRefused()
{
    const auto data = reports::gather(m_store->reader(), m_config, {.time = *reportWeek("2030-W02", "UTC")}, m_now);
    QVERIFY(!data);
    QCOMPARE(data.error().code, ErrorCode::BadRequest);
}

void tst_Reports::anEndOfTheQuestionsIsPassedOn()
{
    std::vector<ReportProgress> told;
    const auto data = reports::gather(m_store->reader(), m_config, {.time = *reportWeek("2026-W02", "UTC")}, m_now, [&](ReportProgress progress) -> Result<> {
        told.push_back(progress);
        return told.size() < 12 ? Result<>() : fail(ErrorCode::Cancelled, "enough");
    });
    QVERIFY(!data);
    QCOMPARE(data.error().code, ErrorCode::Cancelled);
    QVERIFY(told.back().done > told.front().done && told.back().all > told.back().done);
    QVERIFY(m_store->reader().lastRow()); // and the reader goes on
}

void tst_Reports::theHeadlineIsPlain_data()
{
    QTest::addColumn<qint64>("now");
    QTest::addColumn<qint64>("before");
    QTest::addColumn<QString>("words");
    QTest::newRow("more") << 842'170'000'000LL << 751'920'000'000LL << "search spent $842.17 in week 47, 12 % more than the week before; 61 % of it went to gpt-4o.";
    QTest::newRow("less") << 842'170'000'000LL << 1'684'340'000'000LL << "search spent $842.17 in week 47, 50 % less than the week before; 61 % of it went to gpt-4o.";
    QTest::newRow("as much") << 842'170'000'000LL << 842'170'000'000LL << "search spent $842.17 in week 47, as much as the week before; 61 % of it went to gpt-4o.";
    QTest::newRow("far more") << 842'170'000'000LL << 100'000'000'000LL << "search spent $842.17 in week 47, 8.4 times as much as the week before; 61 % of it went to gpt-4o.";
    QTest::newRow("nothing before") << 842'170'000'000LL << 0LL << "search spent $842.17 in week 47; 61 % of it went to gpt-4o.";
}

void tst_Reports::theHeadlineIsPlain()
{
    QFETCH(qint64, now);
    QFETCH(qint64, before);
    QFETCH(QString, words);
    ReportData data = someData();
    data.now.cost = Money::fromNanos(now);
    data.before.cost = Money::fromNanos(before);
    QCOMPARE(QString::fromStdString(reports::headlineOf(data)), words);
    data.now = {};
    QCOMPARE(reports::headlineOf(data), std::string("search made no calls in week 47."));
}

void tst_Reports::figuresAreWritten_data()
{
    QTest::addColumn<QString>("written");
    QTest::addColumn<QString>("wanted");
    const auto money = [](std::int64_t nanos) { return QString::fromStdString(reports::moneyText(Money::fromNanos(nanos))); };
    QTest::newRow("thousands") << money(1'234'567'890'000'000) << "$1,234,567.89";
    QTest::newRow("cents") << money(420'000'000) << "$0.42";
    QTest::newRow("less than a cent") << money(4'200'000) << "$0.0042";
    QTest::newRow("next to nothing") << money(42'000) << "<$0.0001";
    QTest::newRow("nothing") << money(0) << "$0.00";
    QTest::newRow("share") << QString::fromStdString(reports::shareText(0.0041)) << "0.4 %";
    QTest::newRow("small share") << QString::fromStdString(reports::shareText(0.0004)) << "<0.1 %";
    QTest::newRow("nearly all") << QString::fromStdString(reports::shareText(0.9999)) << "99 %";
    QTest::newRow("all") << QString::fromStdString(reports::shareText(1)) << "100 %";
    QTest::newRow("milliseconds") << QString::fromStdString(latencyText(840'000)) << "840 ms";
    QTest::newRow("seconds") << QString::fromStdString(latencyText(2'410'000)) << "2.41 s";
    QTest::newRow("minutes") << QString::fromStdString(latencyText(72'000'000)) << "1 m 12 s";
    QTest::newRow("count") << QString::fromStdString(reports::countText(15'120)) << "15,120";
    QTest::newRow("three digits") << QString::fromStdString(reports::countText(999)) << "999";
}

void tst_Reports::figuresAreWritten()
{
    QFETCH(QString, written);
    QFETCH(QString, wanted);
    QCOMPARE(written, wanted);
}

void tst_Reports::htmlIsWellFormedAndEscaped()
{
    ReportData data = someData();
    const std::string nasty = "</title><script>alert('x')</script>&\"\x01\xff";
    data.team = nasty;
    data.models[0].name = nasty;
    data.customers = {{.name = nasty, .now = data.models[0].now}};
    data.largest = {{.id = "call_1", .at = data.time.from(), .customer = nasty, .model = nasty, .cost = Money::fromNanos(1'000'000'000)}};
    const ReportSheet sheet = reports::sheetOf(data);
    const std::string html = reports::htmlOf(sheet);
    QCOMPARE(wellFormed(html), std::string());
    QVERIFY(html.find("<script") == std::string::npos);
    QVERIFY(html.find("&lt;script&gt;") != std::string::npos);
    for (const char *outside : {"http://", "https://", "url(", "@import"}) {
        std::string rest = html;
        for (const std::string own : {"http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"}) {
            for (std::size_t at = rest.find(own); at != std::string::npos; at = rest.find(own))
                rest.erase(at, own.size());
        }
        QVERIFY2(rest.find(outside) == std::string::npos, outside); // one file, nothing from elsewhere
    }
    QVERIFY(sheet.fileName.find_first_of("/<>&\"' ") == std::string::npos);
}

void tst_Reports::htmlOfALogIsWellFormed()
{
    for (const auto &time : {reportWeek("2026-W02", "Europe/Berlin"), reportMonth("2026-01", "UTC"), reportDays("2025-12-01", "2026-01-10", "UTC")}) {
        const auto data = reports::gather(m_store->reader(), m_config, {.time = *time}, m_now);
        QVERIFY(data);
        const std::string html = reports::htmlOf(reports::sheetOf(*data));
        QCOMPARE(wellFormed(html), std::string());
        QVERIFY(html.find("<svg") != std::string::npos);
        const std::string text = reports::jsonOf(*data).dump();
        QVERIFY(nlohmann::json::parse(text)["now"]["calls"] == data->now.calls);
    }
}

void tst_Reports::aSheetGoesThroughJson()
{
    const ReportSheet sheet = reports::sheetOf(someData());
    const auto back = reports::sheetFrom(nlohmann::json::parse(reports::jsonOf(sheet).dump()));
    QVERIFY(back);
    QCOMPARE(reports::htmlOf(*back), reports::htmlOf(sheet));
    QCOMPARE(reports::jsonOf(*back).dump(), reports::jsonOf(sheet).dump());
    QVERIFY(!reports::sheetFrom(nlohmann::json::parse(R"({"title":1})")));
    QVERIFY(!reports::sheetFrom({}));
}

QTEST_GUILESS_MAIN(tst_Reports)
#include "tst_reports.moc"
