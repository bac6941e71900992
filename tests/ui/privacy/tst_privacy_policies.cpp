// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/policy.h"
#include "tests/ui/support/scene_config.h"
#include "ui/panes/detector_words.h"
#include "ui/panes/privacy/pattern_check.h"
#include "ui/panes/privacy/policy_edit.h"
#include "ui/panes/privacy/sent_spans.h"
#include "ui/panes/privacy/span_text.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace Qt::StringLiterals;
using namespace ui::privacy;

namespace {

/// "default/email strict/all" of the rules that apply.
QString placesText(const Policies &policies, int policy)
{
    QStringList texts;
    for (const RulePlace &place : rulesOf(policies, policy)) {
        const Policy &of = policies[static_cast<std::size_t>(place.policy)];
        const Rule &rule = of.rules[static_cast<std::size_t>(place.rule)];
        texts << QString::fromStdString(of.name + '/' + (rule.isOwn() ? rule.name : rule.detect));
    }
    return texts.join(u' ');
}

Config sceneWith(std::vector<Policy> policies)
{
    Config config;
    config.privacyPolicies = std::move(policies);
    return config;
}

} // namespace

class tst_PrivacyPolicies : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyDetectorHasWords()
    {
        std::set<std::string_view> known;
        for (const ui::panes::DetectorWords &words : ui::panes::detectorWords())
            QVERIFY2(known.insert(words.id).second, words.id);
        const auto names = gateway::privacy::detectorNames();
        for (const std::string_view name : names)
            QVERIFY2(known.contains(name), std::string(name).c_str());
        QCOMPARE(known.size(), names.size() + 4); // all, regex, dictionary, external
    }

    void extendedRulesFillWhatIsLeft()
    {
        Policies policies {{.name = "base", .rules = {{.detect = "email"}, {.detect = "phone"}, {.detect = "regex", .name = "ticket", .pattern = "T"}, {.detect = "regex", .name = "order", .pattern = "O"}}},
                           {.name = "mine", .extends = "base", .rules = {{.detect = "phone", .action = Action::Block}, {.detect = "dictionary", .name = "ticket", .words = {"T"}}}}};
        QCOMPARE(placesText(policies, 1), u"mine/phone mine/ticket base/email base/order"_s);
        policies[1].rules = {{.detect = "all"}};
        QCOMPARE(placesText(policies, 1), u"mine/all base/ticket base/order"_s);
        policies[0].extends = "mine"; // round in a circle: each once
        QCOMPARE(placesText(policies, 0), u"base/email base/phone base/ticket base/order mine/all"_s);
    }

    void flattenedPolicyIsTheSameByItself()
    {
        const Policies policies {{.name = "base", .rules = {{.detect = "email", .action = Action::Mask}, {.detect = "phone"}}, .answers = false}, {.name = "mine", .extends = "base", .rules = {{.detect = "phone", .action = Action::Block}}}};
        const Policy flat = flattened(policies, 1);
        QCOMPARE(flat.name, std::string("mine"));
        QVERIFY(flat.extends.empty());
        QCOMPARE(flat.rules.size(), std::size_t(2));
        QCOMPARE(flat.rules[0].action, Action::Block);
        QCOMPARE(flat.rules[1].detect, std::string("email"));
        QCOMPARE(flat.answers, std::optional(false));
    }

    void replacementsAreFoundAgain()
    {
        using gateway::api::PrivacySpan;
        const std::string text = "Grüße <EMAIL_7> an ä@b.de, +49 30 1, geheim, offen";
        const auto span = [&](const std::string &value, const std::string &label, Action action) {
            return PrivacySpan {.from = text.find(value), .to = text.find(value) + value.size(), .text = value, .rule = label, .label = label, .score = 1, .action = action};
        };
        const gateway::api::PrivacyTrial trial {.policy = "p", .spans = {span("ä@b.de", "EMAIL", Action::Tokenize), span("+49 30 1", "PHONE", Action::Mask), span("geheim", "WORD", Action::Hash), span("offen", "OPEN", Action::Report)},
                                                .scrubbed = "Grüße <TEXT_1> an <EMAIL_1>, +** ** *, [WORD:0123456789abcdef], offen", .blockedBy = {}, .notAsked = {}};
        QStringList sent;
        for (const SentSpan &found : sentSpans(text, trial))
            sent << QString::fromStdString(trial.scrubbed.substr(found.from, found.to - found.from));
        QCOMPARE(sent, (QStringList {u"<EMAIL_1>"_s, u"+** ** *"_s, u"[WORD:0123456789abcdef]"_s}));
    }

    void renamedPolicyIsFollowed()
    {
        Config config = tests::sceneConfig();
        const PolicyUsers before = usersOf(config, "strict");
        QCOMPARE(usersText(before), u"1 key, 1 team"_s);
        config.teams[0].privacy = "strict";
        config.teams[0].origin = gateway::config::Origin::File;
        renamePolicy(config, 1, "very-strict");
        QCOMPARE(usersOf(config, "very-strict").keys, before.keys);
        QCOMPARE(usersOf(config, "very-strict").teams, before.teams);
        QCOMPARE(usersOf(config, "strict").locked, QStringList {u"team search"_s}); // the file's entries are the file's
        renamePolicy(config, 0, "usual");
        QCOMPARE(config.privacyPolicies[1].extends, std::string("usual"));
    }

    void removedPolicyIsNamedNoMore()
    {
        Config config = tests::sceneConfig();
        removePolicy(config, 1);
        QCOMPARE(config.privacyPolicies.size(), std::size_t(1));
        QVERIFY(usersOf(config, "strict").empty());
        removePolicy(config, 7);
        QCOMPARE(config.privacyPolicies.size(), std::size_t(1));
    }

    void copiesAndNamesAreFree()
    {
        Config config = tests::sceneConfig();
        duplicatePolicy(config, 0);
        duplicatePolicy(config, 0);
        QCOMPARE(config.privacyPolicies[1].name, std::string("default-copy-2"));
        QVERIFY(config.privacyPolicies[1].id.empty());
        QCOMPARE(config.privacyPolicies[2].rules, config.privacyPolicies[0].rules);
        QVERIFY(!nameProblem({u"strict"_s}, u" strict "_s).isEmpty());
        QVERIFY(!nameProblem({}, u"  "_s).isEmpty());
        QVERIFY(nameProblem({u"strict"_s}, u"other"_s).isEmpty());
    }

    void circlesAreNotOffered()
    {
        const Config config = sceneWith({{.name = "a"}, {.name = "b", .extends = "a"}, {.name = "c", .extends = "b"}, {.name = "d"}});
        QCOMPARE(extendable(config.privacyPolicies, 0), QStringList {u"d"_s});
        QCOMPARE(extendable(config.privacyPolicies, 2), (QStringList {u"a"_s, u"b"_s, u"d"_s}));
    }

    void answersAreInherited()
    {
        Config config = sceneWith({{.name = "a", .answers = false}, {.name = "b", .extends = "a"}, {.name = "c"}});
        QVERIFY(!looksAtAnswers(config.privacyPolicies, 1));
        QVERIFY(looksAtAnswers(config.privacyPolicies, 2));
        config.privacyPolicies[1].answers = true;
        QVERIFY(looksAtAnswers(config.privacyPolicies, 1));
    }

    void detectorChangesTakeTheirFieldsAlong()
    {
        const Policy policy {.name = "p", .rules = {{.detect = "regex", .name = "pattern", .pattern = "a"}}};
        Rule rule = freshRule(policy, "regex");
        QCOMPARE(rule.name, std::string("pattern-2"));
        rule.pattern = "b+";
        rule.allow = {"x"};
        setDetector(policy, rule, "dictionary");
        QCOMPARE(rule.name, std::string("pattern-2"));
        QVERIFY(rule.pattern.empty());
        QCOMPARE(rule.allow.size(), std::size_t(1));
        setDetector(policy, rule, "email");
        QVERIFY(rule.name.empty());
        QVERIFY(mayAdd(policy, "regex"));
        QVERIFY(mayAdd(policy, "email"));
        QVERIFY(!mayAdd({.rules = {{.detect = "email"}}}, "email"));
    }

    void starterSetIsTakenByTheGateway()
    {
        const std::vector<Policy> policies {{.name = "default", .rules = starterRules()}};
        const auto compiled = gateway::privacy::Policy::compile(policies, "default");
        QVERIFY2(compiled.has_value(), compiled ? "" : compiled.error().front().message.c_str());
    }

    void patternProblemsHaveTheirPlace_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<int>("at");
        QTest::newRow("bracket") << u"TCK-[0-9{6}"_s << 4;
        QTest::newRow("parenthesis") << u"(a)(b"_s << 3;
        QTest::newRow("closes nothing") << u"(a)b)"_s << 4;
        QTest::newRow("nothing to repeat") << u"a*b|*"_s << 4;
        QTest::newRow("look behind") << u"x(?<=a)b"_s << 1;
        QTest::newRow("range") << u"a[z-a]"_s << 2;
        QTest::newRow("escape") << u"\\d\\y"_s << 2;
        QTest::newRow("beyond ASCII") << u"größe[0-9"_s << 5;
        QTest::newRow("parenthesis in a class") << u"[)(](a"_s << 4;
    }

    void patternProblemsHaveTheirPlace()
    {
        QFETCH(const QString, pattern);
        const auto problem = checkPattern(pattern);
        QVERIFY(problem);
        QVERIFY(!problem->text.isEmpty());
        QTEST(problem->at, "at");
        QVERIFY(problem->at + problem->length <= pattern.size());
    }

    void goodPatternsHaveNone()
    {
        for (const char *pattern : {"TCK-[0-9]{6}", "(?i)gr(ü|ue)n", "\\bAB\\d+\\b", "(a+)+b"})
            QVERIFY2(!checkPattern(QString::fromUtf8(pattern)), pattern);
    }

    void bytesBecomeLetters()
    {
        const std::string text = "Grüße 😀 x";
        ByteOffsets offsets(text);
        QCOMPARE(offsets.letterAt(0), 0);
        QCOMPARE(offsets.letterAt(text.find("e")), 4);
        QCOMPARE(offsets.letterAt(text.find("x")), static_cast<int>(QString::fromStdString(text).indexOf(u'x')));
        QCOMPARE(offsets.letterAt(1000), static_cast<int>(QString::fromStdString(text).size()));
    }
};

QTEST_GUILESS_MAIN(tst_PrivacyPolicies)
#include "tst_privacy_policies.moc"
