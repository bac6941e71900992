// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/call_line.h"
#include "gateway/storage/call_scan.h"
#include "gateway/storage/call_store.h"
#include "gateway/storage/line_file.h"
#include "gateway/storage/line_source.h"
#include "gateway/storage/retention.h"
#include "tests/gateway/storage/random_calls.h"
#include "tests/gateway/storage/same_call.h"

#include <QtTest>

#include <filesystem>
#include <future>

using namespace gateway;
using namespace gateway::storage;

namespace {

constexpr WallTime start = std::chrono::sys_days(std::chrono::year(2026) / 11 / 20);
constexpr std::chrono::days span {5};

CallLogLimits withoutRetention()
{
    return {.retentionEvery = std::chrono::hours {1000}};
}

std::vector<CallRecord> someCalls(std::size_t count, std::uint32_t seed)
{
    std::mt19937 random(seed);
    std::vector<CallRecord> records;
    for (std::size_t i = 0; i < count; ++i) {
        records.push_back(tests::randomCall(random, start, span));
        CapturedBodies &bodies = records.back().bodies;
        bodies.request = "question " + std::to_string(i);
        bodies.answer = std::string("an \xff\x01 answer", 11);
    }
    return records;
}

CallStore::Imported import(tests::TempStore &store, std::vector<CallRecord> records, bool onlyLook = false, WallTime notBefore = {}, WallTime bodiesFrom = {})
{
    std::promise<Result<CallStore::Imported>> answer;
    store.writer().work([&](const WriterDesk *desk) {
        answer.set_value(desk->store.import(records, notBefore, bodiesFrom, onlyLook));
        return false;
    });
    const auto counts = answer.get_future().get();
    if (!counts)
        qFatal("%s", counts.error().message.c_str());
    return *counts;
}

/// @return what went
std::uint64_t prune(tests::TempStore &store, WallTime before, bool bodiesOnly)
{
    std::promise<std::uint64_t> answer;
    Retention::Pruning at {.beforeUs = before.time_since_epoch().count(), .bodiesOnly = bodiesOnly};
    store.writer().work([&](const WriterDesk *desk) {
        const auto more = desk->retention.prune(at);
        if (!more)
            qFatal("%s", more.error().message.c_str());
        if (!*more)
            answer.set_value(bodiesOnly ? at.bodies : at.calls);
        return *more;
    });
    return answer.get_future().get();
}

std::vector<CallRecord> allOf(tests::TempStore &store, bool bodies = true, const std::string &filter = {})
{
    std::vector<CallRecord> records;
    const auto read = store.reader().eachCall({}, tests::filterOf(filter), bodies, [&](const CallDetail &call) -> Result<> {
        records.push_back(call.record);
        return {};
    }, [](double) -> Result<> { return {}; });
    if (!read)
        qFatal("%s", read.error().message.c_str());
    return records;
}

/// Everything that is added up, by hour and each field.
std::string sumsOf(tests::TempStore &store)
{
    const auto usage = store.reader().usage({.range = {.from = start, .to = start + span}, .groupBy = {UsageField::Team, UsageField::Provider, UsageField::Model}, .bucket = UsageBucket::Hour}, "UTC");
    if (!usage)
        qFatal("%s", usage.error().message.c_str());
    std::string all;
    for (const UsageRow &row : usage->rows)
        all += row.group[0] + '/' + row.group[1] + '/' + row.group[2] + ' ' + std::to_string(row.at->time_since_epoch().count()) + ' ' + std::to_string(row.totals.calls) + ' ' + std::to_string(row.totals.inputTokens) + ' '
            + row.totals.cost.toDecimal() + ' ' + std::to_string(row.totals.failed) + '\n';
    const auto strips = store.reader().providerStrips({.range = {.from = start, .to = start + span}}, start + span);
    for (const ProviderStrip &strip : strips.value_or(std::vector<ProviderStrip>()))
        all += strip.provider + ' ' + std::to_string(strip.attempts) + ' ' + std::to_string(strip.errors) + '\n';
    return all;
}

} // namespace

class tst_CallImport : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anotherLogGetsTheSameCallsAndSums()
    {
        tests::TempStore from({}, withoutRetention()), to({}, withoutRetention());
        from.store(someCalls(2'500, 1));
        const std::vector<CallRecord> exported = allOf(from);
        QCOMPARE(exported.size(), std::size_t {2'500});
        QVERIFY(std::ranges::is_sorted(exported, {}, &CallRecord::startedAt));
        std::vector<CallRecord> read;
        for (const CallRecord &record : exported)
            read.push_back(readCallLine(callLine(record, true)).value());
        for (std::size_t at = 0; at < read.size(); at += 500) {
            const auto counts = import(to, {read.begin() + static_cast<std::ptrdiff_t>(at), read.begin() + static_cast<std::ptrdiff_t>(at + 500)});
            QCOMPARE(counts.taken, std::uint64_t {500});
        }
        const std::vector<CallRecord> imported = allOf(to);
        QCOMPARE(imported.size(), exported.size());
        for (std::size_t i = 0; i < imported.size(); ++i) {
            const std::string differs = tests::difference(exported[i], imported[i]);
            QVERIFY2(differs.empty(), differs.c_str());
        }
        QCOMPARE(sumsOf(to), sumsOf(from));
        QVERIFY(sumsOf(to).size() > 1'000);
    }

    void spendCollectorsAndAlertsHearNothing()
    {
        tests::TempStore store({}, withoutRetention());
        store.store(someCalls(3, 2));
        const auto before = store.reader().use("UTC", start + span);
        import(store, someCalls(200, 3));
        const auto after = store.reader().use("UTC", start + span);
        QVERIFY(before && after);
        QCOMPARE(after->keys.size(), before->keys.size());
        for (std::size_t i = 0; i < after->keys.size(); ++i) {
            QCOMPARE(after->keys[i].calls, before->keys[i].calls);
            QVERIFY(after->keys[i].spent == before->keys[i].spent);
        }
        QCOMPARE(store.reader().storedAfter(0, 1'000, false)->size(), std::size_t {3});
        std::size_t alerted = 0;
        QVERIFY(store.reader().alertCallsAfter(0, 1'000, [&](const AlertCall &) { ++alerted; }));
        QCOMPARE(alerted, std::size_t {3});
    }

    void aSecondTimeTakesNothing()
    {
        tests::TempStore store({}, withoutRetention());
        const std::vector<CallRecord> calls = someCalls(300, 4);
        store.store({calls.begin(), calls.begin() + 100});
        QCOMPARE(import(store, calls, true).taken, std::uint64_t {200}); // only looked
        QCOMPARE(allOf(store).size(), std::size_t {100});
        std::vector<CallRecord> twice = calls;
        twice.push_back(calls[250]); // twice in the file, too
        auto counts = import(store, twice);
        QCOMPARE(counts.taken, std::uint64_t {200});
        QCOMPARE(counts.known, std::uint64_t {101});
        const std::string sums = sumsOf(store);
        counts = import(store, calls);
        QCOMPARE(counts.taken, std::uint64_t {0});
        QCOMPARE(counts.known, std::uint64_t {300});
        QCOMPARE(sumsOf(store), sums);
        CallRecord odd = calls.front();
        odd.id = "of-another-gateway"; // whose ids have no time in them
        QCOMPARE(import(store, {odd}).taken, std::uint64_t {1});
        QCOMPARE(import(store, {odd}).known, std::uint64_t {1});
    }

    void whatWasPrunedIsNotAddedUpTwice()
    {
        tests::TempStore store({}, withoutRetention());
        store.store(someCalls(1'000, 5));
        const std::string sums = sumsOf(store);
        const std::vector<CallRecord> calls = allOf(store);
        const WallTime before = calls[400].startedAt;
        const auto old = store.reader().oldCalls(before);
        QVERIFY(old);
        QCOMPARE(old->calls, std::uint64_t {400});
        QVERIFY(old->bodyBytes > 400 * 10);
        QCOMPARE(prune(store, before, false), std::uint64_t {400});
        QCOMPARE(allOf(store).size(), std::size_t {600});
        QCOMPARE(sumsOf(store), sums);
        const auto counts = import(store, calls);
        QCOMPARE(counts.tooOld, std::uint64_t {400});
        QCOMPARE(counts.known, std::uint64_t {600});
        QCOMPARE(sumsOf(store), sums);
    }

    void bodiesGoAlone()
    {
        tests::TempStore store({}, withoutRetention());
        store.store(someCalls(500, 6));
        const std::vector<CallRecord> calls = allOf(store);
        QCOMPARE(prune(store, calls[300].startedAt, true), std::uint64_t {300});
        const std::vector<CallRecord> left = allOf(store);
        QCOMPARE(left.size(), std::size_t {500});
        QVERIFY(left[299].bodies.request.empty());
        QCOMPARE(left[300].bodies.request, calls[300].bodies.request);
        QCOMPARE(prune(store, calls[300].startedAt, true), std::uint64_t {0});
    }

    void keepsNoBodyLongerThanItMay()
    {
        CallLogSettings settings;
        settings.log.keep = std::chrono::days {3650};
        settings.log.keepBodies = std::chrono::days {30};
        tests::TempStore store(settings, {.retentionEvery = std::chrono::milliseconds {20}});
        store.clock().jumpWallTo(start + span);
        store.store(someCalls(50, 7)); // rows before those of older calls
        std::vector<CallRecord> older = someCalls(50, 8);
        for (CallRecord &record : older)
            record.startedAt -= std::chrono::days {20};
        QCOMPARE(import(store, older).taken, std::uint64_t {50});
        store.clock().jumpWallTo(start + std::chrono::days {18}); // theirs are over, the others' are not
        QTRY_VERIFY(std::ranges::count_if(allOf(store), [](const CallRecord &record) { return !record.bodies.request.empty(); }) == 50);
        QVERIFY(!allOf(store).back().bodies.request.empty());
    }

    void bodiesThatWouldGoAtOnceAreNotTaken()
    {
        tests::TempStore store({}, withoutRetention());
        std::vector<CallRecord> calls = someCalls(10, 9);
        std::ranges::sort(calls, {}, &CallRecord::startedAt);
        const auto counts = import(store, calls, false, calls[3].startedAt, calls[6].startedAt);
        QCOMPARE(counts.tooOld, std::uint64_t {3});
        const std::vector<CallRecord> taken = allOf(store);
        QCOMPARE(taken.size(), std::size_t {7});
        QVERIFY(taken[2].bodies.request.empty());
        QVERIFY(!taken[3].bodies.request.empty());
    }

    void scansByFilterAndTime()
    {
        tests::TempStore store({}, withoutRetention());
        store.store(someCalls(800, 10));
        std::size_t expected = 0;
        for (const CallRecord &record : allOf(store))
            expected += record.team == "search" ? 1 : 0;
        QVERIFY(expected > 100);
        QCOMPARE(allOf(store, false, "team:search").size(), expected);
        QVERIFY(allOf(store, false).front().bodies.request.empty());
        std::size_t calls = 0;
        const auto ended = store.reader().eachCall({}, {}, false, [&](const CallDetail &) -> Result<> { return ++calls == 5 ? fail(ErrorCode::Cancelled, "enough") : Result<> {}; }, [](double) -> Result<> { return {}; });
        QVERIFY(!ended && ended.error().code == ErrorCode::Cancelled);
    }

    void filesArePackedAndReadBack_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("plain") << "calls.jsonl";
        QTest::newRow("gzip") << "calls.jsonl.gz";
        QTest::newRow("zstd") << "calls.jsonl.zst";
    }
    void filesArePackedAndReadBack()
    {
        QFETCH(const QString, name);
        QTemporaryDir folder;
        const std::string path = folder.filePath(name).toStdString();
        std::mt19937 random(11);
        std::vector<std::string> lines;
        for (int i = 0; i < 3'000; ++i)
            lines.push_back(std::string(random() % 400, static_cast<char>('a' + random() % 26)) + std::to_string(random()));
        lines.push_back(std::string(600'000, 'x'));
        lines.emplace_back();
        {
            auto file = LineFile::create(path, packingOf(path), LineFile::Existing::Keep);
            QVERIFY(file);
            for (const std::string &line : lines)
                QVERIFY((*file)->add(line));
            QVERIFY(!std::filesystem::exists(path)); // not until it is whole
            QVERIFY((*file)->commit());
        }
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), qsizetype {1});
        auto source = LineSource::open(path, 500'000);
        QVERIFY(source);
        std::string line;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const auto kind = (*source)->next(line);
            QVERIFY(kind);
            QCOMPARE((*source)->number(), std::uint64_t {i + 1});
            QVERIFY(*kind == (lines[i].size() > 500'000 ? LineSource::Kind::TooLong : LineSource::Kind::Line));
            QCOMPARE(line, lines[i].size() > 500'000 ? std::string() : lines[i]);
        }
        QVERIFY((*source)->next(line) == LineSource::Kind::End);
        const auto again = LineFile::create(path, packingOf(path), LineFile::Existing::Keep);
        QVERIFY(!again && again.error().code == ErrorCode::Conflict);
        if (packingOf(path) == Packing::None)
            return;
        std::filesystem::resize_file(path, std::filesystem::file_size(path) - 7); // its end is lost
        auto damaged = LineSource::open(path, 1'000'000);
        auto kind = (*damaged)->next(line);
        while (kind && *kind != LineSource::Kind::End)
            kind = (*damaged)->next(line);
        QVERIFY(!kind && kind.error().code == ErrorCode::Invalid);
    }

    void anUnfinishedFileLeavesNothing()
    {
        QTemporaryDir folder;
        const std::string path = folder.filePath(QStringLiteral("calls.jsonl")).toStdString();
        {
            auto file = LineFile::create(path, Packing::None, LineFile::Existing::Replace);
            QVERIFY((*file)->add("a"));
        }
        QVERIFY(QDir(folder.path()).isEmpty());
    }
};

QTEST_GUILESS_MAIN(tst_CallImport)
#include "tst_call_import.moc"
