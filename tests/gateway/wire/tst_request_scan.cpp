// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/body_splice.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/json_members.h"
#include "gateway/wire/request_scan.h"
#include "recordings.h"

#include <QTest>

using namespace gateway;
using namespace gateway::wire;

namespace {

/// A body and its scan.
struct Scanned
{
    explicit Scanned(std::string text, Endpoint endpoint = Endpoint::ChatCompletions) : body(std::move(text))
    {
        scan = scanRequest(body, endpoint);
    }
    const RequestScan *operator->() const { return &*scan; }

    std::string body;
    Result<RequestScan> scan = RequestScan {};
};

QByteArray shown(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

} // namespace

class tst_RequestScan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsWhatTheGatewayReads()
    {
        const Scanned s(R"({"model":"smart","messages":[{"role":"user","content":"hi"}],"stream":true,"stream_options":{"include_usage":true},)"
                        R"("user":"ann","max_tokens":7,"max_completion_tokens":9,"n":2,"tools":[{"type":"function"}],"response_format":{"type":"json_object"},)"
                        R"("metadata":{"a":"b"},"signalbox":{"tags":["x"]},"fallbacks":["a",{"model":"b"}]})");
        QVERIFY(s.scan);
        QCOMPARE(s->model, std::string_view("smart"));
        QCOMPARE(s->modelValue.in(s.body), std::string_view("\"smart\""));
        QVERIFY(s->stream && s->includeUsage && s->hasTools && s->hasResponseFormat);
        QCOMPARE(s->user, std::string_view("ann"));
        QCOMPARE(s->maxTokens, std::optional<std::int64_t>(9));
        QCOMPARE(s->n, 2);
        QCOMPARE(s->metadata.in(s.body), std::string_view(R"({"a":"b"})"));
        QCOMPARE(s->signalbox.in(s.body), std::string_view(R"({"tags":["x"]})"));
        QCOMPARE(s->fallbacks, (std::vector<std::string> {"a", "b"}));
        QCOMPARE(s->members.size(), std::size_t(13));
    }

    void findsThePromptThatABodyNames()
    {
        const auto scanned = [](std::string_view body, PromptNamed named) { return scanRequest(body, Endpoint::ChatCompletions, {}, {}, named); };
        const std::string top = R"({"prompt_id":"a@1","prompt_variables":{"x":1}})";
        const auto found = scanned(top, PromptNamed::PerhapsHere);
        QVERIFY(found); // without model and messages
        QCOMPARE(found->promptId.in(top), std::string_view("\"a@1\""));
        QCOMPARE(found->promptVariables.in(top), std::string_view(R"({"x":1})"));
        QVERIFY(!scanned(top, PromptNamed::Nowhere));
        const std::string within = R"({"signalbox":{"tags":["prompt_id"],"prompt_id":"b","prompt_variables":{}}})";
        QCOMPARE(scanned(within, PromptNamed::PerhapsHere)->promptId.in(within), std::string_view("\"b\""));
        for (const std::string &both : {R"({"signalbox":{"prompt_id":"b"},"prompt_id":"a"})", R"({"prompt_id":"a","signalbox":{"prompt_id":"b"}})"})
            QCOMPARE(scanned(both, PromptNamed::PerhapsHere)->promptId.in(both), std::string_view("\"a\""));
        QVERIFY(scanned("{}", PromptNamed::Outside));
        QVERIFY(scanned(R"({"prompt_id":null,"signalbox":{"prompt_id":null}})", PromptNamed::Outside)->promptId.empty());
        for (const char *lacking : {"{}", R"({"prompt_id":null})", R"({"signalbox":{}})", R"({"prompt_variables":{}})"})
            QCOMPARE(scanned(lacking, PromptNamed::PerhapsHere).error().where, std::string("model"));
        const std::string plain = R"({"model":"m","messages":[],"prompt_id":5})";
        QVERIFY(scanned(plain, PromptNamed::Nowhere)); // where nobody asks, it is a member like any other
        QCOMPARE(scanned(plain, PromptNamed::PerhapsHere).error().where, std::string("prompt_id"));
    }

    void readsKeysAndModelThroughTheirEscapes()
    {
        const Scanned s("{\"mod\\u0065l\":\"gr\\u00f6\\u00dfer \\ud83c\\udf0d \\ud83c\",\"messages\":[]}");
        QVERIFY(s.scan);
        QCOMPARE(shown(s->model), QByteArray("größer 🌍 \xEF\xBF\xBD"));
        QCOMPARE(s->members.front().name, std::string_view("model"));
    }

    void nullEqualsAbsent()
    {
        const Scanned s(R"({"model":"m","messages":[],"stream":null,"stream_options":null,"n":null,"user":null,"max_tokens":null,"tools":null,"fallbacks":null})");
        QVERIFY(s.scan);
        QVERIFY(!s->stream && s->streamOptions.empty() && s->user.empty() && !s->maxTokens && !s->hasTools && s->fallbacks.empty());
        QCOMPARE(s->n, 1);
        QCOMPARE(s->find("stream"), nullptr);
    }

    void saysWhatIsWrongAndWhere_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("where");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("empty") << QByteArray(" \n") << QByteArray("") << QByteArray("empty");
        QTest::newRow("array") << QByteArray("[1]") << QByteArray("") << QByteArray("must be a JSON object");
        QTest::newRow("text") << QByteArray("hello") << QByteArray("") << QByteArray("JSON");
        QTest::newRow("cut off") << QByteArray("{\"model\":\"m\",\"messages\":[{\"role\":\"us") << QByteArray("") << QByteArray("not valid JSON");
        QTest::newRow("cut off between") << QByteArray("{\"model\":\"m\",") << QByteArray("") << QByteArray("not valid JSON");
        QTest::newRow("no comma") << QByteArray("{\"model\":\"m\" \"messages\":[]}") << QByteArray("model") << QByteArray("at byte 12");
        QTest::newRow("more behind") << QByteArray("{\"model\":\"m\",\"messages\":[]} {}") << QByteArray("") << QByteArray("goes on behind the end");
        QTest::newRow("bad word") << QByteArray("{\"model\":\"m\",\"messages\":[],\"x\":nope}") << QByteArray("x") << QByteArray("byte 31");
        QTest::newRow("two colons") << QByteArray("{\"model\":\"m\",\"messages\":[],\"x\":\"y\":1}") << QByteArray("x") << QByteArray("byte 34");
        QTest::newRow("brackets that do not fit") << QByteArray("{\"model\":\"m\",\"messages\":[],\"x\":{\"y\":}\"z\"}}") << QByteArray("x") << QByteArray("byte 37");
        QTest::newRow("not UTF-8") << QByteArray("{\"model\":\"\xff\",\"messages\":[]}") << QByteArray("") << QByteArray("UTF-8");
        QTest::newRow("raw line break in a string") << QByteArray("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a\nb\"}]}") << QByteArray("") << QByteArray("at byte 52");
        QTest::newRow("raw tab in an unknown field, escaped") << QByteArray("{\"model\":\"m\",\"messages\":[],\"x\":{\"y\":\"a long enough text before \\\t\"}}") << QByteArray("") << QByteArray("control character");
        QTest::newRow("no model") << QByteArray("{\"messages\":[]}") << QByteArray("model") << QByteArray("missing");
        QTest::newRow("null model") << QByteArray("{\"model\":null,\"messages\":[]}") << QByteArray("model") << QByteArray("missing");
        QTest::newRow("model a number") << QByteArray("{\"model\":4,\"messages\":[]}") << QByteArray("model") << QByteArray("a number");
        QTest::newRow("model empty") << QByteArray("{\"model\":\"\",\"messages\":[]}") << QByteArray("model") << QByteArray("empty");
        QTest::newRow("no messages") << QByteArray("{\"model\":\"m\"}") << QByteArray("messages") << QByteArray("missing");
        QTest::newRow("messages an object") << QByteArray("{\"model\":\"m\",\"messages\":{}}") << QByteArray("messages") << QByteArray("array");
        QTest::newRow("a message a string") << QByteArray("{\"model\":\"m\",\"messages\":[{},\"x\"]}") << QByteArray("messages[1]") << QByteArray("messages[1]");
        QTest::newRow("stream a string") << QByteArray("{\"model\":\"m\",\"messages\":[],\"stream\":\"yes\"}") << QByteArray("stream") << QByteArray("a string");
        QTest::newRow("n zero") << QByteArray("{\"model\":\"m\",\"messages\":[],\"n\":0}") << QByteArray("n") << QByteArray("from 1");
        QTest::newRow("max_tokens text") << QByteArray("{\"model\":\"m\",\"messages\":[],\"max_tokens\":\"9\"}") << QByteArray("max_tokens") << QByteArray("whole number");
        QTest::newRow("fallbacks text") << QByteArray("{\"model\":\"m\",\"messages\":[],\"fallbacks\":\"a\"}") << QByteArray("fallbacks") << QByteArray("array");
        QTest::newRow("signalbox a list") << QByteArray("{\"model\":\"m\",\"messages\":[],\"signalbox\":[]}") << QByteArray("signalbox") << QByteArray("object");
        QTest::newRow("model twice") << QByteArray("{\"model\":\"a\",\"messages\":[],\"model\":\"b\"}") << QByteArray("model") << QByteArray("twice");
        QTest::newRow("model twice, escaped") << QByteArray("{\"model\":\"a\",\"messages\":[],\"m\\u006fdel\":\"b\"}") << QByteArray("model") << QByteArray("twice");
        QTest::newRow("model in another case") << QByteArray("{\"model\":\"a\",\"messages\":[],\"Model\":\"b\"}") << QByteArray("Model") << QByteArray("lower case");
        QTest::newRow("messages with a long s") << QByteArray("{\"model\":\"a\",\"messages\":[],\"me\xC5\xBFsages\":[]}") << QByteArray("me\xC5\xBFsages") << QByteArray("lower case");
        QTest::newRow("max_tokens with a kelvin sign") << QByteArray("{\"model\":\"a\",\"messages\":[],\"max_to\\u212aens\":9}") << QByteArray("max_to\xE2\x84\xAA" "ens") << QByteArray("lower case");
        QTest::newRow("messages twice, one null") << QByteArray("{\"model\":\"a\",\"messages\":null,\"messages\":[]}") << QByteArray("messages") << QByteArray("twice");
        QTest::newRow("usage twice") << QByteArray("{\"model\":\"a\",\"messages\":[],\"stream_options\":{\"include_usage\":true,\"include_usage\":false}}")
                                     << QByteArray("stream_options.include_usage") << QByteArray("twice");
        QTest::newRow("deep") << QByteArray("{\"model\":\"a\",\"messages\":[{\"x\":") + QByteArray(600, '[') + QByteArray(600, ']') + QByteArray("}]}")
                              << QByteArray("messages") << QByteArray("deeper");
    }

    void saysWhatIsWrongAndWhere()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, where);
        QFETCH(QByteArray, words);
        const Scanned s(body.toStdString());
        QVERIFY(!s.scan);
        QCOMPARE(s.scan.error().code, ErrorCode::BadRequest);
        QCOMPARE(shown(s.scan.error().where), where);
        QVERIFY2(shown(s.scan.error().message).contains(words), s.scan.error().message.c_str());
    }

    void otherEndpointsNeedTheirOwnInput()
    {
        QVERIFY(Scanned(R"({"model":"m","prompt":"x"})", Endpoint::Completions).scan);
        QVERIFY(Scanned(R"({"model":"m","prompt":["a","b"]})", Endpoint::Completions).scan);
        QVERIFY(Scanned(R"({"model":"m","input":[[1,2],[3]]})", Endpoint::Embeddings).scan);
        QCOMPARE(Scanned(R"({"model":"m","input":[[1,2],[3]]})", Endpoint::Embeddings)->prompt.tokenIds, std::uint64_t(3));
        QCOMPARE(Scanned(R"({"model":"m"})", Endpoint::Embeddings).scan.error().where, std::string("input"));
        QCOMPARE(Scanned(R"({"model":"m","messages":[]})", Endpoint::Completions).scan.error().where, std::string("prompt"));
    }

    void deepUnknownFieldsAreRefused()
    {
        const std::string deep = std::string(100000, '[') + std::string(100000, ']');
        const Scanned s("{\"model\":\"m\",\"messages\":[],\"x\":" + deep + "}");
        QVERIFY(!s.scan);
        QCOMPARE(s.scan.error().where, std::string("x"));
    }

    void aLargeBodyIsReadLikeASmallOne()
    {
        const std::string text(3'000'000, 'a');
        const Scanned s("{\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}],\"model\":\"m\"}");
        QVERIFY(s.scan);
        QCOMPARE(s->prompt.text.ascii, std::uint32_t(text.size()));
        QCOMPARE(estimateTokens(s->prompt), std::int64_t(750004));
    }

    void countsTextByScriptAndMediaAsOneEach()
    {
        const Scanned s(R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"abcd"},)"
                        R"({"type":"image_url","image_url":{"url":"data:image/png;base64,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}},)"
                        R"({"type":"input_audio","input_audio":{"data":"AAAA"}},{"type":"file","file":{"file_data":"AAAA"}}]},)"
                        "{\"role\":\"user\",\"content\":\"äб世界🌍–\"}]}");
        QVERIFY(s.scan);
        QCOMPARE(s->prompt.messages, 2U);
        QCOMPARE(s->prompt.images, 1U);
        QCOMPARE(s->prompt.audios, 1U);
        QCOMPARE(s->prompt.files, 1U);
        QCOMPARE(s->prompt.text.ascii, 4U);
        QCOMPARE(s->prompt.text.twoByte, 2U);
        QCOMPARE(s->prompt.text.eastAsian, 2U);
        QCOMPARE(s->prompt.text.otherThree, 1U);
        QCOMPARE(s->prompt.text.fourByte, 1U);
    }

    void stringsEndWhereTheyEndWhateverTheirLength()
    {
        // Long ones are passed over in wide steps: every place of the end, of an escape and of a control character counts.
        for (std::size_t size = 0; size < 140; ++size) {
            const std::string plain(size, 'a');
            for (std::size_t at = 0; at <= size; ++at) {
                for (const std::string_view inside : {"", "\\\"", "\\\\", "{", "\xc3\xa4"}) {
                    const std::string content = std::string(plain).insert(at, inside);
                    const std::string json = "[ \"" + content + "\" , [{\"b\":\"" + content + "\"}]]\"";
                    JsonCursor cursor(json, JsonCursor::Strings::Checked);
                    std::string_view raw;
                    std::string_view nested;
                    QVERIFY(cursor.take('[') && cursor.string(raw) && cursor.take(',') && cursor.skip(nested) && cursor.take(']') && !cursor.atEnd());
                    QCOMPARE(raw, std::string_view(content));
                    QCOMPARE(nested.size(), content.size() + 10);
                }
                const std::string broken = "\"" + std::string(plain).insert(at, "\n") + "\"";
                std::string_view raw;
                QVERIFY(JsonCursor(broken).string(raw));
                JsonCursor checked(broken, JsonCursor::Strings::Checked);
                QVERIFY(!checked.string(raw) && checked.controlCharacter());
                QCOMPARE(checked.offset(), at + 1);
            }
            const std::string unclosed = "\"" + plain;
            JsonCursor open(unclosed);
            std::string_view raw;
            QVERIFY(!open.string(raw) && open.cutOff());
        }
    }

    void anEstimateIsFourAtLeast()
    {
        QCOMPARE(estimateTokens(PromptSize {}), std::int64_t(4));
        PromptSize several;
        several.text.add("ab\u00e9\u4e2d\U0001F600"); // 2, 2, 3 and 4 bytes
        several.messages = 1;
        QCOMPARE(mostTokens(several), std::int64_t(2 + 2 + 3 + 4 + 4)); // no token is shorter than a byte
        QVERIFY(estimateTokens(several) <= mostTokens(several));
        QCOMPARE(estimateTokens(TextSize {}), std::int64_t(0));
    }

    void spliceChangesTheModelAndNothingElse()
    {
        const std::string before = "{ \"seed\" : 12345678901234567890123 ,\"model\":\t\"smart\",\"messages\":[ ], \"x\":1e-05,\"x\":-0 , \"y\\u0020\":\"\\ud83c\" }\n";
        const Scanned s(before);
        QVERIFY(s.scan);
        BodySplice splice(*s.scan);
        splice.replaceModel("a \"quoted\" one");
        const SplicedBody out = splice.build();
        QString expected = QString::fromStdString(before);
        expected.replace(QStringLiteral("\"smart\""), QStringLiteral("\"a \\\"quoted\\\" one\""));
        QCOMPARE(QString::fromStdString(out.text()), expected);
        QCOMPARE(out.size, out.text().size());
        QCOMPARE(out.pieces.size(), std::size_t(3));
        QVERIFY(out.pieces.front().data() == s.body.data()); // untouched bytes are not copied
    }

    void pieceSurviveAMove()
    {
        const Scanned s(R"({"model":"smart","messages":[]})");
        BodySplice splice(*s.scan);
        splice.replaceModel("m");
        SplicedBody first = splice.build();
        const SplicedBody second = std::move(first);
        QCOMPARE(second.text(), std::string(R"({"model":"m","messages":[]})"));
    }

    void removesMembersWithTheirComma_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("names");
        QTest::addColumn<QByteArray>("expected");
        const QByteArray body = R"({"a":1, "model":"m" , "messages":[],"b":{"c":2} })";
        QTest::newRow("first") << body << QByteArray("a") << QByteArray(R"({"model":"m" , "messages":[],"b":{"c":2} })");
        QTest::newRow("middle") << body << QByteArray("messages") << QByteArray(R"({"a":1, "model":"m" , "b":{"c":2} })");
        QTest::newRow("last") << body << QByteArray("b") << QByteArray(R"({"a":1, "model":"m" , "messages":[] })");
        QTest::newRow("last two") << body << QByteArray("messages b") << QByteArray(R"({"a":1, "model":"m" })");
        QTest::newRow("first and last") << body << QByteArray("a b") << QByteArray(R"({"model":"m" , "messages":[] })");
        QTest::newRow("all") << body << QByteArray("a model messages b") << QByteArray(R"({ })");
    }

    void removesMembersWithTheirComma()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, names);
        QFETCH(QByteArray, expected);
        for (const bool adding : {false, true}) {
            const Scanned s(body.toStdString());
            QVERIFY(s.scan);
            BodySplice splice(*s.scan);
            for (const QByteArray &name : names.split(' ')) {
                for (const Member &member : s->members) {
                    if (shown(member.name) == name)
                        splice.remove(member);
                }
            }
            if (adding)
                splice.add("z", "9");
            const QByteArray out = shown(splice.build().text());
            if (!adding)
                QCOMPARE(out, expected);
            const QJsonObject object = QJsonDocument::fromJson(out).object();
            QCOMPARE(object.contains(QStringLiteral("z")), adding);
            QCOMPARE(object.size(), 4 - names.split(' ').size() + (adding ? 1 : 0));
        }
    }

    void usageIsAskedForHoweverTheCallerWroteItsOptions_data()
    {
        QTest::addColumn<QByteArray>("options");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("absent") << QByteArray("") << QByteArray(R"(,"stream_options":{"include_usage":true})");
        QTest::newRow("null") << QByteArray(R"(,"stream_options":null)") << QByteArray(R"(,"stream_options":{"include_usage":true})");
        QTest::newRow("empty") << QByteArray(R"(,"stream_options":{ })") << QByteArray(R"(,"stream_options":{"include_usage":true })");
        QTest::newRow("false") << QByteArray(R"(,"stream_options":{"include_usage":false,"x":1})") << QByteArray(R"(,"stream_options":{"include_usage":true,"x":1})");
        QTest::newRow("other") << QByteArray(R"(,"stream_options":{"x":1})") << QByteArray(R"(,"stream_options":{"include_usage":true,"x":1})");
        QTest::newRow("true") << QByteArray(R"(,"stream_options":{"include_usage":true})") << QByteArray(R"(,"stream_options":{"include_usage":true})");
    }

    void usageIsAskedForHoweverTheCallerWroteItsOptions()
    {
        QFETCH(QByteArray, options);
        QFETCH(QByteArray, expected);
        const QByteArray head = R"({"model":"m","messages":[],"stream":true)";
        const Scanned s((head + options + "}").toStdString());
        QVERIFY(s.scan);
        BodySplice splice(*s.scan);
        splice.askForUsage();
        QCOMPARE(shown(splice.build().text()), head + expected + "}");
    }

    void setReplacesAddsAndPutsBack()
    {
        const Scanned s(R"({"model":"m","messages":[],"top_k":1,"x":1,"top_k":2})");
        QVERIFY(s.scan);
        BodySplice splice(*s.scan);
        splice.set("top_k", "5");
        splice.remove(*s->find("x"));
        splice.set("x", "6");
        splice.set("temperature", "0.2");
        QCOMPARE(splice.build().text(), std::string(R"({"model":"m","messages":[],"top_k":5,"x":6,"temperature":0.2})"));
    }

    void membersOfAnOverrideKeepTheirBytes()
    {
        const auto members = parseJsonMembers(R"( {"a": 12345678901234567890 , "b":{"c":[1, 2]}, "d\u0065":"x"} )");
        QVERIFY(members);
        QCOMPARE(*members, (std::vector<JsonMember> {{"a", "12345678901234567890"}, {"b", R"({"c":[1, 2]})"}, {"de", "\"x\""}}));
        QVERIFY(parseJsonMembers("")->empty());
        QVERIFY(!parseJsonMembers("[1]"));
        QVERIFY(!parseJsonMembers(R"({"a":1,})"));
        QVERIFY(!parseJsonMembers(R"({"a":1} x)"));
    }

    void everyRecordedRequestScansAndSplices()
    {
        if (!recordings::present())
            QSKIP(recordings::absent);
        int seen = 0;
        for (const QString &provider : {QStringLiteral("openai-chat"), QStringLiteral("groq"), QStringLiteral("deepseek"), QStringLiteral("mistral"),
                                        QStringLiteral("openrouter"), QStringLiteral("perplexity"), QStringLiteral("xai"), QStringLiteral("vllm")}) {
            const QDir folder(recordings::folder() + QLatin1Char('/') + provider);
            const auto endpointOf = [](const std::string &text) {
                if (text.find("\"messages\"") != std::string::npos)
                    return Endpoint::ChatCompletions;
                return text.find("\"prompt\"") != std::string::npos ? Endpoint::Completions : Endpoint::Embeddings;
            };
            for (const QString &file : folder.entryList({QStringLiteral("*.req.json")})) {
                const std::string original = recordings::read(provider + QLatin1Char('/') + file);
                const Scanned s(original, endpointOf(original));
                QVERIFY2(s.scan, qPrintable(file + QLatin1String(": ") + QString::fromStdString(s.scan ? std::string() : s.scan.error().message)));
                BodySplice splice(*s.scan);
                splice.replaceModel("other");
                QJsonObject expected = QJsonDocument::fromJson(QByteArray::fromStdString(original)).object();
                expected[QStringLiteral("model")] = QStringLiteral("other");
                QCOMPARE(QJsonDocument::fromJson(QByteArray::fromStdString(splice.build().text())).object(), expected);
                ++seen;
            }
        }
        QVERIFY(seen > 20);
    }
};

QTEST_APPLESS_MAIN(tst_RequestScan)
#include "tst_request_scan.moc"
