// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/budget_spend.h"
#include "gateway/storage/database.h"
#include "gateway/storage/schemas.h"
#include "tests/support/temp_store.h"

#include <QProcess>
#include <QTest>

#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <set>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

using namespace gateway;
using namespace gateway::storage;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

CallLogSettings strict()
{
    CallLogSettings settings;
    settings.durability = config::Durability::Strict;
    return settings;
}

std::unique_ptr<Database> openRaw(const std::string &path)
{
    auto database = Database::open({.path = path, .busyTimeoutMs = 100}, callLogSchema());
    return database ? std::move(*database) : nullptr;
}

std::int64_t numberIn(const std::string &path, std::string_view sql)
{
    auto database = openRaw(path);
    return database ? database->number(sql).value_or(-1) : -2;
}

/// The child of killedAtAnyTimeLosesNothingThatWasAnswered: writes without end, and tells each id whose commit was confirmed.
int writeUntilKilled(const char *path)
{
    SystemClock clock;
    auto writer = CallLogWriter::open({.path = path, .settings = strict()}, clock);
    if (!writer)
        return 1;
    std::atomic<int> waiting = 0;
    while (true) {
        CallRecord record = tests::sampleCall(clock.wallNow());
        record.bodies.request = std::string(1500, 'r');
        const std::string line = record.id + "\n";
        ++waiting;
        (*writer)->push(std::move(record), [line, &waiting](bool stored) {
            --waiting;
            if (stored && ::write(STDOUT_FILENO, line.data(), line.size()) < 0)
                ::_exit(2);
        });
        while (waiting > 50)
            std::this_thread::yield();
    }
}

/// Files of this process cannot grow past `bytes` while it lives: writing fails as on a full disk.
class FullDisk
{
public:
    explicit FullDisk(rlim_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit full {.rlim_cur = bytes, .rlim_max = m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &full);
    }
    ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &m_before); }

private:
    rlimit m_before {};
};

} // namespace

class tst_CallLogWriter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void givesBackEveryFieldOfARecord();
    void givesBackWhatWasTranslated();
    void givesBackWhatCachePromptsAndPoliciesDid();
    void boundsTheListOfLosses();
    void storesInTheOrderOfPushes();
    void tellsWhatIsCommitted();
    void strictCallsBackOnceStored();
    void lockedStoreReleasesStrictCallsAndGoesOnByItself();
    void isBehindOnlyWhileAnOldRecordWaits();
    void fullDiskKeepsSpendOfWhatItGivesUp();
    void killedAtAnyTimeLosesNothingThatWasAnswered();
    void keepsNoBodiesWhereToldSo();
    void cutsBodiesAtTheirCap();
    void countsTheProvidersSideInWhatWaits();
    void removesWhatIsTooOld();
    void keepsAPlainAttemptInItsCall();
    void keepsWhatCallsLeaveForLaterOnes();
    void keepsakesGoWhenTheirTimeIsOver();
    void aFailureToRemoveOutlastsGoodCommits();
    void staysBelowItsSize();
    void closingStoresWhatWaits();
    void addsUpSpendByDayOfTheZone();
    void budgetsArePaidWithTheirRecords();
    void budgetsAreFoundAgainByTheirLatestPeriod();
    void budgetsOfPeriodsLongOverGo();
};

void tst_CallLogWriter::givesBackEveryFieldOfARecord()
{
    tests::TempStore store;
    CallRecord record = tests::sampleCall(store.clock().wallNow());
    record.customer = "c-1";
    record.session = "s 1";
    record.tags = "a,b";
    record.metadata = R"({"tier":"free"})";
    record.askedModel = "gpt-4";
    record.stream = true;
    record.test = true;
    record.continued = true;
    record.shadow = true;
    record.shadowOf = "call_01HQZX3VKJ8N4M2P7R9T5W6Y0B";
    record.status = CallStatus::Cut;
    record.error = ErrorCode::Cut;
    record.errorMessage = "The stream was cut: ünïcode \"quoted\"";
    record.usage = {.input = 1, .output = 2, .cachedInput = 3, .cacheWrite = 4, .cacheWrite1h = 5, .reasoning = 6, .estimated = true};
    record.cost = std::nullopt;
    record.dropped = "logit_bias";
    record.repeats = 3;
    record.attempts.insert(record.attempts.begin(),
                           {.provider = "claude", .credential = "spare", .model = "claude-x", .startedUs = 1, .waitedUs = 2, .firstByteUs = -1, .endedUs = 4, .httpStatus = 529, .ok = false,
                            .skipped = false, .error = ErrorCode::Overloaded, .detail = "busy", .usage = {.input = 9, .estimated = true}, .cost = Money::fromNanos(17)});
    record.attempts[1].hedge = true;
    record.bodies = {.request = std::string(5000, 'q') + "\x01é", .answer = "short", .requestCut = false, .answerCut = true};
    CallRecord odd = tests::sampleCall(store.clock().wallNow() + 1s);
    odd.id = "not-a-call-id";
    odd.team.clear();
    odd.key.clear();
    odd.keyId.clear();
    store.store({record, odd});

    const auto detail = store.reader().call(record.id);
    QVERIFY2(detail, detail ? "" : detail.error().message.c_str());
    const CallRecord &back = detail->record;
    QCOMPARE(back.id, record.id);
    QVERIFY(back.startedAt == record.startedAt);
    QVERIFY(back.status == record.status && back.endpoint == record.endpoint && back.error == record.error);
    QVERIFY(back.usage == record.usage);
    QVERIFY(!back.cost);
    for (const auto field : {&CallRecord::key, &CallRecord::keyId, &CallRecord::team, &CallRecord::customer, &CallRecord::session, &CallRecord::tags, &CallRecord::metadata,
                             &CallRecord::askedModel, &CallRecord::route, &CallRecord::provider, &CallRecord::model, &CallRecord::peer, &CallRecord::errorMessage, &CallRecord::dropped})
        QCOMPARE(back.*field, record.*field);
    QVERIFY(back.stream && back.test && back.continued && back.shadow);
    QCOMPARE(back.shadowOf, record.shadowOf);
    QVERIFY(!back.attempts[0].hedge && back.attempts[1].hedge);
    QCOMPARE(back.repeats, 3U);
    QCOMPARE(back.httpStatus, record.httpStatus);
    QCOMPARE(back.latencyUs, record.latencyUs);
    QCOMPARE(back.firstByteUs, record.firstByteUs);
    QCOMPARE(back.attempts.size(), 2U);
    const AttemptRecord &first = back.attempts[0];
    QCOMPARE(first.provider, "claude");
    QCOMPARE(first.credential, "spare");
    QCOMPARE(first.detail, "busy");
    QVERIFY(first.error == ErrorCode::Overloaded && !first.ok && first.httpStatus == 529 && first.waitedUs == 2 && first.firstByteUs == -1);
    QVERIFY(first.usage == record.attempts[0].usage);
    QCOMPARE(first.cost->nanos(), 17);
    QCOMPARE(back.bodies.request, record.bodies.request);
    QCOMPARE(back.bodies.answer, "short");
    QVERIFY(back.bodies.answerCut && !back.bodies.requestCut && !detail->bodiesExpired);
    QCOMPARE(store.reader().call("not-a-call-id")->record.team, "");
    QCOMPARE(store.reader().call("call_none").error().code, ErrorCode::NotFound);
}

void tst_CallLogWriter::givesBackWhatWasTranslated()
{
    tests::TempStore store;
    CallRecord record = tests::sampleCall(store.clock().wallNow());
    record.endpoint = Endpoint::Messages;
    record.losses = {{"top_k", "openai has no such parameter"}, {"messages.3.content.1", "ünïcode \"quoted\"\n"}, {"", ""}};
    record.providerFormat = "openai";
    record.trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    record.decisions = "when[0]: complexity 0.71 >= 0.6; balance by latency: claude (0.41 s)";
    record.bodies = {.request = "{}", .answer = "a", .sent = std::string(5000, 's'), .received = "received", .receivedCut = true};
    CallRecord plain = tests::sampleCall(store.clock().wallNow() + 1s);
    plain.trace = "not a trace id";
    store.store({record, plain});

    const auto detail = store.reader().call(record.id);
    QVERIFY2(detail, detail ? "" : detail.error().message.c_str());
    const CallRecord &back = detail->record;
    QVERIFY(back.endpoint == Endpoint::Messages);
    QVERIFY(back.losses == record.losses);
    QCOMPARE(back.providerFormat, "openai");
    QCOMPARE(back.trace, record.trace);
    QCOMPARE(back.decisions, record.decisions);
    QCOMPARE(back.bodies.sent, record.bodies.sent);
    QCOMPARE(back.bodies.received, "received");
    QVERIFY(back.bodies.receivedCut && !back.bodies.sentCut && !back.bodies.requestCut && !back.bodies.answerCut);
    const auto page = store.reader().calls(CallQuery {});
    QCOMPARE(page->rows.size(), 2U);
    QVERIFY(page->rows[1].record.losses == record.losses && page->rows[1].record.providerFormat == "openai");
    QVERIFY(page->rows[0].record.losses.empty() && page->rows[0].record.providerFormat.empty() && page->rows[0].record.trace.empty() && page->rows[0].record.decisions.empty());
    QCOMPARE(numberIn(store.callsPath(), "SELECT count(*) FROM extras WHERE trace IS NOT NULL"), 1);
    QVERIFY(numberIn(store.callsPath(), "SELECT length(sent) FROM bodies") < 200); // compressed
}

void tst_CallLogWriter::givesBackWhatCachePromptsAndPoliciesDid()
{
    tests::TempStore store;
    const WallTime now = store.clock().wallNow();
    CallRecord asked = tests::sampleCall(now);
    asked.cache = CacheOutcome::Miss;
    asked.prompt = "summarise@3";
    asked.policy = "strict";
    asked.findings = {{.rule = "email", .action = "tokenize", .asked = 2, .answered = 1}, {.rule = "own rule", .action = "report", .asked = 0, .answered = 7}};
    CallRecord hit = tests::sampleCall(now + 1s);
    hit.cache = CacheOutcome::Hit;
    hit.cachedFrom = asked.id;
    hit.saved = asked.cost;
    hit.savedUs = 840'000;
    CallRecord alike = tests::sampleCall(now + 2s);
    alike.cache = CacheOutcome::Semantic;
    alike.cachedFrom = "a name of another kind";
    alike.similarity = 0.934217;
    CallRecord plain = tests::sampleCall(now + 3s);
    store.store({asked, hit, alike, plain});

    for (const CallRecord &wanted : {asked, hit, alike, plain}) {
        const auto detail = store.reader().call(wanted.id);
        QVERIFY2(detail, detail ? "" : detail.error().message.c_str());
        const CallRecord &back = detail->record;
        QCOMPARE(back.cache, wanted.cache);
        QCOMPARE(back.cachedFrom, wanted.cachedFrom);
        QVERIFY(std::abs(back.similarity - wanted.similarity) < 1e-6);
        QCOMPARE(back.saved, wanted.saved);
        QCOMPARE(back.savedUs, wanted.savedUs);
        QCOMPARE(back.prompt, wanted.prompt);
        QCOMPARE(back.policy, wanted.policy);
        QVERIFY(back.findings == wanted.findings);
    }
    const auto page = store.reader().calls(CallQuery {});
    QCOMPARE(page->rows.size(), 4U);
    QCOMPARE(page->rows[0].record.cache, CacheOutcome::Off);
    QCOMPARE(page->rows[1].record.cache, CacheOutcome::Semantic);
    QCOMPARE(page->rows[2].record.cachedFrom, asked.id);
}

void tst_CallLogWriter::boundsTheListOfLosses()
{
    tests::TempStore store;
    CallRecord record = tests::sampleCall(store.clock().wallNow());
    for (int i = 0; i < 5000; ++i)
        record.losses.push_back({"parameter_" + std::to_string(i) + std::string(1000, 'x'), "openai has no such parameter"});
    store.store({record});
    const auto losses = store.reader().call(record.id)->record.losses;
    QCOMPARE(losses.size(), 100U);
    QVERIFY(losses[98].what.starts_with("parameter_98x"));
    QCOMPARE(losses[98].what.size(), 300U);
    QCOMPARE(losses[99].what, "4901 more");
}

void tst_CallLogWriter::storesInTheOrderOfPushes()
{
    tests::TempStore store;
    std::vector<CallRecord> records;
    for (int i = 0; i < 500; ++i)
        records.push_back(tests::sampleCall(store.clock().wallNow() + std::chrono::milliseconds(i)));
    store.store(records);
    const auto page = store.reader().calls(CallQuery {});
    QCOMPARE(page->rows.size(), 500U);
    for (std::size_t i = 0; i < 500; ++i) {
        QCOMPARE(page->rows[i].record.id, records[499 - i].id);
        QCOMPARE(page->rows[i].cursor.row, static_cast<std::int64_t>(500 - i));
    }
}

void tst_CallLogWriter::tellsWhatIsCommitted()
{
    tests::TempStore store;
    std::atomic<std::uint64_t> committed = 0;
    store.committed = [&](std::uint64_t row) { committed = row; };
    QVERIFY(store.writer().healthy());
    store.store({tests::sampleCall(store.clock().wallNow()), tests::sampleCall(store.clock().wallNow())});
    QTRY_COMPARE(committed.load(), 2U);
    const StoreState state = store.writer().state();
    QVERIFY(state.healthy && state.problem.empty());
    QCOMPARE(state.waiting, 0U);
    QCOMPARE(state.committed, 2U);
    QCOMPARE(store.reader().lastRow().value_or(0), 2U);
}

void tst_CallLogWriter::strictCallsBackOnceStored()
{
    tests::TempStore store(strict());
    std::atomic<int> stored = 0;
    for (int i = 0; i < 20; ++i)
        store.writer().push(tests::sampleCall(store.clock().wallNow()), [&](bool ok) { stored += ok ? 1 : 100; });
    QTRY_COMPARE(stored.load(), 20);
    QCOMPARE(store.reader().count(CallQuery {})->found, 20U);
    QCOMPARE(numberIn(store.callsPath(), "PRAGMA user_version"), callLogSchema().version());
}

void tst_CallLogWriter::lockedStoreReleasesStrictCallsAndGoesOnByItself()
{
    CallLogLimits limits;
    limits.strictPatience = 300ms;
    tests::TempStore store(strict(), limits);
    store.store({tests::sampleCall(store.clock().wallNow())});
    auto other = openRaw(store.callsPath());
    QVERIFY(other && other->begin());
    std::atomic<int> released = 0;
    store.writer().push(tests::sampleCall(store.clock().wallNow()), [&](bool ok) { released = ok ? 1 : 2; });
    QTRY_COMPARE(released.load(), 2);
    QVERIFY(!store.writer().healthy());
    QVERIFY(!store.writer().state().problem.empty());
    other->rollback();
    QTRY_VERIFY_WITH_TIMEOUT(store.writer().healthy(), 20000);
    QTRY_COMPARE_WITH_TIMEOUT(store.writer().state().committed, 2U, 20000); // the released one is stored after all
    QVERIFY(store.writer().state().problem.empty());
}

void tst_CallLogWriter::isBehindOnlyWhileAnOldRecordWaits()
{
    tests::TempStore store;
    store.store({tests::sampleCall(store.clock().wallNow())});
    QVERIFY(!store.writer().behind());
    auto other = openRaw(store.callsPath());
    QVERIFY(other && other->begin());
    store.writer().push(tests::sampleCall(store.clock().wallNow()), {});
    QVERIFY(!store.writer().behind());
    QTRY_VERIFY(store.writer().behind()); // the other's transaction holds up ours
    other->rollback();
    QTRY_COMPARE_WITH_TIMEOUT(store.writer().state().committed, 2U, 20000);
    QVERIFY(!store.writer().behind());
}

void tst_CallLogWriter::fullDiskKeepsSpendOfWhatItGivesUp()
{
    CallLogLimits limits;
    limits.records = 50;
    limits.retryBase = 10ms;
    limits.retryMax = 50ms;
    tests::TempStore store({}, limits);
    const auto call = [&] {
        CallRecord record = tests::sampleCall(store.clock().wallNow());
        record.charges = {{.account = 7, .windowFrom = WallTime::min(), .cost = *record.cost}};
        return record;
    };
    store.store({call()});
    {
        const FullDisk full(8192);
        for (int i = 0; i < 80; ++i)
            store.writer().push(call(), {});
        QTRY_VERIFY(!store.writer().healthy());
        const StoreState state = store.writer().state();
        QCOMPARE(state.waiting, 50U);
        QCOMPARE(state.dropped, 30U);
        QVERIFY(!state.problem.empty());
    }
    QTRY_VERIFY_WITH_TIMEOUT(store.writer().healthy(), 20000);
    QVERIFY(store.writer().flush(20s));
    QCOMPARE(store.reader().count(CallQuery {})->found, 51U);
    QTRY_COMPARE(store.reader().use("UTC", store.clock().wallNow())->keys.at(0).calls, 81U);
    const UseSummary use = *store.reader().use("UTC", store.clock().wallNow());
    QCOMPARE(use.keys[0].spent.nanos(), 81 * 450'000LL);
    QCOMPARE(use.teams[0].spent.nanos(), 81 * 450'000LL);
    QCOMPARE(storedBudgetSpend(store.callsPath(), store.clock().wallNow())->at(0).cost.nanos(), 81 * 450'000LL);
}

void tst_CallLogWriter::killedAtAnyTimeLosesNothingThatWasAnswered()
{
    tests::TempStore store;
    QByteArray all;
    bool sealedOnce = false;
    for (int round = 0; round < 4; ++round) {
        QProcess child;
        child.start(QCoreApplication::applicationFilePath(), {u"--write-until-killed"_s, QString::fromStdString(store.callsPath())});
        QVERIFY(child.waitForStarted());
        QByteArray told;
        while (told.count('\n') < 1200 + round * 700) {
            QVERIFY2(child.waitForReadyRead(20000), child.readAllStandardError().constData());
            told += child.readAllStandardOutput();
        }
        ::kill(static_cast<pid_t>(child.processId()), SIGKILL);
        QVERIFY(child.waitForFinished());
        told += child.readAllStandardOutput();
        all += told.left(told.lastIndexOf('\n') + 1);

        auto database = openRaw(store.callsPath());
        QVERIFY(database);
        auto check = database->prepare("PRAGMA integrity_check");
        QVERIFY(check && check->run() && check->next());
        QCOMPARE(check->text(0), "ok");
        check->finish();
        const std::int64_t rows = database->number("SELECT count(*) FROM calls").value_or(-1);
        QVERIFY(rows >= all.count('\n'));
        QCOMPARE(database->number("SELECT value FROM marks WHERE name = 'last_row'").value_or(-2), database->number("SELECT max(row) FROM calls").value_or(-1));
        // What is added up agrees with the rows after every kill: they are one transaction.
        for (const char *sum : {"SELECT sum(attempts) FROM attempts_hour", "SELECT calls FROM spend WHERE scope = 1 AND period = 0", "SELECT count(*) FROM bodies"})
            QCOMPARE(database->number(sum).value_or(-1), rows);
        const std::int64_t sealed = database->number("SELECT value FROM marks WHERE name = 'sealed_row'").value_or(-1);
        for (const char *sum : {"SELECT coalesce(sum(calls), 0) FROM rollup_minute_provider", "SELECT coalesce(sum(calls), 0) FROM rollup_hour_team", "SELECT coalesce(sum(calls), 0) FROM rollup_hour",
                                "SELECT coalesce(max(last), 0) FROM blocks"})
            QCOMPARE(database->number(sum).value_or(-1), sealed);
        sealedOnce = sealedOnce || sealed > 0;
    }
    QVERIFY(sealedOnce);
    auto reader = CallLogReader::open(store.callsPath());
    QVERIFY(reader);
    for (const QByteArray &id : all.split('\n')) {
        if (!id.isEmpty())
            QVERIFY2((*reader)->call(id.toStdString()), id.constData());
    }
}

void tst_CallLogWriter::keepsNoBodiesWhereToldSo()
{
    CallLogSettings settings;
    settings.log.bodies = false;
    tests::TempStore store(settings);
    CallRecord record = tests::sampleCall(store.clock().wallNow());
    record.bodies.request = "recognisable-body";
    store.store({record});
    QCOMPARE(numberIn(store.callsPath(), "SELECT count(*) FROM bodies"), 0);
    QVERIFY(!store.reader().call(record.id)->bodiesExpired);
    settings.log.bodies = true;
    store.writer().configure(settings);
    CallRecord later = tests::sampleCall(store.clock().wallNow());
    later.bodies.request = "recognisable-body";
    store.store({later});
    QCOMPARE(store.reader().call(later.id)->record.bodies.request, "recognisable-body");
}

void tst_CallLogWriter::cutsBodiesAtTheirCap()
{
    CallLogSettings settings;
    settings.log.maxBody = 1001;
    tests::TempStore store(settings);
    CallRecord record = tests::sampleCall(store.clock().wallNow());
    for (int i = 0; i < 600; ++i)
        record.bodies.answer += "é";
    record.bodies.sent = record.bodies.received = record.bodies.answer;
    store.store({record});
    const auto detail = store.reader().call(record.id);
    for (const std::string *body : {&detail->record.bodies.answer, &detail->record.bodies.sent, &detail->record.bodies.received})
        QCOMPARE(body->size(), 1000U); // no half of a letter
    QVERIFY(detail->record.bodies.answerCut && detail->record.bodies.sentCut && detail->record.bodies.receivedCut && !detail->record.bodies.requestCut);
}

void tst_CallLogWriter::countsTheProvidersSideInWhatWaits()
{
    CallLogLimits limits;
    limits.bytes = 100'000;
    tests::TempStore store({}, limits);
    store.store({tests::sampleCall(store.clock().wallNow())});
    CallRecord large = tests::sampleCall(store.clock().wallNow());
    for (std::string *body : {&large.bodies.sent, &large.bodies.received}) {
        CallRecord one = large;
        (body == &large.bodies.sent ? one.bodies.sent : one.bodies.received) = std::string(150'000, 'b');
        store.writer().push(std::move(one), {});
    }
    CallRecord lossy = large;
    lossy.losses.assign(10, {std::string(15'000, 'w'), "why"});
    store.writer().push(std::move(lossy), {});
    QCOMPARE(store.writer().state().dropped, 3U);
}

void tst_CallLogWriter::removesWhatIsTooOld()
{
    CallLogSettings settings;
    settings.log.keep = std::chrono::days(2);
    settings.log.keepBodies = std::chrono::days(1);
    CallLogLimits limits;
    limits.retentionEvery = 20ms;
    tests::TempStore store(settings, limits);
    const WallTime now = store.clock().wallNow();
    std::vector<CallRecord> records;
    for (int i = 0; i < 700; ++i)
        records.push_back(tests::sampleCall(now - 72h + std::chrono::seconds(i)));
    records.push_back(tests::sampleCall(now - 30h));
    records.push_back(tests::sampleCall(now));
    for (CallRecord &record : records) {
        record.bodies.request = "body";
        record.bodies.sent = "sent";
        record.bodies.received = "received";
        record.losses = {{"top_k", "openai has no such parameter"}};
        record.providerFormat = "openai";
    }
    store.store(records);
    QTRY_COMPARE_WITH_TIMEOUT(store.reader().calls(CallQuery {})->rows.size(), 2U, 20000);
    QTRY_VERIFY(store.reader().call(records[700].id)->bodiesExpired);
    const auto old = store.reader().call(records[700].id);
    QVERIFY(old->record.bodies.sent.empty() && old->record.bodies.received.empty());
    QCOMPARE(old->record.losses.size(), 1U); // what was lost stays with the call
    QCOMPARE(store.reader().call(records[701].id)->record.bodies.request, "body");
    QCOMPARE(store.reader().call(records[701].id)->record.bodies.received, "received");
    QCOMPARE(store.reader().call(records[0].id).error().code, ErrorCode::NotFound);
    QTRY_COMPARE(numberIn(store.callsPath(), "SELECT sum(calls) FROM rollup_minute_provider"), 2);
    for (const char *theirs : {"SELECT count(*) FROM attempts", "SELECT count(*) FROM extras"})
        QCOMPARE(numberIn(store.callsPath(), theirs), 2);
    QCOMPARE(numberIn(store.callsPath(), "SELECT calls FROM spend WHERE scope = 2 AND period = 0"), 702); // spend stays
}

void tst_CallLogWriter::keepsWhatCallsLeaveForLaterOnes()
{
    const auto key = [](char c) {
        KeyHasher::Digest digest {};
        digest.fill(std::byte(c));
        return digest;
    };
    tests::TempStore store;
    const WallTime now = store.clock().wallNow();
    CallRecord call = tests::sampleCall(now);
    call.keepsakes = {{.key = key('a'), .value = "one \xc3\xa9", .until = now + 24h}, {.key = key('b'), .value = "two", .until = now + 1h}};
    store.store({call});
    QCOMPARE(store.reader().keepsakes({key('b'), key('c'), key('a')}, now).value(), (std::vector<std::string> {"two", "", "one \xc3\xa9"}));
    QCOMPARE(store.reader().keepsakes({key('b')}, now + 2h).value(), std::vector<std::string> {""}); // over, though still there
    CallRecord next = tests::sampleCall(now);
    next.keepsakes = {{.key = key('a'), .value = "another", .until = now + 24h}, {.key = key('b')}};
    store.store({next});
    QCOMPARE(store.reader().keepsakes({key('a'), key('b')}, now).value(), (std::vector<std::string> {"another", ""}));
    QCOMPARE(numberIn(store.callsPath(), "SELECT count(*) FROM keepsakes"), 1);
    QVERIFY(store.reader().call(call.id)->record.keepsakes.empty()); // no part of the log
}

void tst_CallLogWriter::keepsakesGoWhenTheirTimeIsOver()
{
    CallLogLimits limits;
    limits.retentionEvery = 20ms;
    tests::TempStore store({}, limits);
    const WallTime now = store.clock().wallNow();
    CallRecord call = tests::sampleCall(now);
    for (int i = 0; i < 700; ++i) {
        Keepsake keepsake {.value = "x", .until = i == 0 ? now + 24h : now - 1h};
        std::memcpy(keepsake.key.data(), &i, sizeof i);
        call.keepsakes.push_back(std::move(keepsake));
    }
    store.store({call});
    QTRY_COMPARE(numberIn(store.callsPath(), "SELECT count(*) FROM keepsakes"), 1);
}

void tst_CallLogWriter::keepsAPlainAttemptInItsCall()
{
    tests::TempStore store;
    CallRecord plain = tests::sampleCall(store.clock().wallNow());
    plain.attempts[0].usage = plain.usage;
    plain.attempts[0].cost = plain.cost;
    CallRecord failed = plain;
    failed.id = tests::sampleCall(plain.startedAt).id;
    failed.attempts[0].ok = false;
    failed.attempts[0].error = ErrorCode::ServerError;
    store.store({plain, failed});
    QCOMPARE(numberIn(store.callsPath(), "SELECT count(*) FROM attempts"), 1);
    QCOMPARE(numberIn(store.callsPath(), "SELECT sum(attempts) FROM attempts_hour"), 2);
    const auto back = store.reader().call(plain.id);
    QVERIFY(back);
    QCOMPARE(back->record.attempts.size(), 1U);
    const AttemptRecord &attempt = back->record.attempts[0];
    QVERIFY(attempt.ok && !attempt.skipped && attempt.usage == plain.usage && attempt.cost == plain.cost);
    QCOMPARE(attempt.provider, "openai");
    QCOMPARE(attempt.credential, "main");
    QCOMPARE(attempt.model, plain.model);
    QCOMPARE(attempt.startedUs, 100);
    QCOMPARE(attempt.firstByteUs, 210'000);
    QCOMPARE(attempt.endedUs, 839'000);
    QCOMPARE(attempt.httpStatus, 200);
    QVERIFY(!store.reader().call(failed.id)->record.attempts.at(0).ok);
}

void tst_CallLogWriter::aFailureToRemoveOutlastsGoodCommits()
{
    CallLogSettings settings;
    settings.log.keep = std::chrono::days(1);
    CallLogLimits limits;
    limits.retentionEvery = 20ms;
    tests::TempStore store(settings, limits);
    store.store({tests::sampleCall(store.clock().wallNow())});
    QVERIFY(openRaw(store.callsPath())->run("CREATE TRIGGER keeps BEFORE DELETE ON calls BEGIN SELECT raise(ABORT, 'kept'); END"));
    store.store({tests::sampleCall(store.clock().wallNow() - 72h)});
    const auto says = [&](std::string_view words) { return store.writer().state().problem.find(words) != std::string::npos; };
    QTRY_VERIFY(says("Old calls could not be removed"));
    for (int i = 0; i < 3; ++i) {
        store.store({tests::sampleCall(store.clock().wallNow())});
        QVERIFY(says("Old calls could not be removed"));
    }
    QVERIFY(store.writer().healthy()); // calls are logged all the same
    QVERIFY(openRaw(store.callsPath())->run("DROP TRIGGER keeps"));
    QTRY_VERIFY(store.writer().state().problem.empty());
}

void tst_CallLogWriter::staysBelowItsSize()
{
    CallLogSettings settings;
    settings.log.maxSize = 2'000'000;
    CallLogLimits limits;
    limits.retentionEvery = 20ms;
    tests::TempStore store(settings, limits);
    std::vector<CallRecord> records;
    for (int i = 0; i < 400; ++i) {
        records.push_back(tests::sampleCall(store.clock().wallNow() + std::chrono::milliseconds(i)));
        for (int j = 0; j < 1250; ++j)
            records.back().bodies.request += QByteArray::number((i * 7919 + j * 104729) % 1000003).toHex().constData(); // does not shrink much
    }
    store.store(records);
    QTRY_VERIFY_WITH_TIMEOUT(numberIn(store.callsPath(), "SELECT (SELECT page_count FROM pragma_page_count) * 4096 - (SELECT freelist_count FROM pragma_freelist_count) * 4096") <= 2'000'000, 20000);
    QCOMPARE(store.reader().calls(CallQuery {})->rows.size(), 400U); // bodies go first
    QVERIFY(store.reader().call(records[0].id)->bodiesExpired);
    QVERIFY(!store.reader().call(records[399].id)->bodiesExpired);
}

void tst_CallLogWriter::closingStoresWhatWaits()
{
    tests::TempStore store;
    for (int i = 0; i < 1000; ++i)
        store.writer().push(tests::sampleCall(store.clock().wallNow()), {});
    QCOMPARE(store.writer().close(), 0U);
    QCOMPARE(numberIn(store.callsPath(), "SELECT count(*) FROM calls"), 1000);
}

void tst_CallLogWriter::budgetsArePaidWithTheirRecords()
{
    tests::TempStore store;
    const WallTime month = WallTime(std::chrono::sys_days {std::chrono::January / 1 / 2026});
    constexpr std::uint64_t large = 0xFFFF'FFFF'FFFF'FFFE; // accounts are hashes: all 64 bits
    std::vector<CallRecord> records;
    for (int i = 0; i < 5; ++i) {
        records.push_back(tests::sampleCall(store.clock().wallNow()));
        records.back().charges = {{.account = large, .windowFrom = month, .cost = Money::fromNanos(3)}, {.account = 1, .windowFrom = WallTime::min(), .cost = Money::fromNanos(10)}};
    }
    store.store(records);
    store.store({records.front()});
    auto stored = storedBudgetSpend(store.callsPath(), store.clock().wallNow());
    QVERIFY2(stored, stored ? "" : stored.error().message.c_str());
    std::ranges::sort(*stored, {}, &BudgetCharge::account);
    QCOMPARE(stored->size(), std::size_t {2});
    QVERIFY((stored->at(0) == BudgetCharge {.account = 1, .windowFrom = WallTime::min(), .cost = Money::fromNanos(60)}));
    QVERIFY((stored->at(1) == BudgetCharge {.account = large, .windowFrom = month, .cost = Money::fromNanos(18)}));
}

void tst_CallLogWriter::budgetsAreFoundAgainByTheirLatestPeriod()
{
    tests::TempStore store;
    const WallTime today = WallTime(std::chrono::sys_days {std::chrono::January / 15 / 2026});
    CallRecord record = tests::sampleCall(store.clock().wallNow());
    record.charges = {{.account = 1, .windowFrom = today, .cost = Money::fromNanos(5)},
                      {.account = 1, .windowFrom = today - 24h, .cost = Money::fromNanos(700)},
                      {.account = 2, .windowFrom = today - budgetSpendKept - 24h, .cost = Money::fromNanos(9)}};
    store.store({record});
    const auto stored = storedBudgetSpend(store.callsPath(), store.clock().wallNow());
    QCOMPARE(stored->size(), std::size_t {1}); // the other account's is over, whatever its period is
    QVERIFY((stored->at(0) == BudgetCharge {.account = 1, .windowFrom = today, .cost = Money::fromNanos(5)}));
}

void tst_CallLogWriter::budgetsOfPeriodsLongOverGo()
{
    CallLogLimits limits;
    limits.retentionEvery = 20ms;
    tests::TempStore store({}, limits);
    const WallTime now = store.clock().wallNow();
    CallRecord record = tests::sampleCall(now);
    for (int i = 0; i < 500; ++i)
        record.charges.push_back({.account = static_cast<std::uint64_t>(i), .windowFrom = now - budgetSpendKept - 24h, .cost = Money::fromNanos(1)});
    record.charges.push_back({.account = 1, .windowFrom = now - 24h, .cost = Money::fromNanos(1)});
    record.charges.push_back({.account = 1, .windowFrom = WallTime::min(), .cost = Money::fromNanos(1)});
    store.store({record});
    QTRY_COMPARE_WITH_TIMEOUT(numberIn(store.callsPath(), "SELECT count(*) FROM budget_spend"), 2, 20000);
}

void tst_CallLogWriter::addsUpSpendByDayOfTheZone()
{
    CallLogSettings settings;
    settings.timeZone = "Europe/Berlin";
    tests::TempStore store(settings);
    const WallTime newYear = std::chrono::sys_days(std::chrono::January / 1 / 2026);
    CallRecord unpriced = tests::sampleCall(newYear - 30min); // 2026 in Berlin, 2025 in UTC
    unpriced.cost.reset();
    store.store({tests::sampleCall(newYear - 2h), unpriced, tests::sampleCall(newYear + 5h)});
    QCOMPARE(numberIn(store.callsPath(), "SELECT calls FROM spend WHERE scope = 1 AND period = 202512"), 1);
    QCOMPARE(numberIn(store.callsPath(), "SELECT calls FROM spend WHERE scope = 1 AND period = 20260101"), 2);
    const UseSummary use = *store.reader().use("Europe/Berlin", newYear + 10h);
    QCOMPARE(use.keys[0].calls, 2U);
    QCOMPARE(use.keys[0].spent.nanos(), 450'000);
    QVERIFY(use.keys[0].spentUnknown);
    QVERIFY(use.keys[0].lastUsed == newYear + 5h);
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    if (argc == 3 && std::string_view(argv[1]) == "--write-until-killed")
        return writeUntilKilled(argv[2]);
    tst_CallLogWriter test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_call_log_writer.moc"
