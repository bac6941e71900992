// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/config_json.h"
#include "gateway/config/diff.h"
#include "gateway/config/privacy.h"
#include "gateway/config/yaml_writer.h"
#include "tests/gateway/config/config_text.h"

#include <QTest>

#include <algorithm>
#include <array>

using namespace gateway::config;

namespace {

constexpr std::array<std::string_view, 4> detectors {"email", "credit_card", "iban", "phone"};

} // namespace

/// Privacy policies in and out of their text form.
class tst_PrivacyText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAllFields();
    void readsGuardrails();
    void writesGuardrails();
    void writesWhatItReads();
    void standsInTheConfiguration();
    void textsOfRulesAreLiteral();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
};

void tst_PrivacyText::readsAllFields()
{
    const auto privacy = readPrivacy(R"(
policies:
  - name: default
    rules:
      - { detect: email, action: tokenize, threshold: 0.7, context: [mail], allow: ["*@example.org"], regions: [DE, US] }
      - { detect: credit_card, action: block }
      - { detect: regex, name: ticket, pattern: "TCK-[0-9]{6}", action: hash }
      - { detect: dictionary, name: codenames, words: [Bluebird, Heron], action: mask }
      - { detect: external, name: presidio, url: "http://127.0.0.1:5002/analyze", entities: [PERSON, LOCATION], action: report, on_failure: allow }
    answers: true
  - { name: strict, extends: default, rules: [{ detect: all, action: block }] }
)", detectors);
    QVERIFY(privacy);
    QCOMPARE((*privacy).size(), std::size_t {2});
    const PrivacyPolicy &policy = (*privacy)[0];
    QCOMPARE(policy.answers, std::optional(true));
    QCOMPARE(policy.rules[0], (PrivacyRule {.detect = "email", .threshold = 0.7, .context = {"mail"}, .allow = {"*@example.org"}, .regions = {"DE", "US"}}));
    QCOMPARE(policy.rules[1].action, PrivacyAction::Block);
    QCOMPARE(policy.rules[2], (PrivacyRule {.detect = "regex", .action = PrivacyAction::Hash, .name = "ticket", .pattern = "TCK-[0-9]{6}"}));
    QCOMPARE(policy.rules[3].words, (std::vector<std::string> {"Bluebird", "Heron"}));
    QCOMPARE(policy.rules[4].onFailure, OnFailure::Allow);
    QCOMPARE(policy.rules[4].entities.size(), std::size_t {2});
    QCOMPARE((*privacy)[1].extends, std::string("default"));
    QVERIFY(!(*privacy)[1].answers);
    QCOMPARE(findPolicy(*privacy, "strict"), &(*privacy)[1]);
    QCOMPARE(findPolicy(*privacy, "none"), nullptr);
}

void tst_PrivacyText::readsGuardrails()
{
    const auto privacy = readPrivacy(R"(
policies:
  - name: default
    guardrails:
      - { kind: max_bytes, limit: 200KB }
      - { kind: max_tokens, limit: 50000, action: report }
      - { kind: forbid, name: secret, patterns: ["(?i)bluebird", "${X}"], looks_at: both }
      - { kind: require, name: note, patterns: [advice], looks_at: answers, streams: hold }
      - { kind: injection, threshold: 0.8, phrases: [open sesame] }
      - { kind: json_schema, schema: { type: object, properties: { a: { type: number, description: "${Y}" } }, required: [a] }, repair: false }
      - { kind: webhook, name: judge, url: "http://127.0.0.1:5003/judge", looks_at: both, timeout: 2s, on_failure: allow }
)", detectors);
    QVERIFY2(privacy, privacy ? "" : privacy.error()[0].text().c_str());
    const std::vector<Guardrail> &all = (*privacy)[0].guardrails;
    using enum GuardrailKind;
    QCOMPARE(all[0], (Guardrail {.kind = MaxBytes, .limit = 200 * 1024}));
    QCOMPARE(all[1], (Guardrail {.kind = MaxTokens, .action = GuardrailAction::Report, .limit = 50'000}));
    QCOMPARE(all[2], (Guardrail {.kind = Forbid, .name = "secret", .looksAt = LooksAt::Both, .patterns = {"(?i)bluebird", "${X}"}}));
    QCOMPARE(all[3], (Guardrail {.kind = Require, .name = "note", .looksAt = LooksAt::Answers, .patterns = {"advice"}, .streams = StreamWay::Hold}));
    QCOMPARE(all[4], (Guardrail {.kind = Injection, .phrases = {"open sesame"}, .threshold = 0.8}));
    QCOMPARE(all[5].schema.text, std::string(R"({"type":"object","properties":{"a":{"type":"number","description":"${Y}"}},"required":["a"]})"));
    QVERIFY(!all[5].repair);
    QCOMPARE(all[6], (Guardrail {.kind = Webhook, .name = "judge", .looksAt = LooksAt::Both, .url = "http://127.0.0.1:5003/judge", .timeout = Millis {2'000}, .onFailure = OnFailure::Allow}));
    QCOMPARE(all[4].shownName(), std::string_view("injection"));
}

void tst_PrivacyText::writesGuardrails()
{
    using enum GuardrailKind;
    Config config;
    config.privacyPolicies = {{.name = "p",
                               .guardrails = {{.kind = MaxBytes, .limit = 1'000'000},
                                              {.kind = MaxTokens, .action = GuardrailAction::Report, .limit = 50'000},
                                              {.kind = Forbid, .name = "f", .looksAt = LooksAt::Both, .patterns = {"${HOME}\\d+\"x", "5"}},
                                              {.kind = Require, .name = "r", .looksAt = LooksAt::Answers, .patterns = {"true"}, .streams = StreamWay::Hold},
                                              {.kind = Injection, .phrases = {"null"}, .threshold = 0.25},
                                              {.kind = JsonSchema, .schema = {R"({"type":"object","additionalProperties":false,"properties":{"x":{"enum":[1,"1",null,1.5]},"y":{}}})"}, .repair = false},
                                              {.kind = Webhook, .name = "w", .looksAt = LooksAt::Answers, .streams = StreamWay::Hold, .url = "https://x.example/a", .timeout = Millis {1'500}, .onFailure = OnFailure::Allow}}}};
    const Config read = readYaml(toYaml(config));
    QCOMPARE(read.privacyPolicies, config.privacyPolicies);
    const auto again = fromJson<Config>(toJson(config, Secrets::Include));
    QVERIFY(again);
    QCOMPARE(again->privacyPolicies, config.privacyPolicies);
    const auto alone = readPrivacy(privacyJson(config.privacyPolicies), detectors);
    QVERIFY2(alone, alone ? "" : alone.error()[0].text().c_str());
    QCOMPARE(*alone, config.privacyPolicies);
    for (std::size_t i = 0; i < config.privacyPolicies[0].guardrails.size(); ++i) { // each is told apart
        Config edited = config;
        edited.privacyPolicies[0].id = config.privacyPolicies[0].id = "x";
        edited.privacyPolicies[0].guardrails[i].name = "other";
        QCOMPARE(diff(config, edited).size(), std::size_t {1});
    }
}

void tst_PrivacyText::writesWhatItReads()
{
    const std::vector<PrivacyPolicy> privacy {{.name = "a", .rules = {{.detect = "email", .action = PrivacyAction::Mask, .threshold = 0.35, .allow = {"${X}", "5"}}, {.detect = "regex", .name = "r", .pattern = "\\d+\"x"}}, .answers = false},
                                              {.name = "b", .extends = "a", .rules = {{.detect = "external", .name = "e", .url = "https://x.example/a", .onFailure = OnFailure::Allow}}}};
    const auto again = readPrivacy(privacyJson(privacy), detectors);
    QVERIFY2(again, again ? "" : again.error()[0].text().c_str());
    QCOMPARE(*again, privacy);
}

/// With the keys, teams and routes that name policies: through YAML, JSON, and what tells two configurations apart.
void tst_PrivacyText::standsInTheConfiguration()
{
    const Config config = readYaml("providers: [{ name: a, kind: vllm, base_url: \"http://127.0.0.1:1/v1\" }]\n"
                                   "routes: [{ name: r, plan: { provider: a, model: m }, privacy: strict }]\n"
                                   "teams: [{ name: t, privacy: strict }]\nkeys: [{ name: k, team: t, privacy: default }]\n"
                                   "privacy: { policies: [{ name: default, answers: false, rules: [{ detect: email, action: mask, threshold: 0.25, context: [mail], allow: [\"*@x.org\"], regions: [DE], enabled: false },"
                                   " { detect: dictionary, name: d, words: [Heron], action: hash }, { detect: external, name: e, url: \"http://127.0.0.1:2\", entities: [PERSON], on_failure: allow }] }, { name: strict, extends: default }] }\n");
    QCOMPARE(config.privacyPolicies.size(), std::size_t {2});
    QVERIFY(!config.privacyPolicies[0].rules[0].enabled && config.privacyPolicies[0].rules[1].enabled);
    QCOMPARE(config.routes[0].privacy, std::string("strict"));
    QCOMPARE(config.teams[0].privacy, std::string("strict"));
    QCOMPARE(config.keys[0].privacy, std::string("default"));
    QVERIFY(readYaml(toYaml(config)) == config);
    const auto again = fromJson<Config>(toJson(config, Secrets::Include));
    QVERIFY(again && *again == config);
    for (const PrivacyPolicy &policy : config.privacyPolicies) {
        const auto one = fromJson<PrivacyPolicy>(toJson(policy));
        QVERIFY(one && *one == policy);
    }
    Config edited = config;
    edited.privacyPolicies[0].rules[1].words.push_back("Bluebird");
    edited.privacyPolicies[0].id = "x";
    edited.privacyPolicies[1].id = "y";
    Config former = config;
    former.privacyPolicies[0].id = "x";
    former.privacyPolicies[1].id = "y";
    QCOMPARE(diff(former, edited).size(), std::size_t {1});
    QVERIFY(diff(former, former).empty());
}

void tst_PrivacyText::textsOfRulesAreLiteral()
{
    const char *text = "privacy: { policies: [{ name: p, rules: [{ detect: regex, name: r, pattern: \"^${HOME}|$${X}\" }, { detect: dictionary, name: d, words: [\"${HOME}\", \"file:/etc/passwd\"] }] }] }";
    const Config config = readYaml(text);
    QCOMPARE(config.privacyPolicies[0].rules[0].pattern, std::string("^${HOME}|$${X}"));
    QCOMPARE(config.privacyPolicies[0].rules[1].words, (std::vector<std::string> {"${HOME}", "file:/etc/passwd"}));
    QVERIFY(readYaml(toYaml(config)) == config);
}

void tst_PrivacyText::saysWhatIsWrong_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("words");
    const auto row = [](const char *rules, const char *field, const char *words) { QTest::newRow(rules) << QStringLiteral("policies: [%1]").arg(QString::fromUtf8(rules)) << QStringLiteral("privacy.policies") + QString::fromUtf8(field) << QString::fromUtf8(words); };
    row("{name: a, guardrails: [{name: x}]}", "[0].guardrails[0].kind", "is missing; write one of max_bytes, max_tokens, forbid, require, injection, json_schema, webhook");
    row("{name: a, guardrails: [{kind: forbids}]}", "[0].guardrails[0].kind", "forbid");
    row("{name: a, guardrails: [{kind: max_bytes}]}", "[0].guardrails[0].limit", "is missing: `kind: max_bytes` needs it");
    row("{name: a, guardrails: [{kind: max_bytes, limit: many}]}", "[0].guardrails[0].limit", "is not a size");
    row("{name: a, guardrails: [{kind: max_tokens, limit: 5KB}]}", "[0].guardrails[0].limit", "is not a whole number");
    row("{name: a, guardrails: [{kind: max_tokens, limit: -5}]}", "[0].guardrails[0].limit", "over 0");
    row("{name: a, guardrails: [{kind: forbid}]}", "[0].guardrails[0].patterns", "is missing");
    row("{name: a, guardrails: [{kind: forbid, patterns: [\"\"]}]}", "[0].guardrails[0].patterns[0]", "is empty");
    row("{name: a, guardrails: [{kind: injection, patterns: [a]}]}", "[0].guardrails[0].patterns", "belongs to forbid, require, and this guardrail is of kind injection");
    row("{name: a, guardrails: [{kind: injection, threshold: 2}]}", "[0].guardrails[0].threshold", "write more than 0 and at most 1");
    row("{name: a, guardrails: [{kind: injection, threshold: high}]}", "[0].guardrails[0].threshold", "is not a number");
    row("{name: a, guardrails: [{kind: injection, looks_at: answers}]}", "[0].guardrails[0].looks_at", "belongs to");
    row("{name: a, guardrails: [{kind: json_schema}]}", "[0].guardrails[0].schema", "is missing");
    row("{name: a, guardrails: [{kind: json_schema, schema: text}]}", "[0].guardrails[0].schema", "must be a map");
    row("{name: a, guardrails: [{kind: forbid, patterns: [a], streams: hold, looks_at: answers}]}", "[0].guardrails[0].streams", "belongs to");
    row("{name: a, guardrails: [{kind: require, patterns: [a], streams: hold}]}", "[0].guardrails[0].streams", "add `looks_at: answers`");
    row("{name: a, guardrails: [{kind: webhook, name: w}]}", "[0].guardrails[0].url", "is missing");
    row("{name: a, guardrails: [{kind: webhook, url: \"ftp://x\"}]}", "[0].guardrails[0].url", "no http or https address");
    row("{name: a, guardrails: [{kind: webhook, url: \"http://x/?a=b\"}]}", "[0].guardrails[0].url", "without user, query and fragment");
    row("{name: a, guardrails: [{kind: webhook, url: \"http://x\", timeout: 5m}]}", "[0].guardrails[0].timeout", "must be from");
    row("{name: a, guardrails: [{kind: injection, action: mask}]}", "[0].guardrails[0].action", "block, report");
    row("{name: a, guardrails: [{kind: injection, name: \"1\"}]}", "[0].guardrails[0].name", "names no guardrail");
    row("{name: a, guardrails: [{kind: injection}, {kind: injection}]}", "[0].guardrails[1]", "two guardrails \"injection\"");
    row("{name: a, guardrails: [{kind: injection, treshold: 1}]}", "[0].guardrails[0].treshold", "did you mean `threshold`?");
    row("{name: a, rules: [{detect: emial}]}", "[0].rules[0].detect", "did you mean `email`?");
    row("{name: a, rules: [{action: mask}]}", "[0].rules[0].detect", "is missing");
    row("{name: a, rules: [{detect: email, action: remove}]}", "[0].rules[0].action", "tokenize, mask, hash, block, report");
    row("{name: a, rules: [{detect: email, treshold: 0.5}]}", "[0].rules[0].treshold", "did you mean `threshold`?");
    row("{name: a, rules: [{detect: email, threshold: 1.5}]}", "[0].rules[0].threshold", "write 0 to 1");
    row("{name: a, rules: [{detect: email, threshold: high}]}", "[0].rules[0].threshold", "high");
    row("{name: a, rules: [{detect: regex, pattern: x}]}", "[0].rules[0].name", "is missing");
    row("{name: a, rules: [{detect: regex, name: x}]}", "[0].rules[0].pattern", "is missing");
    row("{name: a, rules: [{detect: email, pattern: x}]}", "[0].rules[0].pattern", "belongs to `detect: regex`");
    row("{name: a, rules: [{detect: email, name: x}]}", "[0].rules[0].name", "built-in");
    row("{name: a, rules: [{detect: regex, name: \"a b\", pattern: x}]}", "[0].rules[0].name", "names no rule");
    row("{name: a, rules: [{detect: dictionary, name: x, words: [a, \"\"]}]}", "[0].rules[0].words[1]", "is empty");
    row("{name: a, rules: [{detect: external, name: x, url: \"ftp://x\"}]}", "[0].rules[0].url", "no http or https address");
    row("{name: a, rules: [{detect: phone, regions: [Germany]}]}", "[0].rules[0].regions[0]", "two capital letters");
    row("{name: a, rules: [{detect: email}, {detect: email, action: mask}]}", "[0].rules[1]", "two rules for \"email\"");
    row("{name: a}, {name: a}", "[1].name", "there twice");
    row("{rules: [{detect: email}]}", "[0].name", "is missing");
    row("{name: a, extends: b}", "[0].extends", "which there is not");
    row("{name: a, extends: b}, {name: b, extends: a}", "[0].extends", "extends itself");
}

void tst_PrivacyText::saysWhatIsWrong()
{
    QFETCH(QString, text);
    QFETCH(QString, field);
    QFETCH(QString, words);
    const auto privacy = readPrivacy(text.toStdString(), detectors);
    QVERIFY(!privacy);
    const auto problem = std::ranges::find_if(privacy.error(), [&](const Problem &each) { return each.field == field.toStdString(); });
    QVERIFY2(problem != privacy.error().end(), privacy.error()[0].text().c_str());
    QVERIFY2(problem->message.find(words.toStdString()) != std::string::npos, problem->message.c_str());
    QVERIFY2(problem->line == 1 || problem->message.find("missing") != std::string::npos || problem->message.find("two rules") != std::string::npos, "it has a place");
}

QTEST_APPLESS_MAIN(tst_PrivacyText)
#include "tst_privacy_text.moc"
