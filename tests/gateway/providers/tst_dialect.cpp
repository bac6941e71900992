// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/answer_rewrite.h"
#include "gateway/providers/dialect.h"
#include "gateway/providers/message_fixes.h"
#include "gateway/wire/answer_scan.h"
#include "tests/gateway/wire/recordings.h"

#include <QTest>

#include <set>

using namespace gateway;
using namespace gateway::providers;

namespace {

struct Options
{
    std::string model = "m";
    std::string override_ {};
    std::string defaults {};
    std::vector<std::string> drop {};
    config::Unsupported unsupported = config::Unsupported::Drop;
};

struct Encoded
{
    std::string text;
    QJsonObject object;
    std::vector<std::string> dropped;
    std::size_t pieces = 0, calls = 0;
    Error error;
    bool ok = false;
    bool shared = false; ///< the first piece is the caller's own bytes
};

std::optional<std::string> rewritten(const ProviderKind &kind, Endpoint endpoint, std::string_view body)
{
    return rewriteAnswer(kind, endpoint, body, wire::scanAnswer(body, endpoint).shape);
}

Encoded encode(const char *kind, std::string body, const Options &options = {}, Endpoint endpoint = Endpoint::ChatCompletions)
{
    Encoded out;
    const auto scan = wire::scanRequest(body, endpoint);
    if (!scan) {
        out.error = scan.error();
        return out;
    }
    const auto override_ = wire::parseJsonMembers(options.override_);
    const auto defaults = wire::parseJsonMembers(options.defaults);
    auto encoded = encodeRequest(*findProviderKind(kind), endpoint, *scan,
                                 {.model = options.model, .override_ = *override_, .defaults = *defaults, .drop = options.drop, .unsupported = options.unsupported});
    if (!encoded) {
        out.error = encoded.error();
        return out;
    }
    out.ok = true;
    out.text = encoded->body.text();
    out.object = QJsonDocument::fromJson(QByteArray::fromStdString(out.text)).object();
    out.dropped = encoded->dropped;
    out.pieces = encoded->body.pieces.size();
    out.calls = encoded->calls;
    out.shared = encoded->body.pieces.front().data() == body.data();
    return out;
}

std::string chat(const std::string &more, const std::string &messages = R"([{"role":"user","content":"hi"}])")
{
    return R"({"model":"route","messages":)" + messages + more + "}";
}

QJsonArray messagesOf(const Encoded &encoded)
{
    return encoded.object[QStringLiteral("messages")].toArray();
}

/// A stream through scan and rewriter, as a caller would get it: its chunks.
struct Rewritten
{
    std::vector<QJsonObject> chunks;
    int changed = 0;
    int events = 0;
};

Rewritten rewriteStream(const char *kind, const std::string &stream)
{
    Rewritten out;
    wire::SseParser parser;
    wire::SseEvent event;
    wire::ChatStreamScan scan;
    StreamRewriter rewriter(*findProviderKind(kind));
    const auto take = [&] {
        const wire::ChunkInfo chunk = scan.onEvent(event);
        const auto rewritten = rewriter.rewrite(event, chunk);
        ++out.events;
        out.changed += rewritten.has_value();
        const QByteArray data = rewritten ? QByteArray::fromStdString(*rewritten).mid(6) : QByteArray(event.data.data(), static_cast<qsizetype>(event.data.size()));
        const QJsonObject object = QJsonDocument::fromJson(data).object();
        if (!object.isEmpty())
            out.chunks.push_back(object);
    };
    parser.feed(stream);
    while (parser.next(event) == wire::SseParser::Event)
        take();
    if (parser.finish(event) == wire::SseParser::Event)
        take();
    return out;
}

QJsonValue deltaOf(const QJsonObject &chunk)
{
    return chunk[QStringLiteral("choices")][0][QStringLiteral("delta")];
}

std::string chunkOf(const std::string &delta, const std::string &more = {})
{
    return R"(data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":)" + delta + more + "}]}\n\n";
}

} // namespace

class tst_Dialect : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPlainTargetIsAPureSplice()
    {
        const std::string body = chat(R"(, "temperature":0.7 ,"logit_bias":{"1":-100},"x":1,"x":2,"seed":99999999999999999999,"tools":[{"type":"function"}])");
        for (const char *kind : {"openai", "vllm"}) {
            const Encoded e = encode(kind, body, {.model = "gpt-4o"});
            QVERIFY(e.ok && e.shared);
            QString expected = QString::fromStdString(body);
            expected.replace(QStringLiteral("\"route\""), QStringLiteral("\"gpt-4o\""));
            QCOMPARE(QString::fromStdString(e.text), expected);
            QCOMPARE(e.pieces, std::size_t(3));
        }
        const Encoded stream = encode("vllm", chat(R"(,"stream":true)"), {.model = "route"});
        QCOMPARE(stream.text, chat(R"(,"stream":true,"stream_options":{"include_usage":true})"));
    }

    void overrideDefaultsAndDropAreApplied()
    {
        const Encoded e = encode("vllm", chat(R"(,"temperature":1,"top_p":0.5,"logit_bias":{},"seed":null,"stop":["a"])"),
                                 {.override_ = R"({"temperature":0.2,"min_p":0.1,"model":"evil","stream":true})", .defaults = R"({"top_p":0.9,"seed":7,"max_tokens":100})", .drop = {"logit_bias"}});
        QVERIFY(e.ok);
        QCOMPARE(e.text, chat(R"(,"temperature":0.2,"top_p":0.5,"seed":7,"stop":["a"],"min_p":0.1,"max_tokens":100)").replace(10, 5, "m"));
        QCOMPARE(e.dropped, std::vector<std::string> {"logit_bias"});
    }

    void callersNameNoFurtherModelsForTheProvider()
    {
        for (const char *kind : {"openrouter", "openai-compatible"}) {
            const Encoded e = encode(kind, chat(R"(,"models":["openai/o3-pro"])"));
            QVERIFY(e.ok && !e.object.contains(QStringLiteral("models")));
            QCOMPARE(e.dropped, std::vector<std::string> {"models"});
        }
        const Encoded own = encode("openrouter", chat(R"(,"models":["openai/o3-pro"])"), {.override_ = R"({"models":["a/b"]})"});
        QVERIFY(own.text.find(R"("models":["a/b"])") != std::string::npos); // the route's own list stays
    }

    void anOverrideHoldsWhateverTheCallerSent()
    {
        const Encoded twice = encode("vllm", chat(R"(,"top_k":1,"x":0,"top_k":2)"), {.override_ = R"({"top_k":5})"});
        QCOMPARE(twice.text.find(R"("top_k":5,"x":0})") != std::string::npos, true);
        const Encoded dropped = encode("groq", chat(R"(,"logit_bias":{})"), {.override_ = R"({"logit_bias":{"1":2}})"});
        QVERIFY(dropped.dropped.empty() && dropped.object.contains(QStringLiteral("logit_bias")));
        const Encoded renamed = encode("mistral", chat(R"(,"max_completion_tokens":9)"), {.override_ = R"({"max_tokens":5})"});
        QCOMPARE(renamed.object[QStringLiteral("max_tokens")].toInt(), 5);
        QVERIFY(!renamed.object.contains(QStringLiteral("max_completion_tokens")));
        const Encoded given = encode("mistral", chat(R"(,"max_completion_tokens":9)"), {.defaults = R"({"max_tokens":5})"});
        QCOMPARE(given.object[QStringLiteral("max_tokens")].toInt(), 9);
    }

    void whatAProviderDoesNotTakeIsDroppedOrRefused()
    {
        const std::string body = chat(R"(,"logprobs":true,"user":"ann","logit_bias":null,"temperature":0.5)");
        const Encoded e = encode("mistral", body);
        QCOMPARE(e.dropped, (std::vector<std::string> {"logprobs", "user"}));
        QCOMPARE(e.object.keys(), recordings::strings({"messages", "model", "temperature"}));
        const Encoded refused = encode("mistral", body, {.unsupported = config::Unsupported::Reject});
        QVERIFY(!refused.ok);
        QCOMPARE(refused.error.code, ErrorCode::BadRequest);
        QCOMPARE(refused.error.where, std::string("logprobs"));
        QVERIFY(encode("mistral", chat(R"(,"temperature":0.5)"), {.unsupported = config::Unsupported::Reject}).ok);
    }

    void reasoningModelsGetTheirOwnNames()
    {
        const std::string body = chat(R"(,"max_tokens":50,"temperature":0.7,"top_p":0.9,"presence_penalty":1)");
        for (const char *model : {"o3", "o3-mini", "gpt-5", "gpt-5-mini-2025-08-07", "gpt-5.1", "o4-mini"}) {
            const Encoded e = encode("openai", body, {.model = model});
            QCOMPARE(e.object[QStringLiteral("max_completion_tokens")].toInt(), 50);
            QVERIFY(!e.object.contains(QStringLiteral("max_tokens")) && !e.object.contains(QStringLiteral("temperature")));
            QCOMPARE(e.dropped, (std::vector<std::string> {"temperature", "top_p", "presence_penalty"}));
        }
        for (const char *model : {"gpt-4o", "gpt-5-chat-latest", "gpt-50", "o30"})
            QCOMPARE(encode("openai", body, {.model = model}).object[QStringLiteral("max_tokens")].toInt(), 50);
        QVERIFY(encode("openai", chat(R"(,"temperature":1)"), {.model = "o3"}).dropped.empty());
        QVERIFY(encode("openai", chat(R"(,"temperature":0.2,"reasoning_effort":"none")"), {.model = "gpt-5.1"}).dropped.empty());
        const Encoded both = encode("openai", chat(R"(,"max_tokens":1,"max_completion_tokens":2)"), {.model = "o3"});
        QCOMPARE(both.object[QStringLiteral("max_completion_tokens")].toInt(), 2);
        QVERIFY(!both.object.contains(QStringLiteral("max_tokens")));
        const Encoded early = encode("openai", chat("", R"([{"role":"developer","content":"a"},{"role":"user","content":"b"}])"), {.model = "o1-mini"});
        QCOMPARE(messagesOf(early)[0][QStringLiteral("role")].toString(), QStringLiteral("user"));
        QVERIFY(encode("xai", chat(R"(,"stop":["x"])"), {.model = "grok-4"}).dropped == std::vector<std::string> {"stop"});
        QVERIFY(encode("xai", chat(R"(,"stop":["x"])"), {.model = "grok-4-1-fast-non-reasoning"}).dropped.empty());
    }

    void mistralSpeaksItsOwnWords()
    {
        const Encoded e = encode("mistral", chat(R"(,"seed":4,"max_completion_tokens":9,"tool_choice":"required","stream":true,"stream_options":{"include_usage":true})",
                                                 R"([{"role":"user","content":"a"},{"role":"assistant","content":null,"tool_calls":[{"id":"call_abcdefghijklmnop","type":"function","function":{"name":"f","arguments":"{}"}}]},)"
                                                 R"({"role":"tool","tool_call_id":"call_abcdefghijklmnop","content":"r"},{"role":"user","content":"b"},{"role":"assistant","content":"Sure"}])"));
        QVERIFY(e.ok && e.dropped.empty());
        QCOMPARE(e.object[QStringLiteral("random_seed")].toInt(), 4);
        QCOMPARE(e.object[QStringLiteral("max_tokens")].toInt(), 9);
        QCOMPARE(e.object[QStringLiteral("tool_choice")].toString(), QStringLiteral("any"));
        QVERIFY(!e.object.contains(QStringLiteral("stream_options")));
        const QJsonArray messages = messagesOf(e);
        QCOMPARE(messages.size(), 6);
        const QString id = messages[1][QStringLiteral("tool_calls")][0][QStringLiteral("id")].toString();
        QCOMPARE(id.size(), 9);
        QCOMPARE(messages[2][QStringLiteral("tool_call_id")].toString(), id);
        QCOMPARE(messages[3][QStringLiteral("role")].toString(), QStringLiteral("assistant"));
        QVERIFY(messages[5][QStringLiteral("prefix")].toBool());
        QCOMPARE(mistralToolId("aB3dE6gH9"), std::string("aB3dE6gH9"));
        QVERIFY(mistralToolId("call_1") != mistralToolId("call_2"));
        QVERIFY(mistralToolId("").size() == 9);
        const Encoded embedded = encode("mistral", R"({"model":"m","input":"x","dimensions":8})", {}, Endpoint::Embeddings);
        QCOMPARE(embedded.object[QStringLiteral("output_dimension")].toInt(), 8);
    }

    void otherProvidersGetWhatTheyTake()
    {
        const Encoded groq = encode("groq", chat(R"(,"temperature":0,"n":1)", R"([{"role":"user","name":"ann","content":"hi"}])"));
        QCOMPARE(groq.object[QStringLiteral("temperature")].toDouble(), 1e-8);
        QVERIFY(!messagesOf(groq)[0].toObject().contains(QStringLiteral("name")));
        const Encoded choices = encode("groq", chat(R"(,"n":2,"stream":true,"stream_options":{"include_usage":true})"));
        QCOMPARE(choices.calls, std::size_t(2));
        QCOMPARE(choices.text, std::string(R"({"model":"m","messages":[{"role":"user","content":"hi"}]})"));
        QCOMPARE(encode("groq", chat(R"(,"n":17)")).error.where, std::string("n"));
        QCOMPARE(encode("groq", chat(R"(,"n":17)"), {.drop = {"n"}}).calls, std::size_t(1));
        QCOMPARE(encode("openai", chat(R"(,"n":17)")).calls, std::size_t(1));
        QCOMPARE(encode("openai", chat(R"(,"n":129)")).error.where, std::string("n"));
        const Encoded developer = encode("vllm", chat("", R"([{"role":"developer","content":"a"},{"role":"user","content":"b"}])"));
        QCOMPARE(messagesOf(developer)[0][QStringLiteral("role")].toString(), QStringLiteral("system"));
        const Encoded schema = encode("deepseek", chat(R"(,"response_format":{"type":"json_schema","json_schema":{"name":"x"}})"));
        QCOMPARE(schema.object[QStringLiteral("response_format")][QStringLiteral("type")].toString(), QStringLiteral("json_object"));
        QCOMPARE(schema.dropped, std::vector<std::string> {"response_format.json_schema"});
        // It is told in words at least; and the word JSON is one that the provider insists on.
        const Encoded told = encode("deepseek", chat(R"(,"response_format":{"json_schema":{"name":"x","schema":{"type":"object","properties":{"a":{}}}},"type":"json_schema"})"));
        QCOMPARE(messagesOf(told).size(), 2);
        QCOMPARE(messagesOf(told)[0][QStringLiteral("role")].toString(), QStringLiteral("system"));
        QVERIFY(messagesOf(told)[0][QStringLiteral("content")].toString().endsWith(QStringLiteral(R"(JSON schema: {"type":"object","properties":{"a":{}}})")));
        QCOMPARE(encode("deepseek", chat(R"(,"response_format":{"type":"json_object","json_schema":{"schema":{}}})")).pieces, std::size_t(3));
        const Encoded none = encode("deepseek", R"({"model":"m","input":"x"})", {}, Endpoint::Embeddings);
        QCOMPARE(none.error.code, ErrorCode::NotSupported);
    }

    void historiesOfOtherProvidersAreTaken()
    {
        const std::string history = R"([{"role":"user","content":"a"},{"role":"assistant","content":"b","reasoning_content":"hm","reasoning":"hm","reasoning_details":[{"text":"hm"}],"refusal":null,"annotations":[]},)"
                                    R"({"role":"assistant","refusal":"no"},{"role":"user","content":"c"}])";
        const auto members = [&](const char *kind) {
            QStringList all;
            for (const QJsonValue &message : messagesOf(encode(kind, chat("", history))))
                all << message.toObject().keys().join(u',');
            return all;
        };
        QCOMPARE(members("openai"), recordings::strings({"content,role", "annotations,content,refusal,role", "refusal,role", "content,role"}));
        QCOMPARE(members("mistral"), recordings::strings({"content,role", "content,role", "content,role", "content,role"}));
        QCOMPARE(members("groq")[1], QStringLiteral("content,reasoning,role"));
        QVERIFY(members("openrouter")[1].contains(QStringLiteral("reasoning_details"))); // which wants them back
        QCOMPARE(encode("openai", chat("", history)).dropped, (std::vector<std::string> {"messages.reasoning_content", "messages.reasoning", "messages.reasoning_details"}));
        // Nothing of the kind in it: not a byte is touched.
        QVERIFY(encode("openai", chat(""), {.model = "route"}).shared);
    }

    void deepSeekGetsReasoningBackOnlyWithinAToolLoop()
    {
        const Encoded e = encode("deepseek", chat("", R"([{"role":"user","content":"a"},{"role":"assistant","content":"b","reasoning_content":"old"},{"role":"user","content":"c"},)"
                                                      R"({"role":"assistant","content":"","reasoning_content":"new","tool_calls":[{"id":"x"}]},{"role":"tool","tool_call_id":"x","content":"r"}])"));
        QVERIFY(!messagesOf(e)[1].toObject().contains(QStringLiteral("reasoning_content")));
        QCOMPARE(messagesOf(e)[3][QStringLiteral("reasoning_content")].toString(), QStringLiteral("new"));
    }

    void perplexityTurnsAlternate()
    {
        const Encoded e = encode("perplexity", chat(R"(,"tools":[{"type":"function"}],"tool_choice":"auto")",
                                                    R"([{"role":"system","content":"s"},{"role":"assistant","content":"hello"},{"role":"user","content":"a"},{"role":"user","content":[{"type":"text","text":"b"}]},)"
                                                    R"({"role":"assistant","content":null,"tool_calls":[{"id":"x"}]},{"role":"tool","tool_call_id":"x","content":"r"}])"));
        QStringList roles;
        for (const QJsonValue &message : messagesOf(e))
            roles << message[QStringLiteral("role")].toString();
        QCOMPARE(roles, recordings::strings({"system", "user", "assistant", "user"}));
        QCOMPARE(messagesOf(e)[3][QStringLiteral("content")].toArray().size(), 3);
        QCOMPARE(e.dropped, (std::vector<std::string> {"tools", "tool_choice"}));
    }

    void rolesAreGivenOnce()
    {
        const Rewritten r = rewriteStream("openrouter", chunkOf(R"({"role":"assistant","content":""})") + chunkOf(R"({"role":"assistant","content":"a"})") + chunkOf(R"({"content":"b"})") + "data: [DONE]\n\n");
        QCOMPARE(r.changed, 1);
        QCOMPARE(deltaOf(r.chunks[0])[QStringLiteral("role")].toString(), QStringLiteral("assistant"));
        QVERIFY(!deltaOf(r.chunks[1]).toObject().contains(QStringLiteral("role")));
        QCOMPARE(deltaOf(r.chunks[1])[QStringLiteral("content")].toString(), QStringLiteral("a"));
    }

    void toolCallsAreNumberedFromZero()
    {
        const auto call = [](const char *inner) { return chunkOf(std::string("{\"tool_calls\":[{") + inner + "}]}"); };
        const Rewritten r = rewriteStream("openai-compatible", call(R"("index":1,"id":"a","type":"function","function":{"name":"f","arguments":""})") + call(R"("index":1,"id":"","function":{"name":"","arguments":"x"})")
                                              + call(R"("index":1,"id":"b","function":{"name":"g","arguments":{"k":1}})") + call(R"("function":{"arguments":"z"})") + call(R"("id":"","function":{"name":"h","arguments":""},"index":7)"));
        QCOMPARE(r.chunks.size(), std::size_t(5));
        const auto at = [&](std::size_t i) { return deltaOf(r.chunks[i])[QStringLiteral("tool_calls")][0].toObject(); };
        QCOMPARE(at(0)[QStringLiteral("index")].toInt(), 0);
        QCOMPARE(at(1)[QStringLiteral("index")].toInt(), 0);
        QVERIFY(!at(1).contains(QStringLiteral("id")) && !at(1)[QStringLiteral("function")].toObject().contains(QStringLiteral("name")));
        QCOMPARE(at(2)[QStringLiteral("index")].toInt(), 1);
        QCOMPARE(at(2)[QStringLiteral("type")].toString(), QStringLiteral("function"));
        QCOMPARE(at(2)[QStringLiteral("function")][QStringLiteral("arguments")].toString(), QString::fromUtf8("{\"k\":1}"));
        QCOMPARE(at(3)[QStringLiteral("index")].toInt(), 1);
        QCOMPARE(at(4)[QStringLiteral("index")].toInt(), 2);
        QVERIFY(at(4)[QStringLiteral("id")].toString().startsWith(QStringLiteral("call_")));
    }

    void contentArraysBecomeTextAndReasoning()
    {
        const Rewritten r = rewriteStream("mistral", chunkOf(R"({"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]})") + chunkOf(R"({"content":[{"type":"text","text":"a"}]})")
                                              + chunkOf(R"({"content":"b"})", R"(,"finish_reason":"model_length")"));
        QCOMPARE(deltaOf(r.chunks[0])[QStringLiteral("reasoning_content")].toString(), QStringLiteral("hm"));
        QVERIFY(deltaOf(r.chunks[0])[QStringLiteral("content")].isNull());
        QCOMPARE(deltaOf(r.chunks[1])[QStringLiteral("content")].toString(), QStringLiteral("a"));
        QCOMPARE(r.chunks[2][QStringLiteral("choices")][0][QStringLiteral("finish_reason")].toString(), QStringLiteral("length"));
        const auto answer = rewritten(*findProviderKind("mistral"), Endpoint::ChatCompletions, R"({"object":"chat.completion","choices":[{"message":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"a"}]},"finish_reason":"stop"}]})");
        QVERIFY(answer);
        const QJsonValue message = QJsonDocument::fromJson(QByteArray::fromStdString(*answer)).object()[QStringLiteral("choices")][0][QStringLiteral("message")];
        QCOMPARE(message[QStringLiteral("content")].toString(), QStringLiteral("a"));
        QCOMPARE(message[QStringLiteral("reasoning_content")].toString(), QStringLiteral("hm"));
    }

    void reasoningIsFoundUnderOneName()
    {
        const Rewritten r = rewriteStream("groq", chunkOf(R"({"reasoning":"hm","channel":"analysis"})") + chunkOf(R"({"content":"a"})") + chunkOf(R"({"reasoning":null})") + chunkOf(R"({"reasoning":"x","reasoning_content":"x"})"));
        QCOMPARE(deltaOf(r.chunks[0])[QStringLiteral("reasoning_content")].toString(), QStringLiteral("hm"));
        QCOMPARE(deltaOf(r.chunks[0])[QStringLiteral("reasoning")].toString(), QStringLiteral("hm")); // for programs that know this one
        QCOMPARE(r.changed, 1);
        const auto whole = rewritten(*findProviderKind("openrouter"), Endpoint::ChatCompletions, R"({"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"a","reasoning":"hm"},"finish_reason":"stop"}]})");
        QVERIFY(whole && whole->find(R"("reasoning":"hm","reasoning_content":"hm")") != std::string::npos);
        QVERIFY(!rewritten(*findProviderKind("groq"), Endpoint::ChatCompletions, R"({"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"a"},"finish_reason":"stop"}]})"));
    }

    void whatNeedsNoChangeStaysByteForByte()
    {
        const std::string plain = chunkOf("{\"content\":\"the \\\"role\\\" of eos\"}") + ": comment\n\n" + chunkOf("{}", R"(,"finish_reason":"stop")") + "data: [DONE]\n\n";
        for (const ProviderKind &kind : providerKinds())
            QCOMPARE(rewriteStream(std::string(kind.name).c_str(), plain).changed, 0);
        for (const ProviderKind &kind : providerKinds())
            QVERIFY(!rewritten(kind, Endpoint::ChatCompletions, R"({"object":"chat.completion","choices":[{"message":{"content":"a"},"finish_reason":"stop"}]})"));
        QVERIFY(!StreamRewriter::needed(*findProviderKind("openai")));
        QVERIFY(!StreamRewriter::needed(*findProviderKind("llamacpp")));
    }

    void recordedStreamsReadLikeOpenAis_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("kind");
        if (!recordings::present())
            QSKIP(recordings::absent);
        const std::pair<const char *, const char *> rows[] {
            {"perplexity/stream-crlf.sse", "perplexity"}, {"perplexity/text-stream.sse", "perplexity"}, {"mistral/reasoning-stream.sse", "mistral"}, {"mistral/tool-call-stream.sse", "mistral"},
            {"openrouter/reasoning-stream.sse", "openrouter"}, {"openrouter/tool-call-stream.sse", "openrouter"}, {"moonshot/stream.sse", "moonshot"}, {"alibaba/tool-call-stream.sse", "alibaba"},
            {"openai-chat/compat-anthropic-tool-index1-stream.sse", "openai-compatible"}, {"vllm/gpustack-stream.sse", "openai-compatible"}, {"groq/reasoning-tool-stream.sse", "groq"},
            {"deepseek/tool-call-stream.sse", "deepseek"}, {"xai/text-stream.sse", "xai"}, {"ollama/compat-stream.sse", "ollama"}};
        for (const auto &[file, kind] : rows)
            QTest::newRow(file) << QString::fromUtf8(file) << QByteArray(kind);
    }

    void recordedStreamsReadLikeOpenAis()
    {
        QFETCH(QString, file);
        QFETCH(QByteArray, kind);
        const AnswerFixes &fixes = findProviderKind(kind.toStdString())->dialect.answer;
        const Rewritten r = rewriteStream(kind.constData(), recordings::read(file));
        QVERIFY(r.chunks.size() > 1);
        int roles = 0;
        std::set<int> indexes;
        for (const QJsonObject &chunk : r.chunks) {
            if (fixes.object)
                QCOMPARE(chunk[QStringLiteral("object")].toString(), QStringLiteral("chat.completion.chunk"));
            if (chunk[QStringLiteral("choices")].toArray().isEmpty())
                continue;
            const QJsonObject delta = deltaOf(chunk).toObject();
            roles += delta.contains(QStringLiteral("role"));
            QVERIFY(!delta[QStringLiteral("content")].isArray());
            QVERIFY(!chunk[QStringLiteral("choices")][0].toObject().contains(QStringLiteral("message")));
            for (const QJsonValue &call : delta[QStringLiteral("tool_calls")].toArray()) {
                const int index = call[QStringLiteral("index")].toInt(-1);
                const bool first = indexes.insert(index).second;
                QVERIFY(first || call[QStringLiteral("id")].toString(QStringLiteral("x")) != QString());
                QVERIFY(first || call[QStringLiteral("function")][QStringLiteral("name")].toString(QStringLiteral("x")) != QString());
                QVERIFY(!first || !call[QStringLiteral("id")].toString().isEmpty());
            }
        }
        if (fixes.roleOnce)
            QCOMPARE(roles, 1);
        if (!indexes.empty())
            QCOMPARE(*indexes.begin(), 0);
    }

    void recordedAnswersReadLikeOpenAis()
    {
        if (!recordings::present())
            QSKIP(recordings::absent);
        const auto eos = rewritten(*findProviderKind("together"), Endpoint::ChatCompletions, recordings::read(QStringLiteral("together/text.json")));
        QVERIFY(eos && eos->find("\"finish_reason\":\"stop\"") != std::string::npos);
        const auto emptyId = rewritten(*findProviderKind("openai-compatible"), Endpoint::ChatCompletions, recordings::read(QStringLiteral("openai-chat/compat-gemini-empty-tool-id.json")));
        QVERIFY(emptyId && emptyId->find("\"id\":\"call_") != std::string::npos);
        QVERIFY(emptyId->find("thought_signature") != std::string::npos);
    }

    void foreignSealsGoToRelaysOnly()
    {
        const std::string messages = R"([{"role":"user","content":"hi"},{"role":"assistant","content":null,)"
                                     R"("reasoning_details":[{"type":"reasoning.encrypted","data":"s1"}],)"
                                     R"("tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"s2"}}}]},)"
                                     R"({"role":"tool","tool_call_id":"c","content":"4"}])";
        const std::string body = chat("", messages);
        for (const char *kind : {"groq", "openai"}) {
            const Encoded strict = encode(kind, body);
            QVERIFY2(strict.ok, strict.error.message.c_str());
            QVERIFY(!strict.text.contains("s1") && !strict.text.contains("s2"));
            QCOMPARE(messagesOf(strict)[1][QStringLiteral("tool_calls")][0][QStringLiteral("id")].toString(), QStringLiteral("c"));
            QCOMPARE(messagesOf(strict).size(), 3);
        }
        for (const char *kind : {"openrouter", "openai-compatible"}) {
            const Encoded relay = encode(kind, body);
            QVERIFY2(relay.ok, relay.error.message.c_str());
            QVERIFY(relay.text.contains(messages));
        }
    }
};

QTEST_APPLESS_MAIN(tst_Dialect)
#include "tst_dialect.moc"
