// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/log_sinks.h"
#include "gateway/storage/call_line.h"
#include "gateway/storage/call_store.h"
#include "gateway/storage/line_source.h"
#include "gateway/storage/retention.h"
#include "tests/gateway/api/fake_s3.h"
#include "tests/support/temp_store.h"

#include <QDirIterator>
#include <QtTest>

#include <future>
#include <set>

using namespace gateway;
using namespace gateway::api;
using namespace Qt::StringLiterals;

namespace {

constexpr WallTime start = std::chrono::sys_days(std::chrono::year(2026) / 11 / 30) + std::chrono::hours(8);
QStringList said; ///< in the log file's place

void listen(QtMsgType, const QMessageLogContext &, const QString &text)
{
    said += text;
}

config::Config configWith(std::vector<config::LogSink> sinks)
{
    config::Config config;
    config.telemetry.sinks = std::move(sinks);
    return config;
}

config::LogSink folderSink(const QString &folder)
{
    return {.name = "archive", .folder = folder.toStdString(), .bodies = true, .every = std::chrono::milliseconds {30}};
}

config::LogSink bucketSink(const tests::FakeS3 &s3)
{
    return {.name = "cloud",
            .s3 = {.bucket = "calls", .prefix = "gate one/ü+", .endpoint = s3.address(), .region = s3.region.toStdString(), .accessKeyId = {s3.keyId.toStdString()}, .secretAccessKey = {s3.secret.toStdString()}},
            .every = std::chrono::milliseconds {30}};
}

/// Sinks over a log, as the gateway has them.
struct Site
{
    explicit Site(tests::TempStore &store) : sinks({.writer = store.writer(), .clock = clock, .callsPath = store.callsPath(), .instance = "0a1b2c3d", .look = std::chrono::milliseconds {20},
                                                    .pause = std::chrono::milliseconds {20}, .lastRow = [&store] { return store.writer().state().committed; }}, board)
    {
    }
    std::uint64_t count(const char *name) const
    {
        for (const telemetry::Gauge &gauge : board.gauges()) {
            if (gauge.name == name)
                return static_cast<std::uint64_t>(gauge.value);
        }
        return 0;
    }

    SystemClock clock;
    LogSinkBoard board;
    LogSinks sinks;
};

QStringList filesIn(const QString &folder)
{
    QStringList files;
    QDirIterator all(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (all.hasNext())
        files += QDir(folder).relativeFilePath(all.next());
    files.sort();
    return files;
}

std::vector<CallRecord> callsIn(const QString &file)
{
    std::vector<CallRecord> calls;
    const auto source = storage::LineSource::open(file.toStdString(), storage::longestCallLine);
    std::string line;
    while (source && (*source)->next(line) == storage::LineSource::Kind::Line)
        calls.push_back(storage::readCallLine(line).value());
    return calls;
}

std::multiset<std::string> idsIn(const QString &folder)
{
    std::multiset<std::string> ids;
    for (const QString &file : filesIn(folder)) {
        for (const CallRecord &call : callsIn(folder + u'/' + file))
            ids.insert(call.id);
    }
    return ids;
}

std::multiset<std::string> idsOf(const tests::FakeS3 &s3)
{
    QTemporaryDir folder;
    int n = 0;
    for (const QByteArray &object : s3.objects) {
        QFile file(folder.filePath(QString::number(++n)));
        static_cast<void>(file.open(QIODevice::WriteOnly));
        file.write(object);
    }
    return idsIn(folder.path());
}

std::vector<CallRecord> someCalls(int count, int seconds = 0)
{
    std::vector<CallRecord> calls;
    for (int i = 0; i < count; ++i) {
        calls.push_back(tests::sampleCall(start + std::chrono::seconds(seconds + i)));
        calls.back().bodies.request = "a question";
    }
    return calls;
}

std::multiset<std::string> idsOf(const std::vector<CallRecord> &calls)
{
    std::multiset<std::string> ids;
    for (const CallRecord &call : calls)
        ids.insert(call.id);
    return ids;
}

bool isKnown(tests::TempStore &store, const char *sink)
{
    return store.reader().sinkPlace(sink).value_or(std::nullopt).has_value();
}

} // namespace

class tst_LogSinks : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        said.clear();
        m_before = qInstallMessageHandler(&listen);
    }
    void cleanup() { qInstallMessageHandler(m_before); }

    void aFolderGetsFilesByDay()
    {
        QTemporaryDir folder;
        tests::TempStore store;
        store.store(someCalls(3)); // of before: not meant for it
        Site site(store);
        site.sinks.configure(configWith({folderSink(folder.path())}));
        QTRY_VERIFY(isKnown(store, "archive"));
        const auto calls = someCalls(20, 100);
        store.store(calls);
        QTRY_COMPARE(site.count("log_sink_sent_total"), std::uint64_t {20});
        QVERIFY(idsIn(folder.path()) == idsOf(calls));
        QCOMPARE(filesIn(folder.path()).front(), u"2026/11/30/calls-080140-0a1b2c3d-4.jsonl.zst"_s);
        QCOMPARE(callsIn(folder.path() + u'/' + filesIn(folder.path()).front()).front().bodies.request, std::string("a question"));
        QVERIFY((QFile(folder.path() + u'/' + filesIn(folder.path()).front()).permissions() & (QFile::ReadGroup | QFile::ReadOther)) == QFile::Permissions());
        QVERIFY(site.board.problem().empty());
    }

    void aBucketGetsSignedObjects()
    {
        tests::FakeS3 s3;
        tests::TempStore store;
        Site site(store);
        config::LogSink sink = bucketSink(s3);
        sink.s3.sessionToken = {"of-some-hours"};
        site.sinks.configure(configWith({sink}));
        QTRY_VERIFY(isKnown(store, "cloud"));
        const auto calls = someCalls(7);
        store.store(calls);
        QTRY_COMPARE(site.count("log_sink_sent_total"), std::uint64_t {7});
        QVERIFY(idsOf(s3) == idsOf(calls));
        QCOMPARE(s3.objects.firstKey(), QByteArray("/calls/gate%20one/%C3%BC%2B/2026/11/30/calls-080000-0a1b2c3d-1.jsonl.zst"));
        QCOMPARE(s3.token, QByteArray("of-some-hours"));
    }

    void addressesAreThoseOfAmazonAndOfOthers()
    {
        config::S3Place place {.bucket = "calls"};
        QCOMPARE(s3Address(place, "a/b c").origin + s3Address(place, "a/b c").path, std::string("https://calls.s3.us-east-1.amazonaws.com/a/b%20c"));
        place.bucket = "calls.of.mine"; // no certificate is for that
        QCOMPARE(s3Address(place, "a").origin + s3Address(place, "a").path, std::string("https://s3.us-east-1.amazonaws.com/calls.of.mine/a"));
        place.endpoint = "https://store.example:443/under/";
        QCOMPARE(s3Address(place, "a").origin + s3Address(place, "a").path, std::string("https://store.example:443/under/calls.of.mine/a"));
        QCOMPARE(s3Address(place, "a").host, std::string("store.example"));
    }

    void anOutageLosesNothingAndIsTold()
    {
        tests::FakeS3 s3;
        s3.refuseWith = 503;
        s3.refusal = "<Error><Code>SlowDown</Code><Message>leaked wJalrXUtnFEMI</Message></Error>";
        tests::TempStore store;
        Site site(store);
        site.sinks.configure(configWith({bucketSink(s3)}));
        QTRY_VERIFY(isKnown(store, "cloud"));
        auto calls = someCalls(5);
        store.store(calls);
        QTRY_VERIFY(site.count("log_sink_failed_total") >= 2);
        QVERIFY2(site.board.problem().find("503 (SlowDown)") != std::string::npos, site.board.problem().c_str());
        auto told = site.board.statuses(store.writer().state().committed);
        QCOMPARE(told.size(), std::size_t {1});
        QVERIFY(told[0].name == "cloud" && told[0].sent == 0 && told[0].waiting == std::optional<std::uint64_t>(5) && told[0].problem == site.board.problem());
        QCOMPARE(said.filter(u"does not reach"_s).size(), qsizetype {1}); // one line, however long it takes
        const auto more = someCalls(5, 50);
        store.store(more);
        calls.insert(calls.end(), more.begin(), more.end());
        s3.refuseWith = 0;
        s3.refusal.clear();
        QTRY_COMPARE(site.count("log_sink_sent_total"), std::uint64_t {10});
        QVERIFY(idsOf(s3) == idsOf(calls));
        QVERIFY(site.board.problem().empty());
        told = site.board.statuses(store.writer().state().committed);
        QVERIFY(told[0].sent == 10 && told[0].waiting == std::optional<std::uint64_t>(0) && told[0].problem.empty());
        for (const QString &line : said)
            QVERIFY2(!line.contains(u"wJalr"_s) && !line.contains(u"AKID"_s), qPrintable(line));
    }

    void aRestartGoesOnWhereItWas()
    {
        QTemporaryDir folder;
        tests::TempStore store;
        const auto first = someCalls(4), second = someCalls(6, 40);
        {
            Site site(store);
            site.sinks.configure(configWith({folderSink(folder.path())}));
            QTRY_VERIFY(isKnown(store, "archive"));
            store.store(first);
            QTRY_COMPARE(site.count("log_sink_sent_total"), std::uint64_t {4});
            QTRY_COMPARE(store.reader().sinkPlace("archive").value(), std::optional<std::uint64_t>(4));
        }
        store.store(second); // while nothing runs
        Site site(store);
        site.sinks.configure(configWith({folderSink(folder.path())}));
        QTRY_COMPARE(site.count("log_sink_sent_total"), std::uint64_t {6});
        auto all = first;
        all.insert(all.end(), second.begin(), second.end());
        QVERIFY(idsIn(folder.path()) == idsOf(all));
    }

    void whatAKilledOneWroteIsWrittenOver()
    {
        QTemporaryDir folder;
        tests::TempStore store;
        const auto calls = someCalls(9);
        store.store(calls);
        const auto batch = logSinkBatch(store.reader(), 0, true, "0a1b2c3d", {.calls = 5}); // and its place was not kept
        QVERIFY(batch && batch->calls == 5 && batch->more);
        QVERIFY(writeToFolder(folder.path().toStdString(), *batch));
        const auto again = logSinkBatch(store.reader(), 0, true, "0a1b2c3d");
        QVERIFY(again && again->calls == 9 && again->name == batch->name);
        QVERIFY(writeToFolder(folder.path().toStdString(), *again));
        QVERIFY(idsIn(folder.path()) == idsOf(calls)); // each once
    }

    void oneThatIsOffGoesOnLater()
    {
        QTemporaryDir folder;
        tests::TempStore store;
        Site site(store);
        config::LogSink sink = folderSink(folder.path());
        site.sinks.configure(configWith({sink}));
        QTRY_VERIFY(isKnown(store, "archive"));
        sink.enabled = false;
        site.sinks.configure(configWith({sink}));
        store.store(someCalls(3));
        QTest::qWait(100);
        QVERIFY(filesIn(folder.path()).isEmpty());
        sink.enabled = true;
        site.sinks.configure(configWith({sink}));
        QTRY_COMPARE(site.count("log_sink_sent_total"), std::uint64_t {3});
        site.sinks.configure(configWith({})); // and one that is gone is forgotten
        QTRY_VERIFY(!isKnown(store, "archive"));
        QVERIFY(site.board.gauges().empty());
    }

    void whatTheLogLostIsCounted()
    {
        QTemporaryDir folder;
        tests::TempStore store({}, {.retentionEvery = std::chrono::hours {1000}});
        Site site(store);
        config::LogSink sink = folderSink(folder.path() + u"/not-mounted"_s);
        site.sinks.configure(configWith({sink}));
        QTRY_VERIFY(isKnown(store, "archive"));
        store.store(someCalls(10));
        QTRY_VERIFY(site.count("log_sink_failed_total") >= 1);
        QVERIFY(site.board.problem().find("is no folder") != std::string::npos);
        std::promise<void> removed;
        store.writer().work([&, at = storage::Retention::Pruning {.beforeUs = (start + std::chrono::seconds(6)).time_since_epoch().count()}](const storage::WriterDesk *desk) mutable {
            const bool more = desk->retention.prune(at).value();
            if (!more)
                removed.set_value();
            return more;
        });
        removed.get_future().get();
        QVERIFY(QDir(folder.path()).mkdir(u"not-mounted"_s));
        QTRY_COMPARE(site.count("log_sink_sent_total"), std::uint64_t {4});
        QCOMPARE(site.count("log_sink_dropped_total"), std::uint64_t {6});
        QCOMPARE(site.board.statuses(10)[0].dropped, std::uint64_t {6});
    }

    void theEndWritesWhatWaits()
    {
        QTemporaryDir folder;
        tests::TempStore store;
        Site site(store);
        config::LogSink sink = folderSink(folder.path());
        sink.every = std::chrono::hours {1};
        site.sinks.configure(configWith({sink}));
        QTRY_VERIFY(isKnown(store, "archive"));
        const auto calls = someCalls(8);
        store.store(calls);
        bool done = false;
        site.sinks.drain([&] { done = true; });
        QTRY_VERIFY(done);
        QVERIFY(idsIn(folder.path()) == idsOf(calls));
    }

private:
    QtMessageHandler m_before = nullptr;
};

QTEST_GUILESS_MAIN(tst_LogSinks)
#include "tst_log_sinks.moc"
