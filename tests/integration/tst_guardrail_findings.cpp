// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/finding_action.h"
#include "tests/support/test_gateway.h"

#include <QtTest>

#include <fmt/format.h>

#include <algorithm>

using namespace gateway;
using namespace support;
using namespace std::string_literals;
using config::Guardrail;
using config::GuardrailAction;
using config::GuardrailKind;
using config::LooksAt;

namespace {

config::Config guarded(std::initializer_list<const FakeProvider *> providers, std::vector<Guardrail> guardrails, std::vector<config::PrivacyRule> rules = {})
{
    return chainWith(providers, [&](config::Config &config) { config.privacyPolicies = {{.id = "p", .name = "default", .rules = std::move(rules), .guardrails = std::move(guardrails)}}; });
}

const PrivacyFinding *findingOf(const CallRecord &record, std::string_view rule, bool guardrail)
{
    const auto found = std::ranges::find_if(record.findings, [&](const PrivacyFinding &each) { return each.rule == rule && isGuardrails(each) == guardrail; });
    return found == record.findings.end() ? nullptr : &*found;
}

} // namespace

/// What the record of a call says that guardrails found.
class tst_GuardrailFindings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cutAnswersAreNoFindings_data();
    void cutAnswersAreNoFindings();
    void whatCameBeforeTheCutCounts();
    void rulesAndGuardrailsOfOneName();
    void rulesOfOneNameCountTogether();
};

void tst_GuardrailFindings::cutAnswersAreNoFindings_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<bool>("holds");
    QTest::addColumn<bool>("reports");
    for (const bool holds : {false, true}) {
        for (const bool reports : {false, true}) {
            const std::string way = fmt::format("{}{}", holds ? ", held" : "", reports ? ", reported" : "");
            QTest::newRow(("schema" + way).c_str()) << int(GuardrailKind::JsonSchema) << holds << reports;
            QTest::newRow(("require" + way).c_str()) << int(GuardrailKind::Require) << holds << reports;
            QTest::newRow(("webhook" + way).c_str()) << int(GuardrailKind::Webhook) << holds << reports;
        }
    }
}

/// Nobody can say of half an answer whether it fits.
void tst_GuardrailFindings::cutAnswersAreNoFindings()
{
    QFETCH(int, kind);
    QFETCH(bool, holds);
    QFETCH(bool, reports);
    const FakeProvider judge(Script::json(200, R"({"verdict":"block","reason":"no"})"));
    const FakeProvider provider(Script::stream().role().text("{\"total\"").cut());
    Guardrail guardrail {.kind = static_cast<GuardrailKind>(kind), .name = "g", .action = reports ? GuardrailAction::Report : GuardrailAction::Block};
    guardrail.streams = holds ? config::StreamWay::Hold : config::StreamWay::Check;
    if (guardrail.kind != GuardrailKind::JsonSchema)
        guardrail.looksAt = LooksAt::Answers;
    if (guardrail.kind == GuardrailKind::JsonSchema)
        guardrail.schema.text = R"({"type":"object"})";
    else if (guardrail.kind == GuardrailKind::Require)
        guardrail.patterns = {"never there"};
    else
        guardrail.url = fmt::format("http://127.0.0.1:{}/judge", judge.port());
    TestGateway gateway(guarded({&provider}, {guardrail}));
    QCOMPARE(gateway.problem(), ""s);
    const Answer answer = gateway.chat().stream().send();
    QVERIFY(!answer.endedWhole());
    QCOMPARE(answer.body.find("total") != std::string::npos, !holds || reports);
    QVERIFY2(answer.body.find("guardrail") == std::string::npos, answer.body.c_str());
    const CallRecord record = gateway.lastRecord();
    QVERIFY(record.error != std::optional(ErrorCode::BlockedByPolicy));
    QVERIFY(record.findings.empty());
    QCOMPARE(judge.requestCount(), std::size_t(0));
    QVERIFY(gateway.oneRecordEach());
}

void tst_GuardrailFindings::whatCameBeforeTheCutCounts()
{
    const FakeProvider provider(Script::stream().role().text("bluebird and {\"total\"").cut());
    TestGateway gateway(guarded({&provider}, {{.kind = GuardrailKind::Forbid, .name = "birds", .action = GuardrailAction::Report, .looksAt = LooksAt::Answers, .patterns = {"bluebird"}},
                                              {.kind = GuardrailKind::JsonSchema, .name = "g", .schema = {R"({"type":"object"})"}}}));
    const Answer answer = gateway.chat().stream().send();
    QVERIFY(answer.body.find("total") != std::string::npos);
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.findings.size(), std::size_t(1));
    QCOMPARE(findingOf(record, "birds", true)->answered, 1U);
}

void tst_GuardrailFindings::rulesAndGuardrailsOfOneName()
{
    const FakeProvider provider(Script::answer("fine"));
    TestGateway gateway(guarded({&provider}, {{.kind = GuardrailKind::Forbid, .name = "birds", .action = GuardrailAction::Report, .patterns = {"bluebird"}}},
                                {{.detect = "regex", .action = config::PrivacyAction::Report, .name = "birds", .pattern = "[a-z]+bird"}}));
    QCOMPARE(gateway.chat().send("bluebird, blackbird and seabird").status, 200);
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.findings.size(), std::size_t(2));
    QCOMPARE(findingOf(record, "birds", false)->asked, 3U);
    QCOMPARE(findingOf(record, "birds", true)->asked, 1U);
    QCOMPARE(findingOf(record, "birds", true)->action, "guardrail report"s);
}

/// Two services may find the same kind of thing.
void tst_GuardrailFindings::rulesOfOneNameCountTogether()
{
    const auto finding = [](const char *json) { return FakeProvider(Script::json(200, json)); };
    const FakeProvider first = finding(R"([{"entity_type":"PERSON","start":0,"end":3,"score":0.9}])"), second = finding(R"([{"entity_type":"PERSON","start":8,"end":11,"score":0.9}])");
    const FakeProvider provider(Script::answer("fine"));
    const auto service = [](const char *name, const FakeProvider &at) {
        return config::PrivacyRule {.detect = "external", .action = config::PrivacyAction::Report, .name = name, .url = fmt::format("http://127.0.0.1:{}/analyze", at.port()), .entities = {"PERSON"}};
    };
    TestGateway gateway(guarded({&provider}, {}, {service("one", first), service("two", second)}));
    QCOMPARE(gateway.problem(), ""s);
    QCOMPARE(gateway.chat().send("Ann and Bob").status, 200);
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.findings.size(), std::size_t(1));
    QCOMPARE(findingOf(record, "PERSON", false)->asked, 2U);
}

QTEST_GUILESS_MAIN(tst_GuardrailFindings)
#include "tst_guardrail_findings.moc"
