// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/temp_store.h"

#include <QTest>

#include <algorithm>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

CallFilter parsed(std::string_view text)
{
    auto filter = CallFilter::parse(text);
    if (!filter)
        qFatal("%s", filter.error().message.c_str());
    return std::move(*filter);
}

CallRecord failed(WallTime at, std::string provider, ErrorCode error, std::int16_t status, std::string message, std::string team = "search")
{
    CallRecord call = tests::sampleCall(at, team);
    call.status = CallStatus::Failed;
    call.provider.clear();
    call.model.clear();
    call.error = error;
    call.httpStatus = status;
    call.errorMessage = std::move(message);
    call.attempts = {{.provider = provider, .credential = "main", .model = "m", .endedUs = 1000, .httpStatus = status, .error = error, .detail = "busy"},
                     {.provider = "spare", .credential = "main", .model = "m", .skipped = true, .error = ErrorCode::Overloaded}};
    return call;
}

const CallFacet &facetOf(const CallFacets &facets, std::string_view field) { return *std::ranges::find(facets.facets, field, &CallFacet::field); }

std::uint64_t callsOf(const CallFacets &facets, std::string_view field, std::string_view value)
{
    const CallFacet &facet = facetOf(facets, field);
    const auto found = std::ranges::find(facet.values, value, &FieldValue::value);
    return found == facet.values.end() ? 0 : found->calls;
}

CallRecord bonded(WallTime at, std::chrono::milliseconds took, std::string session, std::string trace = {})
{
    CallRecord call = tests::sampleCall(at);
    call.latencyUs = static_cast<std::int32_t>(std::chrono::microseconds(took).count());
    call.session = std::move(session);
    call.trace = std::move(trace);
    return call;
}

} // namespace

/// What calls have in common: values with counts, causes of errors, sessions and traces.
class tst_CallGroups : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void facetsCountWhatTheFilterFinds_data();
    void facetsCountWhatTheFilterFinds();
    void facetsOfAFieldCanHaveAnotherFilter();
    void facetsStopAtTheirPatience();
    void moreTagsThanAreToldApart();
    void facetsOfAnEmptyLog();

    void messagesLoseWhatIsOfOneCall_data();
    void messagesLoseWhatIsOfOneCall();
    void failuresAreGroupedByCause();
    void theFilterFindsACausesCalls();
    void causesTakeBrokenTextAndOldPatience();

    void aTraceIsATreeByTime();
    void callsOfASessionStandSideBySide();
    void aShadowStandsBelowItsCall();
    void aLongSessionIsBounded();
    void unknownIdsAreTold();
    void sessionsOfTheNewestCalls();
};

void tst_CallGroups::facetsCountWhatTheFilterFinds_data()
{
    QTest::addColumn<QByteArray>("filter");
    QTest::addColumn<int>("hours");
    QTest::addColumn<bool>("flushedEarly");
    for (const char *filter : {"", "team:search", "endpoint:embeddings", "tag:beta", "latency:>100ms", "NOT team:search state:failed", "customer:acme", "cache:hit"}) {
        QTest::addRow("all: %s", filter) << QByteArray(filter) << 0 << false;
        QTest::addRow("some hours: %s", filter) << QByteArray(filter) << 7 << true;
    }
}

/// The promise: each value's count is what its term finds.
void tst_CallGroups::facetsCountWhatTheFilterFinds()
{
    QFETCH(QByteArray, filter);
    QFETCH(int, hours);
    QFETCH(bool, flushedEarly);
    tests::TempStore store;
    const WallTime now = store.clock().wallNow();
    std::vector<CallRecord> calls;
    for (int i = 0; i < 5000; ++i) {
        CallRecord call = i % 9 == 4 ? failed(now - 7s * i, i % 2 == 0 ? "openai" : "azure", i % 4 == 0 ? ErrorCode::RateLimited : ErrorCode::ServerError, i % 4 == 0 ? 429 : 502, "It failed.", i % 3 == 0 ? "search" : "")
                                     : tests::sampleCall(now - 7s * i, i % 3 == 0 ? "search" : i % 3 == 1 ? "support" : "");
        if (i % 5 == 0)
            call.endpoint = gateway::Endpoint::Embeddings;
        if (i % 4 == 0)
            call.tags = i % 8 == 0 ? "beta,eu" : "eu";
        if (i % 6 == 0)
            call.customer = "acme";
        if (i % 7 == 0) {
            call.askedModel = "gpt-4o-2024-08-06";
            call.model = i % 2 == 0 ? "claude" : "gpt-4o-2024-08-06";
        }
        if (i % 10 == 3 && call.status == CallStatus::Ok)
            call.cache = i % 20 == 3 ? CacheOutcome::Hit : i % 30 == 13 ? CacheOutcome::Semantic : CacheOutcome::Miss;
        if (i % 11 == 0)
            call.latencyUs = 50'000;
        if (i % 97 == 0) {
            call.status = CallStatus::Refused;
            call.error = ErrorCode::InvalidKey;
            call.httpStatus = 401;
            call.repeats = 3;
            call.cache = CacheOutcome::Off;
        }
        calls.push_back(std::move(call));
    }
    if (flushedEarly)
        std::ranges::reverse(calls); // some are in blocks, and the newest in none
    store.store(calls);
    const TimeRange range = hours == 0 ? TimeRange {} : TimeRange {.from = now - std::chrono::hours(hours) - 3min, .to = now - 11min};
    const auto facets = store.reader().facets({.range = range, .filter = parsed(filter.toStdString()), .most = 100}, 30s);
    QVERIFY2(facets, facets ? "" : facets.error().message.c_str());
    QVERIFY(facets->complete);
    QCOMPARE(facets->facets.size(), facetCount);
    int looked = 0;
    for (const CallFacet &facet : facets->facets) {
        QVERIFY(!facet.values.empty() || facet.field == "error" || facet.field == "cache" || facet.field == "tag");
        for (const FieldValue &value : facet.values) {
            const std::string term = facet.field == "status" ? "status:" + value.value : std::string(facet.field) + ":\"" + value.value + "\"";
            const auto found = store.reader().count({.range = range, .filter = parsed("(" + (filter.isEmpty() ? std::string("latency:>=0s") : filter.toStdString()) + ") " + term)}, 30s);
            QVERIFY(found && found->complete);
            QVERIFY2(found->found == value.calls, qPrintable(QStringLiteral("%1: %2, not %3").arg(QString::fromStdString(term)).arg(value.calls).arg(found->found)));
            ++looked;
        }
    }
    QVERIFY(looked > 10);
}

void tst_CallGroups::facetsOfAFieldCanHaveAnotherFilter()
{
    tests::TempStore store;
    const WallTime now = store.clock().wallNow();
    store.store({tests::sampleCall(now - 1min, "search"), tests::sampleCall(now - 2min, "search"), tests::sampleCall(now - 3min, "support"), failed(now - 4min, "openai", ErrorCode::Overloaded, 529, "x", "growth")});
    const auto facets = store.reader().facets({.range = {}, .filter = parsed("team:search state:ok"), .others = {{.field = "team", .filter = parsed("state:ok")}, {.field = "state", .filter = parsed("team:growth")}}});
    QVERIFY(facets);
    QCOMPARE(callsOf(*facets, "team", "search"), 2u);
    QCOMPARE(callsOf(*facets, "team", "support"), 1u);
    QCOMPARE(callsOf(*facets, "team", "growth"), 0u);
    QCOMPARE(callsOf(*facets, "key", "search-key"), 2u);
    QCOMPARE(callsOf(*facets, "key", "support-key"), 0u);
    QCOMPARE(callsOf(*facets, "state", "failed"), 1u);
    QCOMPARE(facets->calls, 2u);
}

void tst_CallGroups::facetsStopAtTheirPatience()
{
    tests::TempStore store;
    const WallTime now = store.clock().wallNow();
    std::vector<CallRecord> calls;
    for (int i = 0; i < 300; ++i)
        calls.push_back(tests::sampleCall(now - 1h * i));
    store.store(calls);
    const auto none = store.reader().facets({.range = {}, .filter = parsed("latency:>1ms")}, 0ms);
    QVERIFY(none);
    QVERIFY(!none->complete);
    QCOMPARE(none->calls, 0u);
    // Sums are there whatever the patience, but not the rows beside them; and of a part how all calls ended is not known.
    const auto sums = store.reader().facets({.range = {}, .filter = {}}, 0ms);
    QVERIFY(sums && !sums->complete);
    QVERIFY(!facetOf(*sums, "team").complete);
    QVERIFY(!facetOf(*sums, "state").complete);
}

/// Only what callers chose too much of is not told; all else is.
void tst_CallGroups::moreTagsThanAreToldApart()
{
    tests::TempStore store;
    const WallTime now = store.clock().wallNow();
    constexpr int count = 40'000;
    std::vector<CallRecord> calls;
    for (int i = 0; i < count; ++i) {
        calls.push_back(tests::sampleCall(now - 1min * (count - i), "search"));
        calls.back().tags = "t" + std::to_string(i);
    }
    store.store(calls);
    const auto facets = store.reader().facets({.range = {}, .filter = {}}, 30s);
    QVERIFY(facets);
    QVERIFY(!facetOf(*facets, "tag").complete);
    QVERIFY(!facets->complete);
    for (const char *field : {"team", "route", "model", "state", "status", "cache"})
        QVERIFY2(facetOf(*facets, field).complete, field);
    QCOMPARE(callsOf(*facets, "team", "search"), std::uint64_t(count));
    QCOMPARE(callsOf(*facets, "state", "ok"), std::uint64_t(count));
}

void tst_CallGroups::facetsOfAnEmptyLog()
{
    tests::TempStore store;
    const auto facets = store.reader().facets({.range = {}, .filter = {}});
    QVERIFY(facets && facets->complete);
    QCOMPARE(facets->calls, 0u);
    QVERIFY(std::ranges::all_of(facets->facets, [](const CallFacet &facet) { return facet.values.empty(); }));
}

void tst_CallGroups::messagesLoseWhatIsOfOneCall_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("cause");
    QTest::newRow("number") << QByteArray("No target answered: openai said 500.") << QByteArray("No target answered: openai said #.");
    QTest::newRow("thousands, unit") << QByteArray("10,000 requests per minute. Try again in 412ms or 3.5 s") << QByteArray("# requests per minute. Try again in #ms or # s");
    QTest::newRow("name") << QByteArray("Rate limit reached for gpt-4o and claude-sonnet-4") << QByteArray("Rate limit reached for gpt-4o and claude-sonnet-4");
    QTest::newRow("uuid") << QByteArray("request 3f2a91bc-0d1e-4f7a-9c3d-2b1a0f9e8d7c failed") << QByteArray("request # failed");
    QTest::newRow("id") << QByteArray("see req_011CQx7hT2aB in call_01KA8M3V2QFXZ4T7RNHB2CJ0") << QByteArray("see req_# in call_#");
    QTest::newRow("quotes") << QByteArray("field 'messages[3]' of \"abc\" isn't 'x") << QByteArray("field '…' of \"…\" isn't 'x");
    QTest::newRow("typographic quotes") << QByteArray("model “a b” is gone") << QByteArray("model “…” is gone");
    QTest::newRow("space") << QByteArray("  a \n\t b ") << QByteArray("a b");
    QTest::newRow("broken UTF-8") << QByteArray("a\xff\xc3 9") << QByteArray("a\xef\xbf\xbd\xef\xbf\xbd #");
    QTest::newRow("empty") << QByteArray() << QByteArray();
}

void tst_CallGroups::messagesLoseWhatIsOfOneCall()
{
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, cause);
    QCOMPARE(QByteArray::fromStdString(causeMessage(message.toStdString())), cause);
    QVERIFY(causeMessage(std::string(100'000, 'a') + message.toStdString()).size() <= 300);
}

void tst_CallGroups::failuresAreGroupedByCause()
{
    tests::TempStore store;
    const WallTime now = store.clock().wallNow(), from = now - 24h;
    CallRecord refused = tests::sampleCall(now - 5h);
    refused.status = CallStatus::Refused;
    refused.provider.clear();
    refused.attempts.clear();
    refused.error = ErrorCode::BudgetExceeded;
    refused.httpStatus = 402;
    refused.errorMessage = "The key x is over its limit.";
    refused.repeats = 4;
    CallRecord left = tests::sampleCall(now - 6h);
    left.status = CallStatus::Cancelled;
    left.error = ErrorCode::Cancelled;
    store.store({failed(from, "openai", ErrorCode::ServerError, 502, "openai said 500."), failed(now - 1h, "openai", ErrorCode::ServerError, 502, "openai said 503.", "support"), failed(now - 2h, "azure", ErrorCode::ServerError, 502, "openai said 503."),
                 failed(now - 3h, "openai", ErrorCode::RateLimited, 429, ""), failed(from - 1s, "openai", ErrorCode::ServerError, 502, "openai said 500."), refused, left, tests::sampleCall(now - 4h)});
    const auto causes = store.reader().causes({.range = {.from = from, .to = now}, .filter = {}, .parts = 24});
    QVERIFY2(causes, causes ? "" : causes.error().message.c_str());
    QVERIFY(causes->complete);
    QCOMPARE(causes->calls, 4u);
    QCOMPARE(causes->causes.size(), 3u);
    const ErrorCause &first = causes->causes.front();
    QCOMPARE(first.calls, 2u);
    QCOMPARE(first.provider, std::string("openai"));
    QCOMPARE(first.error, std::string("server_error"));
    QCOMPARE(first.message, std::string("openai said #."));
    QVERIFY(first.first == from && first.last == now - 1h);
    QCOMPARE(first.parts.front(), 1u);
    QCOMPARE(first.parts.at(23), 1u);
    QCOMPARE(first.teams.size(), 2u);
    QCOMPARE(first.routes.size(), 1u);
    QCOMPARE(first.samples.size(), 2u);
    const auto quiet = std::ranges::find(causes->causes, std::string("rate_limited"), &ErrorCause::error);
    QCOMPARE(quiet->message, std::string("busy")); // the provider's words, where the call has none
    const auto all = store.reader().causes({.range = {.from = from, .to = now}, .filter = {}, .refused = true});
    QCOMPARE(all->calls, 8u);
    QVERIFY(all->causes.front().refused);
    QCOMPARE(all->causes.front().calls, 4u);
    const auto some = store.reader().causes({.range = {}, .filter = parsed("team:support"), .most = 1});
    QCOMPARE(some->calls, 1u);
    const auto cut = store.reader().causes({.range = {}, .filter = {}, .most = 1});
    QCOMPARE(cut->causes.size(), 1u);
    QCOMPARE(cut->others, cut->calls - cut->causes.front().calls);
}

void tst_CallGroups::theFilterFindsACausesCalls()
{
    tests::TempStore store;
    const WallTime now = store.clock().wallNow();
    std::vector<CallRecord> calls;
    for (int i = 0; i < 200; ++i)
        calls.push_back(i % 4 == 0 ? tests::sampleCall(now - 1min * i) : failed(now - 1min * i, i % 3 == 0 ? "open ai/eu" : "azure", i % 2 == 0 ? ErrorCode::Overloaded : ErrorCode::Connect, i % 2 == 0 ? 529 : 502, "It said " + std::to_string(i) + (i % 5 == 0 ? " again" : "")));
    store.store(calls);
    const auto causes = store.reader().causes({.range = {}, .filter = {}});
    QVERIFY(causes && causes->causes.size() >= 6);
    for (const ErrorCause &cause : causes->causes) {
        for (const std::string &filter : {"cause:\"" + cause.key + "\"", "team:search cause:\"" + cause.key + "\" NOT state:ok"}) {
            const auto page = store.reader().calls({.range = {}, .filter = parsed(filter), .limit = 1000});
            QVERIFY2(page, page ? "" : page.error().message.c_str());
            QCOMPARE(page->rows.size(), cause.calls);
            for (const CallRow &row : page->rows)
                QCOMPARE(causeOf(row.record), cause.key);
        }
    }
    const auto counted = store.reader().count({.range = {}, .filter = parsed("cause:azure/*")}, 30s);
    QCOMPARE(counted->found, std::uint64_t(std::ranges::count_if(calls, [](const CallRecord &call) { return lastAsked(call) == "azure"; })));
    QCOMPARE(store.reader().count({.range = {}, .filter = parsed("NOT cause:azure/*")})->found, 200 - counted->found);
    QCOMPARE(store.reader().count({.range = {}, .filter = parsed("cause:nonsense")})->found, 0u);
}

void tst_CallGroups::causesTakeBrokenTextAndOldPatience()
{
    tests::TempStore store;
    const WallTime now = store.clock().wallNow();
    std::vector<CallRecord> calls;
    for (int i = 0; i < 100; ++i)
        calls.push_back(failed(now - 1h * i, "p\xff", ErrorCode::Malformed, 502, std::string("\xc3\x28 bad \xff") + std::string(i % 2 == 0 ? 0 : 5000, 'x'), "team\xfe"));
    store.store(calls);
    const auto causes = store.reader().causes({.range = {}, .filter = {}});
    QVERIFY(causes);
    QCOMPARE(causes->calls, 100u);
    QCOMPARE(causes->causes.size(), 2u);
    for (const ErrorCause &cause : causes->causes)
        QCOMPARE(store.reader().count({.range = {}, .filter = parsed("cause:\"" + cause.key + "\"")}, 30s)->found, 50u);
    const auto hasty = store.reader().causes({.range = {}, .filter = {}}, 0ms);
    QVERIFY(hasty && !hasty->complete && hasty->calls == 0);
}

void tst_CallGroups::aTraceIsATreeByTime()
{
    tests::TempStore store;
    const WallTime at = store.clock().wallNow();
    const std::string trace(32, 'a');
    store.store({bonded(at, 10s, "", trace), bonded(at + 1s, 4s, "", trace), bonded(at + 2s, 1s, "", trace), bonded(at + 6s, 2s, "", trace), bonded(at + 7s, 5s, "", trace), bonded(at + 2s, 1s, "", std::string(32, 'b')), tests::sampleCall(at + 2s)});
    const auto tree = store.reader().tree({.bond = Bond::Trace, .id = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"});
    QVERIFY2(tree, tree ? "" : tree.error().message.c_str());
    QCOMPARE(tree->figures.calls, 5u);
    QCOMPARE(tree->calls.size(), 5u);
    std::vector<std::pair<int, int>> shape;
    for (const TreeCall &call : tree->calls)
        shape.emplace_back(call.depth, call.parent);
    const std::vector<std::pair<int, int>> wanted {{0, -1}, {1, 0}, {2, 1}, {1, 0}, {0, -1}};
    QVERIFY(shape == wanted);
    QVERIFY(tree->figures.first == at && tree->figures.last == at + 12s);
    QCOMPARE(tree->figures.cost.nanos(), 5 * 450'000);
    QCOMPARE(tree->figures.input, 500u);
}

void tst_CallGroups::callsOfASessionStandSideBySide()
{
    tests::TempStore store;
    const WallTime at = store.clock().wallNow();
    const std::string trace(32, 'c');
    CallRecord unpriced = bonded(at + 3s, 1s, "s");
    unpriced.cost.reset();
    store.store({bonded(at, 10s, "s"), bonded(at + 1s, 1s, "s"), bonded(at + 2s, 5s, "s", trace), bonded(at + 3s, 1s, "s", trace), unpriced, bonded(at, 1s, "other"), bonded(at, 1s, "s \xff")});
    const auto tree = store.reader().tree({.bond = Bond::Session, .id = "s"});
    QVERIFY(tree);
    QCOMPARE(tree->calls.size(), 5u);
    for (const TreeCall &call : tree->calls)
        QCOMPARE(call.depth, call.row.record.trace.empty() || call.row.record.startedAt == at + 2s ? 0 : 1);
    QCOMPARE(tree->figures.unpriced, 1u);
    QVERIFY(!store.reader().tree({.bond = Bond::Session, .id = "s \xff"}) || store.reader().tree({.bond = Bond::Session, .id = "s \xff"})->calls.size() == 1);
}

void tst_CallGroups::aShadowStandsBelowItsCall()
{
    tests::TempStore store;
    const WallTime at = store.clock().wallNow();
    CallRecord call = bonded(at, 1s, "s"), shadow = bonded(at, 3s, "s");
    shadow.shadow = true;
    shadow.shadowOf = call.id;
    store.store({shadow, call});
    const auto tree = store.reader().tree({.bond = Bond::Session, .id = "s"});
    QVERIFY(tree);
    QCOMPARE(tree->calls.at(0).row.record.id, call.id);
    QCOMPARE(tree->calls.at(1).parent, 0);
}

void tst_CallGroups::aLongSessionIsBounded()
{
    tests::TempStore store;
    const WallTime at = store.clock().wallNow() - 10h;
    std::vector<CallRecord> calls;
    for (int i = 0; i < 10'000; ++i)
        calls.push_back(bonded(at + 1s * i, 5s, "long", std::string(32, 'd')));
    store.store(calls);
    const auto tree = store.reader().tree({.bond = Bond::Session, .id = "long", .most = 1000});
    QVERIFY(tree && tree->complete);
    QCOMPARE(tree->calls.size(), 1000u);
    QCOMPARE(tree->figures.calls, 10'000u);
    QVERIFY(tree->calls.front().row.record.startedAt == at);
    QCOMPARE(store.reader().tree({.bond = Bond::Trace, .id = std::string(32, 'd'), .most = 1'000'000})->calls.size(), 5000u);
}

void tst_CallGroups::unknownIdsAreTold()
{
    tests::TempStore store;
    QVERIFY(store.reader().tree({.bond = Bond::Session, .id = "nobody"}).error().code == ErrorCode::NotFound);
    QVERIFY(store.reader().tree({.bond = Bond::Session, .id = ""}).error().code == ErrorCode::BadRequest);
    QVERIFY(store.reader().tree({.bond = Bond::Trace, .id = "12"}).error().code == ErrorCode::BadRequest);
    QVERIFY(store.reader().tree({.bond = Bond::Trace, .id = std::string(32, '0')}).error().code == ErrorCode::NotFound);
}

void tst_CallGroups::sessionsOfTheNewestCalls()
{
    tests::TempStore store;
    const WallTime at = store.clock().wallNow() - 2h;
    store.store({bonded(at, 1s, "a"), bonded(at + 2s, 1s, "b", std::string(32, 'e')), bonded(at + 3s, 1s, "a"), bonded(at + 1s, 1s, ""), failed(at + 9s, "openai", ErrorCode::Connect, 502, "x")});
    const auto sessions = store.reader().bonds({.range = {}, .filter = {}});
    QVERIFY(sessions && sessions->complete);
    QCOMPARE(sessions->sums.size(), 2u);
    QCOMPARE(sessions->sums.at(0).id, std::string("a"));
    QCOMPARE(sessions->sums.at(0).figures.calls, 2u);
    QCOMPARE(sessions->sums.at(0).team, std::string("search"));
    const auto traces = store.reader().bonds({.range = {}, .filter = {}, .bond = Bond::Trace});
    QCOMPARE(traces->sums.size(), 1u);
    QCOMPARE(traces->sums.at(0).id, std::string(32, 'e'));
    const auto one = store.reader().bonds({.range = {}, .filter = {}, .most = 1});
    QVERIFY(!one->complete && one->sums.size() == 1);
}

QTEST_APPLESS_MAIN(tst_CallGroups)
#include "tst_call_groups.moc"
