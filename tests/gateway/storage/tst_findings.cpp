// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/finding_list.h"
#include "tests/support/temp_store.h"

#include <QTest>

#include <algorithm>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

CallRecord found(WallTime at, std::string policy, std::vector<PrivacyFinding> findings)
{
    CallRecord call = tests::sampleCall(at);
    call.policy = std::move(policy);
    call.findings = std::move(findings);
    return call;
}

const FindingCount *countOf(const FindingSummary &summary, std::string_view policy, std::string_view rule, bool guardrail = false)
{
    const auto at = std::ranges::find_if(summary.findings, [&](const FindingCount &each) { return each.policy == policy && each.rule == rule && each.guardrail == guardrail; });
    return at == summary.findings.end() ? nullptr : &*at;
}

} // namespace

/// What privacy policies found, in calls.db.
class tst_Findings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void textsReadBack();
    void areAddedUp();
    void onlyTheNewestAreLookedAt();
    void anEmptyLogHasNone();
};

void tst_Findings::textsReadBack()
{
    const std::vector<PrivacyFinding> findings {{.rule = "email", .action = "tokenize", .asked = 2}, {.rule = "size", .action = "guardrail block", .asked = 1}, {.rule = "guardrail", .action = "mask", .answered = 3}};
    const std::string text = storage::packFindings(findings);
    QCOMPARE(text, std::string("2 0 tokenize email\n1 0 guardrail block size\n0 3 mask guardrail"));
    QVERIFY(storage::unpackFindings(text) == findings);
    QVERIFY(storage::unpackFindings("1 0 guardrail block\nx\n\n1 2 block").empty());
}

void tst_Findings::areAddedUp()
{
    tests::TempStore store;
    const WallTime now = store.clock().wallNow(), from = now - 24h;
    const PrivacyFinding email {.rule = "email", .action = "tokenize", .asked = 2, .answered = 1};
    const PrivacyFinding guard {.rule = "email", .action = "guardrail tokenize", .asked = 5};
    store.store({found(from - 1s, "default", {email}), found(from, "default", {email, guard}), tests::sampleCall(from + 1h), found(now - 1s, "default", {email}), found(now - 1s, "strict", {email}), found(from + 90min, "default", {email}),
                 found(now + 1s, "default", {email})});
    const auto summary = store.reader().findings({.range = {.from = from}, .parts = 24}, now);
    QVERIFY(summary);
    QVERIFY(summary->complete);
    QVERIFY(summary->since == from);
    QCOMPARE(summary->findings.size(), std::size_t(3));
    const FindingCount *rule = countOf(*summary, "default", "email");
    QVERIFY(rule);
    QCOMPARE(rule->calls, std::uint64_t(3));
    QCOMPARE(rule->asked, std::uint64_t(6));
    QCOMPARE(rule->answered, std::uint64_t(3));
    QCOMPARE(rule->parts.size(), std::size_t(24));
    QCOMPARE(rule->parts[0], std::uint64_t(3));
    QCOMPARE(rule->parts[1], std::uint64_t(3));
    QCOMPARE(rule->parts[23], std::uint64_t(3));
    QCOMPARE(countOf(*summary, "default", "email", true)->found(), std::uint64_t(5));
    QCOMPARE(countOf(*summary, "strict", "email")->calls, std::uint64_t(1));
}

void tst_Findings::onlyTheNewestAreLookedAt()
{
    tests::TempStore store;
    const WallTime now = store.clock().wallNow();
    std::vector<CallRecord> calls;
    for (int i = 0; i < 10; ++i)
        calls.push_back(found(now - std::chrono::minutes(10 - i), "p", {{.rule = "email", .action = "mask", .asked = 1}}));
    store.store(calls);
    const auto summary = store.reader().findings({.range = {.from = now - 24h}, .mostCalls = 4}, now);
    QVERIFY(summary);
    QVERIFY(!summary->complete);
    QVERIFY(summary->since == now - 4min);
    QCOMPARE(summary->findings[0].calls, std::uint64_t(4));
    const auto all = store.reader().findings({.range = {.from = now - 24h}, .mostCalls = 10}, now);
    QVERIFY(all->complete);
    QCOMPARE(all->findings[0].calls, std::uint64_t(10));
}

void tst_Findings::anEmptyLogHasNone()
{
    tests::TempStore store;
    const WallTime now = store.clock().wallNow();
    const auto summary = store.reader().findings({.range = {.from = now - 24h}}, now);
    QVERIFY(summary);
    QVERIFY(summary->complete && summary->findings.empty());
    QVERIFY(store.reader().findings({.range = {.from = now + 1h}}, now)->findings.empty());
}

QTEST_GUILESS_MAIN(tst_Findings)
#include "tst_findings.moc"
