// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/diff_rows.h"
#include "ui/panes/prompts/prompt_snippets.h"
#include "ui/panes/prompts/prompt_words.h"
#include "ui/panes/prompts/template_highlighter.h"
#include "ui/panes/prompts/version_list.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

Q_DECLARE_METATYPE(ui::prompts::Naming)
Q_DECLARE_METATYPE(ui::prompts::Speech)

using namespace Qt::StringLiterals;
using namespace ui::prompts;
using gateway::config::PromptVersion;
using gateway::config::VariableType;
using Kind = DiffRow::Kind;

namespace {

PromptVersion sample()
{
    PromptVersion version;
    version.version = 3;
    version.model = "gpt-4o";
    version.messages = {{"system", "One\nTwo\nThree\nFour\nFive\nSix"}, {"user", "Write to {{who}}:\n{{text}}"}};
    version.parameters.text = R"({"temperature":0.2,"max_tokens":400})";
    return version;
}

} // namespace

class tst_PromptTexts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void equalVersionsHaveNoRows();
    void labelsAndAuthorsAreNoDifference();
    void linesAlikeAreFolded();
    void changedRoleIsShown();
    void otherPartsHaveTheirHeading();
    void snippets_data();
    void snippets();
    void snippetWithoutModelAsksForOne();
    void exampleValuesFollowTheChecks();
    void namesInTags_data();
    void namesInTags();
    void problemsBeforeSaving();
    void chipsOfParameters();
    void names();
    void scoreAndCost();
};

void tst_PromptTexts::equalVersionsHaveNoRows() { QVERIFY(diffRows(sample(), sample()).isEmpty()); }

void tst_PromptTexts::labelsAndAuthorsAreNoDifference()
{
    PromptVersion other = sample();
    other.version = 4;
    other.labels = {"production"};
    other.author = "Ana";
    other.note = "shorter";
    QVERIFY(diffRows(sample(), other).isEmpty());
}

void tst_PromptTexts::linesAlikeAreFolded()
{
    PromptVersion other = sample();
    other.messages[0].content = "One\nTwo\nThree\nFour\nFive\nSeven";
    const auto rows = diffRows(sample(), other);
    const QList<DiffRow> wanted {{Kind::Heading, u"system"_s}, {Kind::Folded, u"3 lines alike"_s}, {Kind::Equal, u"Four"_s}, {Kind::Equal, u"Five"_s}, {Kind::Removed, u"Six"_s}, {Kind::Added, u"Seven"_s}, {Kind::Folded, u"2 lines alike"_s}};
    QCOMPARE(rows.size(), wanted.size());
    for (int i = 0; i < rows.size(); ++i)
        QCOMPARE(rows[i].text, wanted[i].text);
    QCOMPARE(rows, wanted);
}

void tst_PromptTexts::changedRoleIsShown()
{
    PromptVersion other = sample();
    other.messages[1].role = "developer";
    const auto rows = diffRows(sample(), other);
    QVERIFY(rows.contains(DiffRow {Kind::Removed, u"user:"_s}));
    QVERIFY(rows.contains(DiffRow {Kind::Added, u"developer:"_s}));
}

void tst_PromptTexts::otherPartsHaveTheirHeading()
{
    PromptVersion other = sample();
    other.model = "smart";
    other.parameters.text = R"({"temperature":0.7,"max_tokens":400})";
    const auto rows = diffRows(sample(), other);
    QVERIFY(rows.contains(DiffRow {Kind::Heading, u"model"_s}));
    QVERIFY(rows.contains(DiffRow {Kind::Added, u"smart"_s}));
    QVERIFY(rows.contains(DiffRow {Kind::Heading, u"parameters"_s}));
    QVERIFY(rows.contains(DiffRow {Kind::Folded, u"8 lines alike"_s})); // both messages
}

void tst_PromptTexts::snippets_data()
{
    QTest::addColumn<Naming>("naming");
    QTest::addColumn<Speech>("speech");
    QTest::addColumn<QStringList>("parts");
    const QString address = u"http://127.0.0.1:8787/v1"_s;
    QTest::newRow("curl header") << Naming::Header << Speech::Curl << QStringList {address + u"/chat/completions"_s, u"x-signalbox-prompt: mail@production"_s, u"\"prompt_variables\""_s, u"\"who\": \"who\""_s};
    QTest::newRow("curl body") << Naming::Body << Speech::Curl << QStringList {address + u"/chat/completions"_s, u"\"prompt_id\": \"mail@production\""_s};
    QTest::newRow("curl endpoint") << Naming::Endpoint << Speech::Curl << QStringList {address + u"/prompts/mail@production/completions"_s};
    QTest::newRow("python header") << Naming::Header << Speech::Python << QStringList {u"extra_headers={\"x-signalbox-prompt\": \"mail@production\"}"_s, u"\"prompt_variables\": {"_s};
    QTest::newRow("python body") << Naming::Body << Speech::Python << QStringList {u"\"prompt_id\": \"mail@production\""_s, u"messages=[]"_s};
    QTest::newRow("python endpoint") << Naming::Endpoint << Speech::Python << QStringList {address + u"/prompts/mail@production/completions"_s, u"httpx.post("_s};
    QTest::newRow("javascript header") << Naming::Header << Speech::JavaScript << QStringList {u"headers: { \"x-signalbox-prompt\": \"mail@production\" }"_s};
    QTest::newRow("javascript body") << Naming::Body << Speech::JavaScript << QStringList {u"prompt_id: \"mail@production\""_s};
    QTest::newRow("javascript endpoint") << Naming::Endpoint << Speech::JavaScript << QStringList {u"fetch(\""_s + address + u"/prompts/mail@production/completions\""_s};
}

void tst_PromptTexts::snippets()
{
    QFETCH(Naming, naming);
    QFETCH(Speech, speech);
    QFETCH(QStringList, parts);
    const QString text = promptSnippet(naming, speech, u"http://127.0.0.1:8787"_s, u"mail@production"_s, sample());
    for (const QString &part : parts)
        QVERIFY2(text.contains(part), qPrintable(text));
    QVERIFY(text.contains(u"sb-YOUR-KEY"_s));
    QCOMPARE(text.contains(u"x-signalbox-prompt"_s), naming == Naming::Header);
    QCOMPARE(text.contains(u"prompt_id"_s), naming == Naming::Body);
    QVERIFY(!text.contains(u"MODEL"_s)); // the version has one
}

void tst_PromptTexts::snippetWithoutModelAsksForOne()
{
    PromptVersion version = sample();
    version.model.clear();
    for (const Speech speech : {Speech::Curl, Speech::Python, Speech::JavaScript})
        for (const Naming naming : {Naming::Header, Naming::Body, Naming::Endpoint})
            QVERIFY(promptSnippet(naming, speech, u"http://h"_s, u"mail"_s, version).contains(u"MODEL"_s));
}

void tst_PromptTexts::exampleValuesFollowTheChecks()
{
    PromptVersion version = sample();
    version.variables = {{.name = "who", .oneOf = {"free", "pro"}}, {.name = "words", .type = VariableType::Number, .least = 10}, {.name = "text", .required = false, .defaultValue = "\"it's\""}, {.name = "yes", .type = VariableType::Boolean}};
    const QJsonObject values = QJsonDocument::fromJson(exampleVariables(version).toUtf8()).object();
    QCOMPARE(values.value(u"who"_s).toString(), u"free"_s);
    QCOMPARE(values.value(u"words"_s).toInt(), 10);
    QCOMPARE(values.value(u"text"_s).toString(), u"it's"_s);
    QCOMPARE(values.value(u"yes"_s).toBool(), true);
    QVERIFY(promptSnippet(Naming::Body, Speech::Curl, u"http://h"_s, u"mail"_s, version).contains(u"it'\\''s"_s)); // the shell's own quotes
    QVERIFY(promptSnippet(Naming::Body, Speech::Python, u"http://h"_s, u"mail"_s, version).contains(u"\"yes\": True"_s));
}

void tst_PromptTexts::namesInTags_data()
{
    QTest::addColumn<QString>("tag");
    QTest::addColumn<QString>("name");
    QTest::newRow("plain") << u"{{ name }}"_s << u"name"_s;
    QTest::newRow("raw") << u"{{{name}}}"_s << u"name"_s;
    QTest::newRow("ampersand") << u"{{& name}}"_s << u"name"_s;
    QTest::newRow("dotted") << u"{{#user.name}}"_s << u"user"_s;
    QTest::newRow("end") << u"{{/user}}"_s << QString();
    QTest::newRow("comment") << u"{{! name }}"_s << QString();
    QTest::newRow("partial") << u"{{> name }}"_s << QString();
    QTest::newRow("nothing") << u"{{}}"_s << QString();
}

void tst_PromptTexts::namesInTags()
{
    QFETCH(QString, tag);
    QFETCH(QString, name);
    QCOMPARE(TemplateHighlighter::nameIn(tag), name);
}

void tst_PromptTexts::problemsBeforeSaving()
{
    QCOMPARE(versionProblem(sample()), QString());
    PromptVersion version = sample();
    version.messages[1].content = "{{#open}} and never closed";
    QVERIFY(versionProblem(version).startsWith(u"Message 2, line 1"_s));
    version = sample();
    version.tools = "{}";
    QVERIFY(versionProblem(version).startsWith(u"The tools"_s));
    version = sample();
    version.parameters.text = "{\"temperature\":";
    QVERIFY(versionProblem(version).startsWith(u"The parameters"_s));
    version = sample();
    version.messages.clear();
    QVERIFY(!versionProblem(version).isEmpty());
}

void tst_PromptTexts::chipsOfParameters() { QCOMPARE(parameterChips(sample().parameters), (QStringList {u"temp 0.2"_s, u"max 400"_s})); }

void tst_PromptTexts::names()
{
    QVERIFY(nameProblem(u"summarise-ticket.v2_a"_s).isEmpty());
    QVERIFY(!nameProblem({}).isEmpty());
    QVERIFY(!nameProblem(u"a b"_s).isEmpty());
    QVERIFY(!nameProblem(QString(101, u'a')).isEmpty());
    QVERIFY(labelProblem(u"production"_s).isEmpty());
    QVERIFY(!labelProblem(u"8"_s).isEmpty()); // that is a version
}

void tst_PromptTexts::scoreAndCost()
{
    gateway::PromptFigures figures;
    QVERIFY(!costOf(figures)); // no call: unknown, not $0.00
    figures.calls = 10;
    figures.refused = 1;
    figures.unpriced = 4;
    figures.cost = gateway::Money::fromNanos(5'000);
    figures.value = 0.5;
    QCOMPARE(costOf(figures)->nanos(), 1'000);
    QCOMPARE(scoreOf(figures), 0.75);
    figures.unpriced = 9;
    QVERIFY(!costOf(figures));
}

QTEST_GUILESS_MAIN(tst_PromptTexts)
#include "tst_prompt_texts.moc"
