// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/cut_json.h"
#include "gateway/core/prompt_prefix.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace gateway;

/// What breaks the beginning that a prompt shares with the one before it.
class tst_PromptPrefix : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void formatsAreRead_data();
    void formatsAreRead();
    void growthBreaksNothing_data();
    void growthBreaksNothing();
    void marksAreNoPartOfIt();
    void toolsAreTold();
    void systemTextIsTold();
    void messagesAreTold();
    void datesAndTimesAreKnown_data();
    void datesAndTimesAreKnown();
    void charactersAreCounted();
    void whatWasCutIsNotGuessed();
    void cutJsonIsClosed();
};

namespace {

using Texts = std::vector<std::string>;

std::optional<PrefixBreak> breakOf(const std::string &before, const std::string &now)
{
    const auto former = promptPieces(before), newer = promptPieces(now);
    return former && newer ? prefixBreak(*former, *newer) : PrefixBreak {.role = "unreadable"};
}

std::string chat(const std::string &turns, const std::string &more = {})
{
    return R"({"model":"m","messages":[)" + turns + "]" + more + "}";
}

std::string turn(const std::string &role, const std::string &words)
{
    return R"({"role":")" + role + R"(","content":")" + words + R"("})";
}

std::string tools(const Texts &names, const std::string &more = {})
{
    std::string list;
    for (const std::string &name : names)
        list.append(list.empty() ? "" : ",").append(R"({"name":")" + name + R"(","input_schema":{}})");
    return R"(,"tools":[)" + list + more + "]";
}

} // namespace

void tst_PromptPrefix::formatsAreRead_data()
{
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *name, const char *body) { QTest::newRow(name) << QByteArray(body); };
    row("OpenAI's chat", R"({"messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"hi"}]}],"tools":[{"type":"function","function":{"name":"f"}}]})");
    row("the Responses", R"({"instructions":"Be brief.","input":"hi","tools":[{"type":"function","name":"f"}]})");
    row("the Responses' items", R"({"instructions":"Be brief.","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}],"tools":[{"type":"function","name":"f"}]})");
    row("Anthropic's", R"({"tools":[{"name":"f"}],"system":[{"type":"text","text":"Be brief."}],"messages":[{"role":"user","content":"hi"}]})");
    row("Gemini's", R"({"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"text":"hi"}]}],"tools":[{"functionDeclarations":[{"name":"f"}]}]})");
    row("Bedrock's", R"({"system":[{"text":"Be brief."}],"messages":[{"role":"user","content":[{"text":"hi"}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"f"}}]}})");
}

void tst_PromptPrefix::formatsAreRead()
{
    QFETCH(QByteArray, body);
    const auto pieces = promptPieces(body.toStdString());
    QVERIFY(pieces && pieces->tools && pieces->system && pieces->wholeMessages);
    QCOMPARE(pieces->tools->size(), std::size_t {1});
    QCOMPARE(pieces->tools->front().name, std::string("f"));
    QCOMPARE(*pieces->system, std::string("Be brief."));
    QCOMPARE(pieces->messages.size(), std::size_t {1});
    QCOMPARE(pieces->messages[0].name, std::string("user"));
    QCOMPARE(pieces->messages[0].text, std::string("hi"));
    for (const char *none : {"", "[]", "{}", "{", R"({"model":"m"})"})
        QVERIFY2(!promptPieces(none), none);
}

void tst_PromptPrefix::growthBreaksNothing_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("now");
    const auto row = [](const char *name, const std::string &before, const std::string &now) { QTest::newRow(name) << QByteArray::fromStdString(before) << QByteArray::fromStdString(now); };
    const std::string system = turn("system", "Be brief."), hi = turn("user", "hi"), ho = turn("assistant", "ho"), he = turn("user", "he");
    row("the same", chat(hi, tools({"a"})), chat(hi, tools({"a"})));
    row("further turns", chat(system + "," + hi), chat(system + "," + hi + "," + ho + "," + he));
    row("fewer turns", chat(hi + "," + ho + "," + he), chat(hi));
    row("other parameters", chat(hi, R"(,"temperature":0)"), chat(hi, R"(,"temperature":1,"max_tokens":5)"));
    row("a text as a block", chat(hi), chat(R"({"role":"user","content":[{"type":"text","text":"hi"}]})"));
}

void tst_PromptPrefix::growthBreaksNothing()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, now);
    QVERIFY(!breakOf(before.toStdString(), now.toStdString()));
}

void tst_PromptPrefix::marksAreNoPartOfIt()
{
    const std::string plain = R"({"tools":[{"name":"f"}],"system":"Be brief.","messages":[{"role":"user","content":"hi"}]})";
    const std::string marked = R"({"tools":[{"name":"f","cache_control":{"type":"ephemeral"}}],"system":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}}],)"
                               R"("messages":[{"role":"user","content":[{"type":"text","text":"hi","cache_control":{"type":"ephemeral"}}]}]})";
    QVERIFY(!breakOf(plain, marked) && !breakOf(marked, plain));
    const std::string points = R"({"system":[{"text":"Be brief."},{"cachePoint":{"type":"default"}}],"messages":[{"role":"user","content":[{"text":"hi"},{"cachePoint":{"type":"default"}}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"f"}},{"cachePoint":{"type":"default"}}]}})";
    const std::string bare = R"({"system":[{"text":"Be brief."}],"messages":[{"role":"user","content":[{"text":"hi"}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"f"}}]}})";
    QVERIFY(!breakOf(points, bare));
}

void tst_PromptPrefix::toolsAreTold()
{
    const std::string hi = turn("user", "hi");
    auto found = breakOf(chat(hi, tools({"a", "b", "c"})), chat(hi, tools({"b", "d"}, R"(,{"name":"c","input_schema":{"type":"object"}})")));
    QVERIFY(found && found->part == PrefixBreak::Part::Tools && !found->reordered);
    QCOMPARE(found->addedTools, Texts {"d"});
    QCOMPARE(found->removedTools, Texts {"a"});
    QCOMPARE(found->changedTools, Texts {"c"});
    found = breakOf(chat(hi, tools({"a", "b"})), chat(hi, tools({"b", "a"})));
    QVERIFY(found && found->reordered && found->addedTools.empty() && found->removedTools.empty() && found->changedTools.empty());
    QVERIFY(breakOf(chat(hi), chat(hi, tools({"a"})))->addedTools == Texts {"a"});

    const auto former = promptPieces(chat(hi, tools({"b", "a"})), false, true), newer = promptPieces(chat(hi, tools({"a", "b"})), false, true);
    QVERIFY(!prefixBreak(*former, *newer)); // both went out by name
}

void tst_PromptPrefix::systemTextIsTold()
{
    const auto system = [](const std::string &words) { return chat(turn("system", words) + "," + turn("user", "hi")); };
    const std::string rules(788, 'x');
    auto found = breakOf(system(rules + R"(\nKeep it short. Today is Monday, a day.)"), system(rules + R"(\nKeep it short. Today is Tuesday, a day.)"));
    QVERIFY(found && found->part == PrefixBreak::Part::System);
    QCOMPARE(found->text.character, std::size_t {814});
    QCOMPARE(found->text.before, std::string("…Keep it short. Today is Monday, a day."));
    QCOMPARE(found->text.now, std::string("…Keep it short. Today is Tuesday, a day."));
    QVERIFY(found->text.time);
    found = breakOf(system("Be brief."), system("Be brief. And kind."));
    QVERIFY(found && !found->text.time); // all that follows stands elsewhere now
    QCOMPARE(found->text.character, std::size_t {10});
    QCOMPARE(found->text.before, std::string("Be brief."));
    found = breakOf(system("Be brief."), chat(turn("user", "hi")));
    QVERIFY(found && found->part == PrefixBreak::Part::System && found->text.now.empty());
}

void tst_PromptPrefix::messagesAreTold()
{
    const std::string one = turn("user", "one"), two = turn("assistant", "two"), three = turn("user", "three"), four = turn("assistant", "four"), five = turn("user", "five");
    const auto all = [](const Texts &turns) {
        std::string joined;
        for (const std::string &each : turns)
            joined.append(joined.empty() ? "" : ",").append(each);
        return chat(joined);
    };
    using Change = PrefixBreak::Change;
    auto found = breakOf(all({one, two, three}), all({one, turn("assistant", "two!"), three, four, five}));
    QVERIFY(found && found->part == PrefixBreak::Part::Message && found->change == Change::Edited);
    QCOMPARE(found->message, std::size_t {2});
    QCOMPARE(found->role, std::string("assistant"));
    QCOMPARE(found->text.character, std::size_t {4});
    found = breakOf(all({one, two, three, four, five}), all({three, four, five}));
    QVERIFY(found && found->change == Change::Removed);
    QCOMPARE(found->message, std::size_t {1});
    QCOMPARE(found->count, std::size_t {2});
    found = breakOf(all({one, two, three}), all({one, turn("user", "By the way."), two, three}));
    QVERIFY(found && found->change == Change::Added);
    QCOMPARE(found->message, std::size_t {2});
    QCOMPARE(found->count, std::size_t {1});
    const std::string called = R"({"role":"assistant","content":null,"tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{}"}}]})", other = R"({"role":"assistant","content":null,"tool_calls":[{"id":"c2","function":{"name":"f","arguments":"{}"}}]})";
    QVERIFY(breakOf(all({one, called, three}), all({one, other, three}))->change == Change::Edited);
}

void tst_PromptPrefix::datesAndTimesAreKnown_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("now");
    QTest::addColumn<bool>("time");
    const auto row = [](const char *before, const char *now, bool time) { QTest::newRow(now) << QByteArray(before) << QByteArray(now) << time; };
    row("Today is Monday.", "Today is Tuesday.", true);
    row("It is Tuesday", "It is Thursday", true);
    row("It is Sat, fine", "It is Sun, fine", true);
    row("now: 2026-11-30T12:03:11Z", "now: 2026-11-30T12:03:12Z", true);
    row("at 12:03", "at 12:04", true);
    row("date 30.11.2026", "date 01.12.2026", true);
    row("November 29, 2026", "November 30, 2026", true);
    row("on 29 November", "on 30 November", true);
    row("unix 1796040191", "unix 1796040192", true);
    row("you have 12 files", "you have 13 files", false);
    row("user Alice", "user Bob", false);
    row("version 1.2", "version 1.3", false);
    row("on Monday", "on holiday", false);
}

void tst_PromptPrefix::datesAndTimesAreKnown()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, now);
    QFETCH(bool, time);
    const auto found = textBreak(before.toStdString(), now.toStdString());
    QVERIFY(found.has_value());
    QCOMPARE(found->time, time);
}

void tst_PromptPrefix::charactersAreCounted()
{
    const auto found = textBreak("größer: ä", "größer: ö"); // these two share their first byte
    QVERIFY(found.has_value());
    QCOMPARE(found->character, std::size_t {9});
    QCOMPARE(found->now, std::string("größer: ö"));
    std::string wide;
    for (int i = 0; i < 40; ++i)
        wide += "あ";
    const auto cut = textBreak(wide + "a" + wide, wide + "b" + wide);
    QCOMPARE(cut->character, std::size_t {41});
    QVERIFY(QString::fromStdString(cut->before).startsWith(u"…あ") && QString::fromStdString(cut->before).endsWith(u"あ…"));
    QVERIFY(!textBreak("a", "a"));
}

void tst_PromptPrefix::whatWasCutIsNotGuessed()
{
    const std::string whole = chat(turn("system", "Be brief.") + "," + turn("user", "hi") + "," + turn("assistant", "ho") + "," + turn("user", "he"), tools({"a"}));
    const auto full = promptPieces(whole);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto cut = promptPieces(std::string_view(whole).substr(0, size), true);
        if (cut)
            QVERIFY2(!prefixBreak(*full, *cut) && !prefixBreak(*cut, *full), whole.substr(0, size).c_str());
    }
    const std::string edited = chat(turn("system", "Be brief.") + "," + turn("user", "ha") + "," + turn("assistant", "ho") + "," + turn("user", "h"));
    const auto cut = promptPieces(std::string_view(edited).substr(0, edited.size() - 5), true);
    QVERIFY(cut && !cut->tools && !cut->wholeMessages);
    const auto found = prefixBreak(*full, *cut);
    QVERIFY(found && found->part == PrefixBreak::Part::Message && found->message == 1);
}

void tst_PromptPrefix::cutJsonIsClosed()
{
    const std::string whole = R"({"a":[1,{"b":"x\"y}"},true,null,-1.5e3],"c":{"d":"e","f":[]},"g":"h"})";
    QCOMPARE(closedJson(whole), whole);
    for (std::size_t size = 1; size < whole.size(); ++size) {
        const std::string closed = closedJson(std::string_view(whole).substr(0, size));
        QVERIFY2(nlohmann::json::accept(closed), closed.c_str());
    }
    QCOMPARE(closedJson(R"({"a":"b","c":"half)"), std::string(R"({"a":"b"})"));
    QCOMPARE(closedJson(R"({"a":[12,3)"), std::string(R"({"a":[12]})"));
    QCOMPARE(closedJson("no JSON"), std::string("no JSON"));
}

QTEST_APPLESS_MAIN(tst_PromptPrefix)
#include "tst_prompt_prefix.moc"
