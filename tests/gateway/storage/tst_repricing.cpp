// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/database.h"
#include "gateway/storage/query_thread.h"
#include "gateway/storage/repricer.h"
#include "gateway/storage/repricings.h"
#include "gateway/storage/schemas.h"
#include "tests/gateway/storage/random_calls.h"

#include <QTest>

#include <array>
#include <atomic>
#include <future>
#include <utility>

using namespace gateway;
using namespace gateway::storage;
using namespace std::chrono_literals;
using namespace tests;

namespace {

/// So many nano-dollars a token of each provider; none of "local".
PricesNow prices(std::int64_t openai, std::int64_t claude)
{
    return {.prices = [=](std::string_view provider, std::string_view) -> std::optional<Prices> {
                if (provider == "local")
                    return std::nullopt;
                const Money price = Money::fromNanos((provider == "openai" ? openai : claude) * 1'000'000);
                return Prices {.input = price, .output = price};
            },
            .firstChoice = [](std::string_view) { return std::nullopt; }};
}

std::optional<Money> priceOf(const CallRecord &record, std::int64_t openai, std::int64_t claude)
{
    Money sum;
    for (const AttemptRecord &attempt : record.attempts) {
        if (attempt.usage.total() == 0)
            continue;
        if (attempt.provider == "local")
            return std::nullopt;
        sum += Money::fromNanos(attempt.usage.total() * (attempt.provider == "openai" ? openai : claude));
    }
    return sum;
}

Result<std::int64_t> start(Repricings &repricings, RepriceQuery query, PricesNow now)
{
    std::promise<Result<std::int64_t>> began;
    auto outcome = began.get_future();
    repricings.ask([&](const Result<Repricer *> &repricer) { began.set_value(repricer ? (*repricer)->start({.query = std::move(query), .now = std::move(now), .author = "test"}, WallTime(std::chrono::hours(1000))) : std::unexpected(repricer.error())); });
    return outcome.get();
}

Result<> drop(Repricings &repricings, std::int64_t run)
{
    std::promise<Result<>> dropped;
    auto outcome = dropped.get_future();
    repricings.ask([&](const Result<Repricer *> &repricer) { dropped.set_value(repricer ? (*repricer)->drop(run) : std::unexpected(repricer.error())); });
    return outcome.get();
}

/// Waits until nothing is under way.
std::vector<RepriceRun> settled(TempStore &store)
{
    std::vector<RepriceRun> runs;
    const bool over = QTest::qWaitFor(
        [&] {
            runs = store.reader().repriceRuns().value_or(std::vector<RepriceRun>());
            return std::ranges::all_of(runs, [](const RepriceRun &run) { return run.state == RepriceRun::State::Done; });
        },
        20'000);
    if (!over)
        qFatal("a re-pricing does not end");
    return runs;
}

/// What costs count in these, and by what a call is priced.
CallRecord pricedCall(std::mt19937 &random, WallTime from)
{
    CallRecord record = randomCall(random, from, 5h);
    for (AttemptRecord &attempt : record.attempts) {
        if (attempt.ok) {
            attempt.provider = record.provider;
            attempt.model = record.model;
            attempt.usage = record.usage;
            attempt.cost = record.cost;
        }
    }
    if (record.cache == CacheOutcome::Hit || record.cache == CacheOutcome::Semantic)
        record.cache = CacheOutcome::Miss;
    return record;
}

/// The figure that holds for each call; NULL where none does.
std::vector<std::optional<std::int64_t>> figuresOf(TempStore &store, const std::vector<CallRecord> &records)
{
    std::vector<std::optional<std::int64_t>> figures;
    for (const CallRecord &record : records) {
        const auto figure = store.reader().repricedCall(record.id);
        if (!figure)
            qFatal("%s", figure.error().message.c_str());
        figures.push_back(*figure ? std::optional((*figure)->cost.nanos()) : std::nullopt);
    }
    return figures;
}

} // namespace

class tst_Repricing : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void everyCallGetsWhatItWouldCost();
    void undoneIsAsBefore();
    void theSameAgainChangesNothing();
    void onlyTheLatestIsUndone();
    void previewTellsWhatComes();
    void aPreviewEndsByWish();
    void onlyTheQuerysCallsChange();
    void oneThatEndedWithItsProcessLeavesNothing();
    void bothFiguresAreToldOfATime();
    void stoppedLeavesNothing();
    void callsAreStoredMeanwhile();
    void aClosedLogSaysSo();
    void whatTheLogDoesNotTellIsLeftAlone();
    void goesWithItsCall();

private:
    std::unique_ptr<TempStore> m_store;
    std::unique_ptr<Repricings> m_repricings;
    std::vector<CallRecord> m_records;
    WallTime m_from;
};

void tst_Repricing::init()
{
    m_store = std::make_unique<TempStore>();
    m_from = std::chrono::floor<std::chrono::hours>(m_store->clock().wallNow() - 8h);
    std::mt19937 random(3);
    m_records.clear();
    for (int i = 0; i < 1800; ++i)
        m_records.push_back(pricedCall(random, m_from));
    m_store->store(m_records);
    m_repricings = std::make_unique<Repricings>(m_store->writer());
}

void tst_Repricing::cleanup()
{
    m_repricings.reset();
    m_store.reset();
}

void tst_Repricing::everyCallGetsWhatItWouldCost()
{
    const auto run = start(*m_repricings, {}, prices(100, 7));
    QVERIFY2(run, run ? "" : run.error().message.c_str());
    const auto runs = settled(*m_store);
    QCOMPARE(runs.size(), 1U);
    QCOMPARE(runs[0].author, "test");
    RepriceFigures expected;
    for (std::size_t i = 0; i < m_records.size(); ++i) {
        const CallRecord &record = m_records[i];
        if (record.attempts.empty())
            continue;
        const auto after = priceOf(record, 100, 7);
        ++expected.looked;
        expected.unknown += after ? 0 : 1;
        const bool changes = after && record.cost != after;
        if (changes) {
            ++expected.changed;
            expected.firstPriced += record.cost ? 0 : 1;
            expected.before += record.cost.value_or(Money {});
            expected.after += *after;
        }
        if (i % 37 != 0)
            continue;
        const auto figure = m_store->reader().repricedCall(record.id);
        QVERIFY2(figure, figure ? "" : figure.error().message.c_str());
        QCOMPARE(figure->has_value(), changes);
        if (changes)
            QCOMPARE((*figure)->cost.nanos(), after->nanos());
        const auto logged = m_store->reader().call(record.id);
        QVERIFY(logged && logged->record.cost == record.cost); // never changes
    }
    QVERIFY(expected.changed > 100 && expected.firstPriced > 10 && expected.unknown > 100);
    QVERIFY(runs[0].figures == expected);
}

void tst_Repricing::undoneIsAsBefore()
{
    const auto run = start(*m_repricings, {}, prices(100, 7));
    QVERIFY(run);
    settled(*m_store);
    QVERIFY(m_store->reader().repricedCall(m_records.front().id));
    QVERIFY(drop(*m_repricings, *run));
    for (const auto &figure : figuresOf(*m_store, m_records)) // at once
        QVERIFY(!figure);
    QVERIFY(settled(*m_store).empty());
    m_store->closeWriter();
    const auto database = Database::open({.path = m_store->callsPath()}, callLogSchema());
    QVERIFY(database);
    QCOMPARE(*(*database)->number("SELECT (SELECT count(*) FROM repriced) + (SELECT count(*) FROM reprice_runs)"), 0);
}

void tst_Repricing::theSameAgainChangesNothing()
{
    QVERIFY(start(*m_repricings, {}, prices(100, 7)));
    const auto first = settled(*m_store);
    const auto once = figuresOf(*m_store, m_records);
    QVERIFY(start(*m_repricings, {}, prices(100, 7)));
    const auto again = settled(*m_store);
    QCOMPARE(again.size(), 1U); // one that changed nothing is not kept
    QCOMPARE(again[0].id, first[0].id);
    QVERIFY(figuresOf(*m_store, m_records) == once);
}

void tst_Repricing::onlyTheLatestIsUndone()
{
    const auto first = start(*m_repricings, {}, prices(100, 7));
    settled(*m_store);
    const auto one = figuresOf(*m_store, m_records);
    const auto second = start(*m_repricings, {}, prices(50, 70));
    QVERIFY(second);
    settled(*m_store);
    QVERIFY(figuresOf(*m_store, m_records) != one);
    QCOMPARE(drop(*m_repricings, *first).error().code, ErrorCode::Conflict);
    QCOMPARE(drop(*m_repricings, 999).error().code, ErrorCode::NotFound);
    QVERIFY(drop(*m_repricings, *second));
    settled(*m_store);
    QVERIFY(figuresOf(*m_store, m_records) == one);
    QVERIFY(drop(*m_repricings, *first));
    QVERIFY(settled(*m_store).empty());
}

void tst_Repricing::previewTellsWhatComes()
{
    const auto preview = m_store->reader().repricePreview({}, prices(100, 7));
    QVERIFY2(preview, preview ? "" : preview.error().message.c_str());
    RepriceFigures sum;
    for (const RepricePreview::Row &row : preview->rows)
        sum.add(row.figures);
    QVERIFY(sum == preview->total);
    QVERIFY(start(*m_repricings, {}, prices(100, 7)));
    QVERIFY(settled(*m_store).at(0).figures == preview->total);
    QCOMPARE(m_store->reader().repricePreview({}, prices(100, 7))->total.changed, 0U);
}

void tst_Repricing::aPreviewEndsByWish()
{
    QueryThread thread(m_store->callsPath(), "query-test");
    std::promise<void> begun, wished;
    std::promise<Result<RepricePreview>> ended;
    std::atomic<int> waited = 0;
    PricesNow now = prices(100, 7);
    now.prices = [&, inner = now.prices, first = true](std::string_view provider, std::string_view model) mutable {
        if (std::exchange(first, false)) {
            begun.set_value();
            wished.get_future().wait();
        }
        return inner(provider, model);
    };
    thread.ask("preview", [&](CallLogReader *reader, const Error &) { ended.set_value(reader->repricePreview({}, now)); });
    begun.get_future().wait();
    thread.cancel("others");
    thread.ask("waits", [&](CallLogReader *, const Error &) { ++waited; });
    thread.cancel("waits");
    thread.cancel("preview");
    wished.set_value();
    const auto preview = ended.get_future().get();
    QVERIFY(!preview);
    QVERIFY2(preview.error().code == ErrorCode::Cancelled, preview.error().message.c_str());
    std::promise<bool> next;
    thread.ask("preview", [&](CallLogReader *reader, const Error &) { next.set_value(reader->repricePreview({}, prices(100, 7)).has_value()); });
    QVERIFY(next.get_future().get()); // the next one is not touched
    QCOMPARE(waited.load(), 0);
}

void tst_Repricing::onlyTheQuerysCallsChange()
{
    const RepriceQuery query {.range = {.from = m_from + 1h, .to = m_from + 2h}, .filter = filterOf("team:search")};
    QVERIFY(start(*m_repricings, query, prices(100, 7)));
    const auto runs = settled(*m_store);
    QVERIFY(!runs.empty());
    QCOMPARE(runs[0].filter, "team:search");
    const auto figures = figuresOf(*m_store, m_records);
    std::uint64_t changed = 0;
    for (std::size_t i = 0; i < figures.size(); ++i) {
        const CallRecord &record = m_records[i];
        const bool asked = record.team == "search" && record.startedAt >= m_from + 1h && record.startedAt < m_from + 2h;
        QVERIFY(asked || !figures[i]);
        changed += figures[i] ? 1 : 0;
    }
    QCOMPARE(changed, runs[0].figures.changed);
    QVERIFY(changed > 10);
}

void tst_Repricing::oneThatEndedWithItsProcessLeavesNothing()
{
    QVERIFY(start(*m_repricings, {}, prices(100, 7)));
    settled(*m_store);
    const auto done = figuresOf(*m_store, m_records);
    m_store->closeWriter();
    {
        const auto database = Database::open({.path = m_store->callsPath()}, callLogSchema());
        QVERIFY(database);
        Repricer repricer(**database);
        QVERIFY(repricer.begin());
        QVERIFY(repricer.start({.query = {}, .now = prices(5, 5)}, m_from));
        QVERIFY(repricer.start({.query = {}, .now = prices(5, 5)}, m_from).error().code == ErrorCode::Conflict);
        QVERIFY(*repricer.step()); // not the last one
    }
    QVERIFY(figuresOf(*m_store, m_records) == done);
    m_repricings = std::make_unique<Repricings>(m_store->writer()); // opens
    QCOMPARE(settled(*m_store).size(), 1U);
    QVERIFY(figuresOf(*m_store, m_records) == done);
}

void tst_Repricing::bothFiguresAreToldOfATime()
{
    const RepriceQuery query {.range = {.from = m_from + 1h, .to = m_from + 3h}, .filter = filterOf("team:search")};
    QCOMPARE(m_store->reader().repricedTotal(query)->calls, 0U);
    QVERIFY(start(*m_repricings, {}, prices(50, 70)));
    settled(*m_store);
    QVERIFY(start(*m_repricings, {}, prices(100, 7))); // holds, where it changes something
    settled(*m_store);
    RepricedTotal expected;
    for (const CallRecord &record : m_records) {
        const auto figure = m_store->reader().repricedCall(record.id);
        QVERIFY(figure);
        if (!*figure || record.team != "search" || record.startedAt < m_from + 1h || record.startedAt >= m_from + 3h)
            continue;
        ++expected.calls;
        expected.firstPriced += record.cost ? 0 : 1;
        expected.logged += record.cost.value_or(Money {});
        expected.repriced += (*figure)->cost;
    }
    const auto total = m_store->reader().repricedTotal(query);
    QVERIFY2(total, total ? "" : total.error().message.c_str());
    QVERIFY(expected.calls > 10 && expected.firstPriced > 0);
    QCOMPARE(total->calls, expected.calls);
    QCOMPARE(total->firstPriced, expected.firstPriced);
    QCOMPARE(total->logged.nanos(), expected.logged.nanos());
    QCOMPARE(total->repriced.nanos(), expected.repriced.nanos());
}

void tst_Repricing::stoppedLeavesNothing()
{
    std::promise<std::array<bool, 4>> asked;
    m_repricings->ask([&](const Result<Repricer *> &repricer) { // between two steps
        const auto run = (*repricer)->start({.query = {}, .now = prices(100, 7)}, m_from);
        const auto some = (*repricer)->step();
        const auto another = (*repricer)->start({.query = {}, .now = prices(5, 5)}, m_from);
        asked.set_value({run.has_value(), some && *some, !another && another.error().code == ErrorCode::Conflict, run && (*repricer)->drop(*run)});
    });
    QVERIFY((asked.get_future().get() == std::array {true, true, true, true}));
    QVERIFY(settled(*m_store).empty());
    QVERIFY(std::ranges::none_of(figuresOf(*m_store, m_records), [](const auto &figure) { return figure.has_value(); }));
    QVERIFY(start(*m_repricings, {}, prices(5, 5)));
    QCOMPARE(settled(*m_store).size(), 1U);
}

void tst_Repricing::callsAreStoredMeanwhile()
{
    QVERIFY(start(*m_repricings, {}, prices(100, 7)));
    const CallRecord late = sampleCall(m_from + 6h);
    m_store->store({late});
    QVERIFY(m_store->reader().call(late.id));
    m_store->closeWriter(); // perhaps half way
    m_repricings = std::make_unique<Repricings>(m_store->writer());
    const auto runs = settled(*m_store);
    const auto changed = std::ranges::count_if(figuresOf(*m_store, m_records), [](const auto &figure) { return figure.has_value(); });
    QCOMPARE(static_cast<std::uint64_t>(changed), runs.empty() ? 0U : runs[0].figures.changed); // all, or none
}

void tst_Repricing::aClosedLogSaysSo()
{
    static_cast<void>(m_store->writer().close());
    QCOMPARE(start(*m_repricings, {}, prices(1, 1)).error().code, ErrorCode::Busy);
    QVERIFY(m_repricings->problem().empty());
}

void tst_Repricing::whatTheLogDoesNotTellIsLeftAlone()
{
    PricesNow sound = prices(100, 7);
    sound.prices = [](std::string_view, std::string_view) -> std::optional<Prices> { return Prices {.input = Money::fromNanos(1), .output = Money::fromNanos(1), .audioInput = Money::fromNanos(5)}; };
    const auto preview = m_store->reader().repricePreview({}, sound);
    QVERIFY(preview);
    std::uint64_t used = 0; // what cost nothing has no tokens of any kind
    for (const CallRecord &record : m_records)
        used += std::ranges::any_of(record.attempts, [](const AttemptRecord &attempt) { return attempt.usage.total() > 0; }) ? 1 : 0;
    QCOMPARE(preview->total.unknown, used);
}

void tst_Repricing::goesWithItsCall()
{
    QVERIFY(start(*m_repricings, {}, prices(100, 7)));
    settled(*m_store);
    CallLogSettings settings;
    settings.log.keep = settings.log.keepBodies = config::Millis {1};
    m_store->writer().configure(settings);
    QVERIFY(QTest::qWaitFor([&] { return m_store->reader().calls({.limit = 1})->rows.empty(); }, 20'000));
    m_store->closeWriter();
    const auto database = Database::open({.path = m_store->callsPath()}, callLogSchema());
    QVERIFY(database);
    QCOMPARE(*(*database)->number("SELECT count(*) FROM repriced"), 0);
}

QTEST_GUILESS_MAIN(tst_Repricing)
#include "tst_repricing.moc"
