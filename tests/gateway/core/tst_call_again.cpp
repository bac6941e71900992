// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/call_again.h"
#include "gateway/core/text_diff.h"

#include <nlohmann/json.hpp>

#include <QTest>

using namespace gateway;
using nlohmann::json;

/// Logged calls as they are sent again, and texts beside one another.
class tst_CallAgain : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksTheSameAsAStream_data();
    void asksTheSameAsAStream();
    void asksAnotherModel();
    void saysWhyItCannot_data();
    void saysWhyItCannot();
    void knowsWhatIsScrubbed();
    void wordsAreToldApart();
    void linesNearChangesAreShown();
};

namespace {

CallDetail detailOf(Endpoint endpoint, const char *body)
{
    CallDetail detail;
    detail.record.endpoint = endpoint;
    detail.record.askedModel = "a/b";
    detail.record.bodies.request = body;
    return detail;
}

} // namespace

void tst_CallAgain::asksTheSameAsAStream_data()
{
    QTest::addColumn<int>("endpoint");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<std::string>("path");
    QTest::addColumn<QByteArray>("sent");
    const auto row = [](const char *name, Endpoint endpoint, const char *body, const char *path, const char *sent) { QTest::newRow(name) << int(endpoint) << QByteArray(body) << std::string(path) << QByteArray(sent); };
    row("chat", Endpoint::ChatCompletions, R"({"messages":[],"model":"smart","seed":12345678901234567890})", "/v1/chat/completions", R"({"messages":[],"model":"smart","seed":12345678901234567890,"stream":true,"stream_options":{"include_usage":true}})");
    row("no model", Endpoint::ChatCompletions, R"({"messages":[],"stream":true})", "/v1/chat/completions", R"({"messages":[],"stream":true,"model":"a/b","stream_options":{"include_usage":true}})");
    row("anthropic", Endpoint::Messages, R"({"model":"claude","stream":false})", "/v1/messages", R"({"model":"claude","stream":true})");
    row("responses", Endpoint::Responses, R"({"model":"m","input":"x"})", "/v1/responses", R"({"model":"m","input":"x","stream":true})");
    row("gemini", Endpoint::GenerateContent, R"({"contents":[]})", "/v1beta/models/a%2Fb:streamGenerateContent?alt=sse", R"({"contents":[]})");
    row("counting", Endpoint::CountTokens, R"({"contents":[]})", "/v1beta/models/a%2Fb:countTokens", R"({"contents":[]})");
    row("anthropic's counting", Endpoint::CountTokens, R"({"model":"m","messages":[]})", "/v1/messages/count_tokens", R"({"model":"m","messages":[]})");
    row("embeddings", Endpoint::Embeddings, R"({"model":"m","input":["x"]})", "/v1/embeddings", R"({"model":"m","input":["x"]})");
}

void tst_CallAgain::asksTheSameAsAStream()
{
    QFETCH(int, endpoint);
    QFETCH(QByteArray, body);
    QFETCH(std::string, path);
    QFETCH(QByteArray, sent);
    const auto again = callAgain(detailOf(Endpoint(endpoint), body.constData()), {});
    QVERIFY2(again, again ? "" : again.error().message.c_str());
    QCOMPARE(again->path, path);
    QCOMPARE(QByteArray::fromStdString(again->body), sent);
    QCOMPARE(again->streams, sent.contains("\"stream\":true") || path.find("stream") != std::string::npos);
    QCOMPARE(again->anthropic, path.starts_with("/v1/messages"));
}

void tst_CallAgain::asksAnotherModel()
{
    QCOMPARE(json::parse(callAgain(detailOf(Endpoint::Messages, R"({"model":"claude"})"), "fast")->body)["model"].get<std::string>(), "fast");
    const auto gemini = callAgain(detailOf(Endpoint::GenerateContent, R"({"contents":[]})"), "x/y z");
    QCOMPARE(gemini->path, std::string("/v1beta/models/x%2Fy%20z:streamGenerateContent?alt=sse"));
    QCOMPARE(gemini->body, std::string(R"({"contents":[]})"));
}

void tst_CallAgain::saysWhyItCannot_data()
{
    QTest::addColumn<int>("what");
    QTest::addColumn<std::string>("says");
    QTest::newRow("expired") << 0 << std::string("not kept any more");
    QTest::newRow("dropped") << 1 << std::string("too many bodies");
    QTest::newRow("none") << 2 << std::string("has no request");
    QTest::newRow("cut") << 3 << std::string("only in part");
    QTest::newRow("audio") << 4 << std::string("\"transcriptions\" cannot be sent again");
    QTest::newRow("no JSON") << 5 << std::string("no JSON object");
    QTest::newRow("too deep") << 6 << std::string("nested too deep");
}

void tst_CallAgain::saysWhyItCannot()
{
    QFETCH(int, what);
    QFETCH(std::string, says);
    CallDetail detail = detailOf(what == 4 ? Endpoint::Transcriptions : Endpoint::ChatCompletions, R"({"model":"m"})");
    detail.bodiesExpired = what == 0;
    detail.record.bodies.dropped = what == 1;
    detail.record.bodies.requestCut = what == 3;
    if (what == 2)
        detail.record.bodies.request.clear();
    if (what == 5)
        detail.record.bodies.request = "[1]";
    if (what == 6)
        detail.record.bodies.request = R"({"x":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
    const auto again = callAgain(detail, {});
    QVERIFY(!again && again.error().code == ErrorCode::Invalid);
    QVERIFY2(again.error().message.find(says) != std::string::npos, again.error().message.c_str());
}

void tst_CallAgain::knowsWhatIsScrubbed()
{
    CallRecord record;
    record.findings = {{.rule = "email", .action = "report", .asked = 2}, {.rule = "phone", .action = "mask", .answered = 1}};
    QVERIFY(!isScrubbed(record)); // only told of, and only in the answer
    record.findings.push_back({.rule = "iban", .action = "tokenize", .asked = 1});
    QVERIFY(isScrubbed(record));
}

void tst_CallAgain::wordsAreToldApart()
{
    using Kind = DiffLine::Kind;
    QVERIFY((diffWords("Answer in one line.", "Answer in two lines.") == std::vector<DiffLine> {{Kind::Equal, "Answer in "}, {Kind::Removed, "one"}, {Kind::Added, "two"}, {Kind::Equal, " "}, {Kind::Removed, "line"}, {Kind::Added, "lines"}, {Kind::Equal, "."}}));
    QVERIFY((diffWords("caf\xc3\xa9", "caf\xc3\xa8") == std::vector<DiffLine> {{Kind::Removed, "caf\xc3\xa9"}, {Kind::Added, "caf\xc3\xa8"}})); // no letter is cut in two
    QVERIFY((diffWords("same", "same") == std::vector<DiffLine> {{Kind::Equal, "same"}}));
    QVERIFY(diffWords("", "").empty());
}

void tst_CallAgain::linesNearChangesAreShown()
{
    const auto lines = diffLines("1\n2\n3\n4\n5\n6", "1\n2\n3\n4\n5\nsix");
    QVERIFY((nearChanges(lines, 2) == std::vector<bool> {false, false, false, true, true, true, true}));
    QVERIFY((nearChanges(diffLines("a\nb", "a\nb"), 2) == std::vector<bool> {false, false}));
}

QTEST_GUILESS_MAIN(tst_CallAgain)
#include "tst_call_again.moc"
