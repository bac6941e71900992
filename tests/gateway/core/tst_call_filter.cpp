// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/call_filter.h"
#include "gateway/core/call_record.h"

#include <QTest>

#include <algorithm>
#include <string>

using namespace gateway;
using namespace std::string_literals;

namespace {

/// A tree as text: (and team=search (not stream=true) "word"*).
std::string shown(const CallFilter::Node &node)
{
    using Kind = CallFilter::Kind;
    constexpr const char *ops[] = {"=", "<", "<=", ">", ">="};
    const std::string star = node.prefix ? "*" : "";
    switch (node.kind) {
    case Kind::All: return "all";
    case Kind::Term: return std::string(node.field->name) + ops[static_cast<int>(node.op)] + node.value + star;
    case Kind::Text: return "\"" + node.value + "\"" + star;
    case Kind::And:
    case Kind::Or:
    case Kind::Not: break;
    }
    std::string text = node.kind == Kind::And ? "(and" : node.kind == Kind::Or ? "(or" : "(not";
    for (const auto &child : node.children)
        text += " " + shown(child);
    return text + ")";
}

} // namespace

class tst_CallFilter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void everyEndpointIsAWord();
    void refuses_data();
    void refuses();
    void unfinishedTextIsIncompleteNotWrong_data();
    void unfinishedTextIsIncompleteNotWrong();
    void depthAndLengthAreBounded();
    void anyBytesAreEitherReadOrRefusedWithinTheText();
    void equalTextIsAnEqualFilter();
};

void tst_CallFilter::reads_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("tree");
    const auto row = [](const char *text, const char *tree) { QTest::newRow(*text ? text : "empty") << std::string(text) << std::string(tree); };
    row("", "all");
    row("   ", "all");
    row("team:search", "team=search");
    row("Team:search", "team=search");
    row("team:\"two words\"", "team=two words");
    row("model:gpt-4*", "model=gpt-4*");
    row("model:\"gpt-4*\"", "model=gpt-4*");                       // the star itself: no prefix, same letters
    row("status:429", "status=429");
    row("status:>=500", "status>=500");
    row("status:5xx", "(and status>=500 status<=599)");
    row("state:Failed", "state=failed");
    row("endpoint:chat", "endpoint=chat");
    row("trace:4bf92f3577b34da6a3ce929d0e0e4736", "trace=4bf92f3577b34da6a3ce929d0e0e4736");
    row("stream:true", "stream=true");
    row("test:no", "test=false");
    row("cache:HIT", "cache=hit");
    row("privacy:Block", "privacy=block");
    row("colour:Red", "colour=red");
    row("color:3", "colour=yellow");
    row("colour:\"violet\"", "colour=violet");
    row("colour:*", "colour=*");
    row("colour:none", "colour=");
    row("comment:\"too long\"", "comment=too long");
    row("comment:*", "comment=*");
    row("latency:>2s", "latency>2000000");
    row("latency:<=250ms", "latency<=250000");
    row("latency:>1.5s", "latency>1500000");
    row("latency:>1m", "latency>60000000");
    row("latency:<1h", "latency<3600000000");
    row("ttft:>500us", "ttft>500");
    row("cost:>0.01", "cost>10000000");
    row("cost:>$0.01", "cost>10000000");
    row("tokens.in:>1000", "tokens.in>1000");
    row("attempts:=2", "attempts=2");
    row("some words", "(and \"some\" \"words\")");
    row("\"some words\"", "\"some words\"");
    row("\"a \\\"b\\\" \\\\ c\"", "\"a \"b\" \\ c\"");
    row("word*", "\"word\"*");
    row("or and not", "(and \"or\" \"and\" \"not\")");
    row("a AND b", "(and \"a\" \"b\")");
    row("a OR b c", "(or \"a\" (and \"b\" \"c\"))");
    row("NOT a b", "(and (not \"a\") \"b\")");
    row("NOT NOT a", "(not (not \"a\"))");
    row("NOT (a OR b)", "(not (or \"a\" \"b\"))");
    row("((a))", "\"a\"");
    row("( a )", "\"a\"");
    row("team:search status:>=500 (model:gpt-4o OR model:gpt-5) NOT stream:true latency:>2s cost:>0.01 \"some words\"",
        "(and team=search status>=500 (or model=gpt-4o model=gpt-5) (not stream=true) latency>2000000 cost>10000000 \"some words\")");
    row("peer:2001:db8::1", "peer=2001:db8::1");
    row("team:Grüße", "team=Grüße");
}

void tst_CallFilter::reads()
{
    QFETCH(std::string, text);
    QFETCH(std::string, tree);
    const auto filter = CallFilter::parse(text);
    QVERIFY2(filter.has_value(), filter ? "" : filter.error().message.c_str());
    QCOMPARE(shown(filter->root()), tree);
    QCOMPARE(filter->text(), text);
    QCOMPARE(filter->empty(), tree == "all");
    if (text == "model:\"gpt-4*\"")
        QVERIFY(!filter->root().prefix);
}

void tst_CallFilter::everyEndpointIsAWord()
{
    for (std::size_t i = 0; i < endpointCount; ++i) {
        const std::string word(toText(static_cast<Endpoint>(i)));
        const auto filter = CallFilter::parse(std::string("endpoint:").append(word));
        QVERIFY2(filter, word.c_str());
        QCOMPARE(filter->root().value, word);
        QCOMPARE(word == "other", i == static_cast<std::size_t>(Endpoint::Other)); // each has a word of its own
    }
}

void tst_CallFilter::refuses_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("about");   // the part of the text that the error points to
    QTest::addColumn<std::string>("says");
    const auto row = [](const char *text, const char *about, const char *says) { QTest::newRow(text) << std::string(text) << std::string(about) << std::string(says); };
    row("taem:search x", "taem", "did you mean \"team\"");
    row("http://example.org", "http", "put it in quotes");
    row(":x", ":", "no field");
    row("team:>search", "search", "is a name");
    row("status:abc x", "abc", "HTTP status");
    row("status:700", "700", "HTTP status");
    row("status:>5xx", "5xx", "no order");
    row("state:failde x", "failde", "did you mean \"failed\"");
    row("cache:semantc x", "semantc", "did you mean \"semantic\"");
    row("privacy:email x", "email", "is none of tokenize, mask, hash, block or report");
    row("colour:pink x", "pink", "is none of red, orange, yellow, green, blue, violet or none");
    row("colour:7 x", "7", "is none of red");
    row("colour:>2 x", "2", "is a name");
    row("endpoint:mesages x", "mesages", "did you mean \"messages\"");
    row("endpoint:nothing x", "nothing", "passthrough");
    row("latency:>2parsec x", "2parsec", "no duration");
    row("latency:>-2s x", "-2s", "no duration");
    row("latency:>2 x", "2", "needs a unit");
    row("cost:>much x", "much", "dollars");
    row("tokens.in:1.5 x", "1.5", "whole number");
    row("stream:>true x", "true", "no order");
    row("stream:maybe x", "maybe", "true or false");
    row("a )", ")", "without a \"(\"");
    row("() a", ")", "nothing between");
    row("OR a", "OR", "before it");
    row("a AND OR b", "OR", "before it");
    row("team: x", "team:", "needs a value");
    row("latency:9999999h x", "9999999h", "too long");
}

void tst_CallFilter::refuses()
{
    QFETCH(std::string, text);
    QFETCH(std::string, about);
    QFETCH(std::string, says);
    const auto filter = CallFilter::parse(text);
    QVERIFY(!filter.has_value());
    QCOMPARE(text.substr(filter.error().from, filter.error().to - filter.error().from), about);
    QVERIFY2(filter.error().message.find(says) != std::string::npos, filter.error().message.c_str());
    QVERIFY(!filter.error().incomplete);
}

void tst_CallFilter::unfinishedTextIsIncompleteNotWrong_data()
{
    QTest::addColumn<std::string>("text");
    for (const char *text : {"team:", "latency:>", "latency:>2", "status:5", "status:50", "state:fai", "stream:t", "\"some", "team:\"some", "(a OR b", "(", "a AND", "a OR ", "NOT", "cost:$"})
        QTest::newRow(text) << std::string(text);
}

void tst_CallFilter::unfinishedTextIsIncompleteNotWrong()
{
    QFETCH(std::string, text);
    const auto filter = CallFilter::parse(text);
    QVERIFY(!filter.has_value());
    QVERIFY2(filter.error().incomplete, filter.error().message.c_str());
    QVERIFY(filter.error().from < filter.error().to && filter.error().to <= text.size());
}

void tst_CallFilter::depthAndLengthAreBounded()
{
    QVERIFY(CallFilter::parse(std::string(30, '(') + "a" + std::string(30, ')')).has_value());
    QVERIFY(!CallFilter::parse(std::string(40, '(') + "a" + std::string(40, ')')).has_value());
    std::string nots;
    for (int i = 0; i < 1000; ++i)
        nots += "NOT ";
    QVERIFY(!CallFilter::parse(nots + "a").has_value());
    QVERIFY(!CallFilter::parse(std::string(5000, 'a')).has_value());
    std::string words;
    for (int i = 0; i < 101; ++i)
        words += "w ";
    QVERIFY(!CallFilter::parse(words).has_value());
}

void tst_CallFilter::anyBytesAreEitherReadOrRefusedWithinTheText()
{
    const std::string_view pieces[] = {"(", ")", "\"", "\\", "AND", "OR", "NOT", " ", "team:", "status:", ">", ">=", "*", ":", "5xx", "a", "\xFF", "\0", "latency:", "2s", "$"};
    std::uint64_t state = 42;
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (int i = 0; i < 8; ++i) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            text += pieces[(state >> 33) % std::size(pieces)];
        }
        const auto filter = CallFilter::parse(text);
        if (!filter)
            QVERIFY2(filter.error().from <= filter.error().to && filter.error().to <= text.size() && !filter.error().message.empty(), text.c_str());
    }
}

void tst_CallFilter::equalTextIsAnEqualFilter()
{
    QVERIFY(*CallFilter::parse("team:a") == *CallFilter::parse("team:a"));
    QVERIFY(!(*CallFilter::parse("team:a") == *CallFilter::parse("team:b")));
    QVERIFY(CallFilter().empty());
}

QTEST_APPLESS_MAIN(tst_CallFilter)
#include "tst_call_filter.moc"
