// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/telemetry/finding_records.h"

#include <QTest>

#include <algorithm>

using namespace gateway;
using namespace gateway::telemetry;

namespace {

class Kept final : public RecordSink
{
public:
    std::vector<CallRecord> records;
    void push(CallRecord record, std::move_only_function<void(bool)>) override { records.push_back(std::move(record)); }
    [[nodiscard]] bool healthy() const override { return false; }
    [[nodiscard]] bool behind() const override { return true; }
};

CallRecord found(std::string policy, std::vector<PrivacyFinding> findings, bool shadow = false)
{
    CallRecord record;
    record.policy = std::move(policy);
    record.findings = std::move(findings);
    record.shadow = shadow;
    return record;
}

} // namespace

/// What privacy policies found, as /metrics tells it.
class tst_FindingRecords : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findingsAreCountedByTheirNames();
    void namesAreBounded();
};

void tst_FindingRecords::findingsAreCountedByTheirNames()
{
    Kept kept;
    FindingRecords records(kept);
    QVERIFY(records.counts().empty());
    const PrivacyFinding rule {.rule = "email", .action = "mask", .asked = 2, .answered = 1}, guardrail {.rule = "email", .action = "guardrail mask", .asked = 1};
    records.push(found("p", {rule, guardrail}), {});
    records.push(found("p", {rule}), {});
    records.push(found("p", {rule}, true), {});
    records.push(found("p", {}), {});
    QCOMPARE(kept.records.size(), std::size_t(4));
    QVERIFY(!records.healthy() && records.behind());
    const std::vector<Gauge> counts = records.counts();
    QCOMPARE(counts.size(), std::size_t(2));
    const std::string text = prometheusText({}, counts, "1");
    QVERIFY(text.find("# TYPE signalbox_privacy_findings_total counter\n") != std::string::npos);
    QVERIFY(text.find("signalbox_privacy_findings_total{policy=\"p\",rule=\"email\",action=\"mask\",kind=\"rule\"} 6\n") != std::string::npos);
    QVERIFY(text.find("signalbox_privacy_findings_total{policy=\"p\",rule=\"email\",action=\"mask\",kind=\"guardrail\"} 1\n") != std::string::npos);
}

void tst_FindingRecords::namesAreBounded()
{
    Kept kept;
    FindingRecords records(kept);
    for (std::size_t i = 0; i < 2 * FindingRecords::mostNames; ++i)
        records.push(found("p", {{.rule = "r" + std::to_string(i), .action = "block", .asked = 1}}), {});
    const std::vector<Gauge> counts = records.counts();
    QCOMPARE(counts.size(), FindingRecords::mostNames + 1);
    const auto other = std::ranges::find_if(counts, [](const Gauge &count) { return count.labels[0].second == "other"; });
    QVERIFY(other != counts.end());
    QCOMPARE(other->value, static_cast<double>(FindingRecords::mostNames));
}

QTEST_GUILESS_MAIN(tst_FindingRecords)
#include "tst_finding_records.moc"
