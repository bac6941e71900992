// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/complexity.h"

#include "tests/gateway/routing/route_plans.h"

#include <QTest>

using namespace gateway;
using namespace gateway::routing;
using namespace route_plans;

/// How demanding requests are judged to be: which features count, and that the judgement says so.
class tst_Complexity : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ordersRequestsAsPeopleWould();
    void findsItsFeatures_data();
    void findsItsFeatures();
    void isTheSumOfItsParts();
    void looksAtWhatTheUserSaidLast();
    void looksAtEveryApi_data();
    void looksAtEveryApi();
    void ignoresPicturesBytes();
    void isBoundedForLongTexts();
    void explainsItself();
};

namespace {

std::string chat(const std::string &text, const std::string &more = {})
{
    return R"({"model":"m","messages":[{"role":"user","content":")" + text + R"("}])" + more + "}";
}

Complexity judged(const std::string &body, Endpoint endpoint = Endpoint::ChatCompletions)
{
    const ScannedBody scanned(body, endpoint);
    return complexityOf(scanned.scan);
}

double part(const Complexity &complexity, std::string_view name)
{
    for (const Complexity::Part &each : complexity.parts) {
        if (each.name == name)
            return each.feature;
    }
    return -1;
}

const std::string code = R"(Refactor this function:\n```python\ndef f(xs):\n    return [x for x in xs if x is not None]\n```\nIt raises an exception: Traceback ... why?)";

} // namespace

void tst_Complexity::ordersRequestsAsPeopleWould()
{
    const double hello = judged(chat("Hello, how are you?")).score;
    const double translation = judged(chat("Translate into French: The weather is nice today.")).score;
    const double coding = judged(chat(code)).score;
    const double design = judged(chat(R"(Design the architecture of a rate limiter for 50 regions. Compare token buckets with sliding windows, explain the tradeoffs, and justify your strategy step by step.\n1. Analyse the constraints.\n2. Evaluate the failure modes: why would each fail?\n3. Derive the memory needed.\n```go\nfunc Allow() bool { return true }\n```)",
                                     R"(,"tools":[{"type":"function","function":{"name":"read_file","description":")" + std::string(2000, 'x') + R"("}}])")).score;
    QVERIFY(hello < 0.1);
    QVERIFY(translation < 0.1);
    QVERIFY(coding > 0.25);
    QVERIFY(design > 0.6);
    QVERIFY(coding < design);
}

void tst_Complexity::findsItsFeatures_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("feature");
    QTest::addColumn<double>("least");
    const auto row = [](const char *name, const std::string &body, const char *feature, double least) {
        QTest::newRow(name) << QByteArray::fromStdString(body) << QByteArray(feature) << least;
    };
    row("fenced code", chat(code), "code", 0.5);
    row("bare code", chat(R"(for (int i = 0; i < n; ++i) { sum += a[i] * b[i]; } return sum;)"), "code", 0.5);
    row("latex", chat(R"(Show that $\\int_0^1 x^2 dx = \\frac{1}{3}$ and $\\sum_{k=1}^n k = \\frac{n(n+1)}{2}$)"), "math", 0.4);
    row("signs", chat("Prove: ∀x ∈ A: x ≤ ∑ a ∧ x ≥ 0"), "math", 0.6);
    row("german", chat("Erkläre und vergleiche, warum das so ist. Begründe es."), "questions", 0.5);
    row("several questions", chat("Who? When? Where? Why? How?"), "questions", 0.6);
    row("a list", chat(R"(Do this:\n1. first\n2. second\n3. third\n- fourth\n- fifth\n* sixth)"), "questions", 0.4);
    row("a toolbox", chat("hi", R"(,"tools":[{"type":"function","function":{"name":"a","description":")" + std::string(9000, 'x') + "\"}}]"), "tools", 1.0);
    row("one tool", chat("hi", R"(,"tools":[{"type":"function","function":{"name":"a"}}])"), "tools", 0.2);
    row("a schema", chat("hi", R"(,"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object"}}})"), "schema", 0.3);
    std::string turns = R"({"model":"m","messages":[)";
    for (int i = 0; i < 40; ++i)
        turns += R"({"role":"user","content":"hi"},)";
    turns.back() = ']';
    row("many turns", turns + "}", "turns", 0.99);
    row("a long text", chat(std::string(70'000, 'a')), "length", 0.99);
}

void tst_Complexity::findsItsFeatures()
{
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, feature);
    QFETCH(const double, least);
    const Complexity complexity = judged(body.toStdString());
    QVERIFY2(part(complexity, feature.toStdString()) >= least, complexity.toText().c_str());
    const Complexity plain = judged(chat("Hello there, nice to meet you."));
    QVERIFY2(part(plain, feature.toStdString()) < 0.1, plain.toText().c_str());
}

void tst_Complexity::isTheSumOfItsParts()
{
    for (const std::string &text : {std::string("hi"), code, std::string("Why? Compare and explain: ∑ ∫ ≤")}) {
        const Complexity complexity = judged(chat(text));
        double sum = 0;
        for (const Complexity::Part &each : complexity.parts) {
            QVERIFY(each.feature >= 0 && each.feature <= 1);
            sum += each.feature * each.weight;
        }
        QCOMPARE(complexity.score, std::min(sum, 1.0));
    }
}

void tst_Complexity::looksAtWhatTheUserSaidLast()
{
    const std::string before = R"({"model":"m","messages":[{"role":"user","content":"Prove the theorem, derive the integral."},{"role":"assistant","content":"Done."},)"
                               R"({"role":"user","content":"Thanks!"}]})";
    QCOMPARE(part(judged(before), "math"), 0.0);
    const std::string parts = R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"Prove the theorem, derive the integral."}]}]})";
    QVERIFY(part(judged(parts), "math") > 0.4);
}

void tst_Complexity::looksAtEveryApi_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("endpoint");
    const auto row = [](const char *name, const char *body, Endpoint endpoint) { QTest::newRow(name) << QByteArray(body) << static_cast<int>(endpoint); };
    row("completions", R"({"model":"m","prompt":"Prove the theorem, solve the equation"})", Endpoint::Completions);
    row("messages", R"({"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":"Prove the theorem, solve the equation"}]}]})", Endpoint::Messages);
    row("responses", R"({"model":"m","input":"Prove the theorem, solve the equation"})", Endpoint::Responses);
    row("items", R"({"model":"m","input":[{"role":"user","content":[{"type":"input_text","text":"Prove the theorem, solve the equation"}]}]})", Endpoint::Responses);
}

void tst_Complexity::looksAtEveryApi()
{
    QFETCH(const QByteArray, body);
    QFETCH(const int, endpoint);
    QVERIFY(part(judged(body.toStdString(), static_cast<Endpoint>(endpoint)), "math") > 0.5);
}

void tst_Complexity::ignoresPicturesBytes()
{
    std::string data;
    for (int i = 0; i < 4000; ++i)
        data += "return=if{}<>;"[i % 14];
    const Complexity picture = judged(R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"What is it?"},{"type":"image_url","image_url":{"url":")"
                                      "data:image/png;base64," + data + R"("}}]}]})");
    QCOMPARE(part(picture, "code"), 0.0);
}

void tst_Complexity::isBoundedForLongTexts()
{
    // What stands in the middle of a book is not looked at, its ends are.
    const std::string book(200'000, 'a');
    QVERIFY(part(judged(chat("Prove the theorem, solve the equation. " + book)), "math") > 0.5);
    QVERIFY(part(judged(chat(book + " Prove the theorem, solve the equation.")), "math") > 0.5);
    QCOMPARE(part(judged(chat(book + " Prove the theorem, solve the equation. " + book)), "math"), 0.0);
}

void tst_Complexity::explainsItself()
{
    const std::string text = judged(chat(code)).toText();
    QVERIFY2(text.starts_with("0.") && text.find(": code 0.") != std::string::npos && text.find("questions 0.") != std::string::npos, text.c_str());
    QCOMPARE(judged(chat("hi")).toText(), std::string("0.00"));
}

QTEST_APPLESS_MAIN(tst_Complexity)
#include "tst_complexity.moc"
