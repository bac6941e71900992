// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_log.h"
#include "gateway/wire/codecs.h"
#include "gateway/wire/event_framing.h"
#include "gateway/wire/json_array_parser.h"
#include "gateway/wire/member_catcher.h"
#include "gateway/wire/named_models.h"
#include "gateway/wire/provider_path.h"
#include "gateway/wire/trace_context.h"
#include "gateway/wire/usage_finder.h"
#include "recordings.h"

#include <QTest>

#include <array>

using namespace gateway;
using namespace gateway::wire;

namespace {

QByteArray shown(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

QByteArray joined(const std::vector<std::string> &names)
{
    QByteArrayList list;
    for (const std::string &name : names)
        list << QByteArray::fromStdString(name);
    return list.join(' ');
}

/// What is found in an answer that comes in reads of `step` bytes.
std::optional<TokenUsage> found(std::string_view contentType, std::string_view body, std::size_t step = 1)
{
    const std::array headers {HeaderView {"Content-Type", contentType}};
    UsageFinder finder(headers);
    for (std::size_t at = 0; at < body.size(); at += step) {
        const std::string read(body.substr(at, step));
        finder.feed(read);
    }
    finder.finish();
    return finder.usage();
}

/// What the format's own decoder says that an answer used.
std::optional<TokenUsage> decoded(WireFormat format, std::string_view contentType, std::string_view body)
{
    const auto decoder = makeDecoder(format, {.callId = "call_1"});
    EventLog log;
    const bool sse = contentType.starts_with("text/event-stream");
    const bool frames = contentType.starts_with("application/vnd.amazon");
    if (sse || frames || contentType.starts_with("application/x-ndjson")) {
        const auto framing = makeFraming(sse ? FramingKind::Sse : frames ? FramingKind::AwsFrames : FramingKind::Lines, 1 << 24);
        FramedEvent event;
        framing->feed(body);
        while (framing->next(event) == EventFraming::Next::Event) {
            if (event.hasData && !log.failed && !log.ended)
                decoder->onEvent(event.type, event.data, log);
        }
        if (!log.failed && !log.ended)
            decoder->onEnd(log);
    } else {
        decoder->onBody(body, log);
    }
    return log.usage.total() > 0 && !log.usage.estimated ? std::optional(log.usage) : std::nullopt;
}

WireFormat formatOf(const QString &file)
{
    const QString folder = file.section(QLatin1Char('/'), 0, 0);
    if (folder == u"anthropic")
        return WireFormat::Anthropic;
    if (folder == u"openai-responses")
        return WireFormat::OpenAiResponses;
    if (folder == u"gemini" || folder == u"vertex")
        return WireFormat::Gemini;
    if (folder == u"bedrock")
        return WireFormat::BedrockConverse;
    if (folder == u"cohere")
        return WireFormat::CohereV2;
    return folder == u"ollama" ? WireFormat::OllamaChat : WireFormat::OpenAiChat;
}

} // namespace

/// What is read of calls to providers' own APIs, of which nobody knows more than their bytes.
class tst_OwnApi : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pathsThatLeadElsewhereAreRefused_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("good");
        const auto row = [](const char *path, bool good) { QTest::newRow(path) << QByteArray(path) << good; };
        for (const char *path : {"", "/", "/v1/files", "/v1/files/", "/v1/models/meta-llama/Llama-3.1:free", "/model/arn%3Aaws%3Abedrock%3A%2Fx/invoke", "/v1/...", "/v1/.well-known",
                                 "/v1beta/models/gemini-2.5-flash:generateContent", "/a//b", "/100%", "/%zz", "/a;b=1/c", "/v1/..a"})
            row(path, true);
        for (const char *path : {"/..", "/../v1", "/v1/../../admin", "/v1/%2e%2e/x", "/v1/%2E%2e/x", "/v1/.%2e/x", "/v1/%252e%252e/x", "/v1/%25252e%25252e/x", "/v1/./x", "/v1/.", "/v1/..%2fx",
                                 "/v1/..%5cx", "/v1/..\\x", "/v1\\..\\x", "/..;/x", "/v1/..;a=b/x", "/%2e%2e;/x", "//evil.example/x", "/%2Fevil.example", "/%5Cevil.example", "/v1/%00", "/v1/a%0d%0aHost:x",
                                 "/%25252525252525252525252e"})
            row(path, false);
    }
    void pathsThatLeadElsewhereAreRefused()
    {
        QFETCH(QByteArray, path);
        QFETCH(bool, good);
        const Result<void> checked = checkProviderPath(path.toStdString());
        QCOMPARE(checked.has_value(), good);
        if (!good)
            QCOMPARE(checked.error().code, ErrorCode::BadRequest);
    }

    void modelsAreFoundWhereverTheyAreNamed_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("model");
        QTest::addColumn<QByteArray>("all");
        const auto row = [](const char *name, const char *path, const char *query, const char *type, const char *body, const char *model, const char *all) {
            QTest::newRow(name) << QByteArray(path) << QByteArray(query) << QByteArray(type) << QByteArray(body) << QByteArray(model) << QByteArray(all);
        };
        const char *json = "application/json";
        row("none", "/v1/files", "limit=2", "", "", "", "");
        row("in the body", "/v1/chat/completions", "", json, R"({"messages":[],"model":"gpt-4o"})", "gpt-4o", "gpt-4o");
        row("escaped", "/v1/x", "", json, R"({"mod\u0065l":"gpt\u002d4o"})", "gpt-4o", "gpt-4o");
        row("another case", "/api/chat", "", json, R"({"Model":"llama3","MODEL":"llama4"})", "llama3", "llama3 llama4");
        row("deeper", "/v1/messages/batches", "", json, R"({"requests":[{"params":{"model":"a"}},{"params":{"model":"b"}}]})", "", "a b");
        row("no name", "/v1/x", "", json, R"({"tools":[{"parameters":{"properties":{"model":{"type":"string"}}}}],"model":null})", "", "");
        row("Amazon's", "/async-invoke", "", json, R"({"modelId":"amazon.nova-reel-v1:0"})", "amazon.nova-reel-v1:0", "amazon.nova-reel-v1:0");
        row("in Google's path", "/v1beta/models/gemini-2.5-flash:generateContent", "", json, R"({"contents":[]})", "gemini-2.5-flash", "gemini-2.5-flash");
        row("in Vertex's path", "/v1/projects/p/locations/l/publishers/anthropic/models/claude-sonnet-4@20250514:streamRawPredict", "", json, "{}", "claude-sonnet-4@20250514",
            "claude-sonnet-4@20250514");
        row("Google's collection", "/v1beta/cachedContents", "", json, R"({"model":"models/gemini-2.5-pro"})", "gemini-2.5-pro", "gemini-2.5-pro");
        row("Google's publisher", "/v1/x", "", json, R"({"model":"projects/p/locations/l/publishers/google/models/gemini-2.5-pro"})", "gemini-2.5-pro", "gemini-2.5-pro");
        row("Fireworks' collection stays", "/v1/x", "", json, R"({"model":"accounts/fireworks/models/llama"})", "accounts/fireworks/models/llama", "accounts/fireworks/models/llama");
        row("in OpenAI's path", "/v1/models/meta-llama/Llama-3", "", "", "", "meta-llama/Llama-3", "meta-llama/Llama-3");
        row("a tag is no action", "/v1/models/llama3:latest", "", "", "", "llama3:latest", "llama3:latest");
        row("a collection in a collection", "/v1/models/models/models/x", "", "", "", "models/x", "models/x");
        row("in Azure's path", "/openai/deployments/my-gpt4o/chat/completions", "api-version=1", json, R"({"messages":[]})", "my-gpt4o", "my-gpt4o");
        row("in Bedrock's path", "/model/us.amazon.nova-lite-v1%3A0/converse", "", json, "{}", "us.amazon.nova-lite-v1:0", "us.amazon.nova-lite-v1:0");
        row("in the query", "/v1/realtime", "x=1&mod%65l=gpt%2Drealtime", "", "", "gpt-realtime", "gpt-realtime");
        row("in a form", "/v1/audio/transcriptions", "", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n--b--\r\n", "whisper-1", "whisper-1");
        row("path over body", "/openai/deployments/d/chat/completions", "", json, R"({"model":"other"})", "d", "d other");
        row("the list itself", "/v1/models", "", "", "", "", "");
        row("whatever the type says", "/v1/x", "", "text/plain", R"({"model":"hidden"})", "hidden", "hidden");
    }
    void modelsAreFoundWhereverTheyAreNamed()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, model);
        QFETCH(QByteArray, all);
        const NamedModels named = namedModels(path.toStdString(), query.toStdString(), body.toStdString(), type.toStdString());
        QVERIFY(named.readable);
        QCOMPARE(QByteArray::fromStdString(named.model), model);
        QCOMPARE(joined(named.all), all);
    }

    void bodiesThatNobodyCanReadAreSo()
    {
        std::string deep(4000, '[');
        deep.append(4000, ']');
        const std::string utf16("{\0\"\0m\0\"\0:\0", 10);
        for (const std::string &body : {utf16, std::string("\xFF\xFE{"), std::string("model=x"), std::string(R"({"model":"a")"), std::string(R"({"model":"a"} {"model":"b"})"),
                                        std::string("{\"model\":\"\xC3\x28\"}"), std::string("\"model\""), deep})
            QVERIFY2(!namedModels("/v1/x", {}, body, "application/json").readable, body.c_str());
        QVERIFY(!namedModels("/v1/x", {}, "--b\r\nwhat", "multipart/form-data; boundary=b").readable);
        QVERIFY(namedModels("/v1/x", {}, {}, {}).readable);
    }

    void membersAreCaughtWhereverReadsAreCut()
    {
        constexpr std::array<std::string_view, 2> wanted {"usage", "type"};
        const std::string body = " {\"a\":{\"usage\":1},\"u\\\"sage\":2, \"usage\" : {\"x\":[1,{\"usage\":\"}\"}],\"s\":\"a\\\"}]\"} ,\"b\":[\"type\"],\"type\":\"ok\",\"type2\":3,\"usage\":7} ";
        for (std::size_t cut = 0; cut <= body.size(); ++cut) {
            MemberCatcher catcher(wanted, 1024);
            catcher.feed(std::string_view(body).substr(0, cut));
            catcher.feed(std::string_view(body).substr(cut));
            QCOMPARE(shown(catcher.object()), QByteArray("{\"usage\": {\"x\":[1,{\"usage\":\"}\"}],\"s\":\"a\\\"}]\"} ,\"type\":\"ok\",\"usage\":7}"));
        }
    }

    void membersThatAreTooLargeOrCutOffAreLeftOut()
    {
        constexpr std::array<std::string_view, 1> wanted {"usage"};
        MemberCatcher small(wanted, 20);
        small.feed(R"({"usage":{"x":")" + std::string(100, 'y') + R"("},"usage":1})");
        QCOMPARE(shown(small.object()), QByteArray(R"({"usage":1})"));
        MemberCatcher cut(wanted, 100);
        cut.feed(R"({"usage":{"x":1)");
        QCOMPARE(shown(cut.object()), QByteArray("{}"));
        MemberCatcher array(wanted, 100);
        array.feed(R"([{"usage":1}])");
        QCOMPARE(shown(array.object()), QByteArray("{}"));
    }

    void usageIsFoundInAnybodysWords_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QList<int>>("counts"); // input, output, cached, written, written for an hour, reasoning
        const auto row = [](const char *name, const char *type, const char *body, QList<int> counts) { QTest::newRow(name) << QByteArray(type) << QByteArray(body) << counts; };
        const char *json = "application/json; charset=utf-8";
        const char *sse = "text/event-stream";
        row("OpenAI", json, R"({"id":"x","data":[{"usage":1}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":4}}})", {10, 5, 4, 0, 0, 0});
        row("OpenAI's images", json, R"({"usage":{"total_tokens":100,"input_tokens":50,"output_tokens":50,"input_tokens_details":{"text_tokens":10,"image_tokens":40}},"data":[]})", {50, 50, 0, 0, 0, 0});
        row("OpenAI's stream", sse, "data: {\"choices\":[],\"usage\":null}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n", {7, 2, 0, 0, 0, 0});
        row("Responses' stream", sse,
            "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"usage\":{\"input_tokens\":36,\"input_tokens_details\":{\"cached_tokens\":6},\"output_tokens\":87,"
            "\"output_tokens_details\":{\"reasoning_tokens\":11},\"total_tokens\":123}}}\n\n",
            {36, 87, 6, 0, 0, 11});
        row("Groq's stream", sse, "data: {\"x_groq\":{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}}}\n\n", {3, 4, 0, 0, 0, 0});
        row("Anthropic", json, R"({"type":"message","usage":{"input_tokens":3,"cache_creation_input_tokens":20,"cache_read_input_tokens":100,"cache_creation":{"ephemeral_1h_input_tokens":5},"output_tokens":7}})",
            {123, 7, 100, 15, 5, 0});
        row("Anthropic's stream", sse,
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":25,\"cache_read_input_tokens\":5,\"output_tokens\":1}}}\n\n"
            "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"output_tokens\":15}}\n\n",
            {30, 15, 5, 0, 0, 0});
        row("Google", json, R"({"candidates":[],"usageMetadata":{"promptTokenCount":8,"candidatesTokenCount":3,"thoughtsTokenCount":2,"totalTokenCount":13}})", {8, 5, 0, 0, 0, 2});
        row("Google's array", json, "[{\"usageMetadata\":{\"promptTokenCount\":8,\"candidatesTokenCount\":1}}\r\n,\r\n{\"usageMetadata\":{\"promptTokenCount\":8,\"candidatesTokenCount\":4}}]", {8, 4, 0, 0, 0, 0});
        row("Amazon", json, R"({"output":{},"usage":{"inputTokens":9,"outputTokens":4,"cacheReadInputTokens":2,"totalTokens":15}})", {11, 4, 2, 0, 0, 0});
        row("Titan", json, R"({"embedding":[0.1],"inputTextTokenCount":6})", {6, 0, 0, 0, 0, 0});
        row("Llama at Amazon", json, R"({"generation":"x","prompt_token_count":5,"generation_token_count":9})", {5, 9, 0, 0, 0, 0});
        row("Cohere", json, R"({"usage":{"billed_units":{"input_tokens":1,"output_tokens":2},"tokens":{"input_tokens":71,"output_tokens":12}}})", {71, 12, 0, 0, 0, 0});
        row("Cohere's stream", sse, "event: message-end\ndata: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"COMPLETE\",\"usage\":{\"tokens\":{\"input_tokens\":71,\"output_tokens\":12}}}}\n\n", {71, 12, 0, 0, 0, 0});
        row("Ollama", "application/x-ndjson", "{\"done\":false}\n{\"done\":true,\"prompt_eval_count\":26,\"eval_count\":298}\n", {26, 298, 0, 0, 0, 0});
        row("none", json, R"({"object":"list","data":[]})", {});
        row("text", "text/plain", R"({"usage":{"prompt_tokens":1}})", {});
        row("garbage", json, "\"usage\":{", {});
    }
    void usageIsFoundInAnybodysWords()
    {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, body);
        QFETCH(QList<int>, counts);
        for (const std::size_t step : {1, 3, 4096}) {
            const auto usage = found(type.toStdString(), body.toStdString(), step);
            QCOMPARE(usage.has_value(), !counts.isEmpty());
            if (usage)
                QCOMPARE((QList<int> {int(usage->input), int(usage->output), int(usage->cachedInput), int(usage->cacheWrite), int(usage->cacheWrite1h), int(usage->reasoning)}), counts);
        }
    }

    void amazonsHeadersCount()
    {
        const std::array headers {HeaderView {"Content-Type", "application/json"}, HeaderView {"X-Amzn-Bedrock-Input-Token-Count", "12"}, HeaderView {"X-Amzn-Bedrock-Output-Token-Count", "34"}};
        UsageFinder finder(headers);
        finder.feed(R"({"completion":"x"})");
        finder.finish();
        QCOMPARE(finder.usage(), std::optional(TokenUsage {.input = 12, .output = 34}));
    }

    void recordedAnswersCountAsTheirDecodersCount()
    {
        if (!recordings::present())
            QSKIP(recordings::absent);
        int compared = 0;
        for (const recordings::Entry &entry : recordings::index(QStringLiteral("index.json"))) {
            std::string type;
            for (const auto &[name, value] : entry.headers)
                type = name == "content-type" ? value : type;
            if (entry.status != 200 || entry.file.contains(u"embed"))
                continue;
            const std::string body = recordings::read(entry.file);
            const auto expected = decoded(formatOf(entry.file), type, body);
            if (!expected)
                continue;
            const auto usage = found(type, body, 777);
            QVERIFY2(usage, qPrintable(entry.file));
            QVERIFY2(*usage == *expected, qPrintable(QStringLiteral("%1: %2+%3 in place of %4+%5").arg(entry.file).arg(usage->input).arg(usage->output).arg(expected->input).arg(expected->output)));
            ++compared;
        }
        qInfo("%d recorded answers compared", compared);
        QVERIFY(compared > 60);
    }

    void traceIdsAreReadAsTheirSpecificationSays_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("trace");
        const auto row = [](const char *name, const char *header, const char *trace = "") { QTest::newRow(name) << QByteArray(header) << QByteArray(trace); };
        row("as it should be", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "4bf92f3577b34da6a3ce929d0e0e4736");
        row("a later version", "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes", "4bf92f3577b34da6a3ce929d0e0e4736");
        row("longer than its version", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x");
        row("version ff", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        row("no trace", "00-00000000000000000000000000000000-00f067aa0ba902b7-01");
        row("no parent", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01");
        row("upper case", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01");
        row("short", "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01");
        row("other marks", "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01");
        row("empty", "");
    }
    void traceIdsAreReadAsTheirSpecificationSays()
    {
        QFETCH(QByteArray, header);
        QFETCH(QByteArray, trace);
        QCOMPARE(shown(traceIdOf(std::string_view(header.constData(), static_cast<std::size_t>(header.size())))), trace);
        const std::string value = header.toStdString();
        const std::array headers {HeaderView {"TraceParent", value}, HeaderView {"tracestate", "a=1"}};
        QCOMPARE(shown(traceLines(headers)), trace.isEmpty() ? QByteArray() : "traceparent: " + header + "\r\ntracestate: a=1\r\n");
    }
};

QTEST_APPLESS_MAIN(tst_OwnApi)
#include "tst_own_api.moc"
