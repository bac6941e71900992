// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/answer_scan.h"
#include "gateway/wire/chat_stream_scan.h"
#include "gateway/wire/sse_parser.h"
#include "recordings.h"

#include <QTest>

using namespace gateway;
using namespace gateway::wire;

namespace {

/// What a client makes of a stream: the text of choice 0, and what the scan told.
struct Decoded
{
    std::string raw;     ///< all events' raw bytes joined
    std::string relayed; ///< what a caller who asked for no usage gets
    QString text;
    QString reasoning;
    std::string toolArguments;
    std::vector<ChunkInfo::Kind> kinds;
    int events = 0;
    ChatStreamScan scan;
    bool tooLarge = false;
};

void take(const SseEvent &event, Decoded &out)
{
    out.raw += event.raw;
    const ChunkInfo chunk = out.scan.onEvent(event);
    out.kinds.push_back(chunk.kind);
    if (relayOf(chunk, false) == Relay::Pass)
        out.relayed += event.raw;
    out.events += event.hasData;
    const QJsonObject object = QJsonDocument::fromJson(QByteArray(event.data.data(), static_cast<qsizetype>(event.data.size()))).object();
    for (const QJsonValue &choice : object[QStringLiteral("choices")].toArray()) {
        const QJsonValue delta = choice[QStringLiteral("delta")];
        out.text += delta[QStringLiteral("content")].toString();
        out.reasoning += delta[QStringLiteral("reasoning_content")].toString() + delta[QStringLiteral("reasoning")].toString();
        for (const QJsonValue &call : delta[QStringLiteral("tool_calls")].toArray())
            out.toolArguments += call[QStringLiteral("function")][QStringLiteral("arguments")].toString().toStdString();
    }
}

/// Feeds a stream in reads that end at the given places.
Decoded decode(std::string_view stream, std::vector<std::size_t> cuts, std::size_t maxEvent = 4 * 1024 * 1024)
{
    Decoded out;
    SseParser parser(maxEvent);
    SseEvent event;
    cuts.push_back(stream.size());
    std::size_t at = 0;
    for (const std::size_t cut : cuts) {
        const std::string read(stream.substr(at, cut - at)); // its own memory: a view kept too long shows under asan
        at = cut;
        parser.feed(read);
        SseParser::Next next;
        while ((next = parser.next(event)) == SseParser::Event)
            take(event, out);
        if (next == SseParser::TooLarge) {
            out.tooLarge = true;
            return out;
        }
    }
    if (parser.finish(event) == SseParser::Event)
        take(event, out);
    return out;
}

std::vector<std::size_t> everyByte(std::size_t size)
{
    std::vector<std::size_t> cuts;
    for (std::size_t i = 1; i < size; ++i)
        cuts.push_back(i);
    return cuts;
}

ChunkInfo scanned(std::string_view data, std::string_view type = {})
{
    ChatStreamScan scan;
    return scan.onEvent({.raw = data, .type = type, .data = data, .hasData = true});
}

} // namespace

Q_DECLARE_METATYPE(gateway::wire::ChunkInfo::Kind)

class tst_Streams : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parserKeepsTheGrammar_data()
    {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<QStringList>("datas");
        QTest::newRow("lf") << QByteArray("data: a\n\ndata: b\n\n") << recordings::strings({"a", "b"});
        QTest::newRow("crlf") << QByteArray("data: a\r\n\r\ndata: b\r\n\r\n") << recordings::strings({"a", "b"});
        QTest::newRow("cr") << QByteArray("data: a\r\rdata: b\r\r") << recordings::strings({"a", "b"});
        QTest::newRow("mixed") << QByteArray("data: a\r\n\ndata: b\n\r\ndata: c\r\n\rdata: d\n\n") << recordings::strings({"a", "b", "c", "d"});
        QTest::newRow("no space, two spaces") << QByteArray("data:a\n\ndata:  b\n\n") << recordings::strings({"a", " b"});
        QTest::newRow("several lines") << QByteArray("data: a\ndata:\ndata: b\n\n") << recordings::strings({"a\n\nb"});
        QTest::newRow("bom") << QByteArray("\xEF\xBB\xBF" "data: a\n\n") << recordings::strings({"a"});
        QTest::newRow("comments") << QByteArray(": hello\n\n:\ndata: a\n: in between\n\n") << recordings::strings({"a"});
        QTest::newRow("other fields") << QByteArray("id: 1\nevent: x\nretry: 3\nnonsense\ndata: a\n\n") << recordings::strings({"a"});
        QTest::newRow("no blank line") << QByteArray("data: a\n\ndata: b") << recordings::strings({"a", "b"});
        QTest::newRow("one line end") << QByteArray("data: a\n\ndata: b\n") << recordings::strings({"a", "b"});
        QTest::newRow("blank lines first") << QByteArray("\n\r\n\rdata: a\n\n\n\n") << recordings::strings({"a"});
        QTest::newRow("line separators") << QByteArray("data: a\xE2\x80\xA8" "b\xC2\x85" "c\n\n") << recordings::strings({"a\xE2\x80\xA8" "b\xC2\x85" "c"});
    }

    void parserKeepsTheGrammar()
    {
        QFETCH(QByteArray, stream);
        QFETCH(QStringList, datas);
        const std::string_view bytes(stream.data(), static_cast<std::size_t>(stream.size()));
        std::vector<std::vector<std::size_t>> ways {{}, everyByte(bytes.size())};
        for (std::size_t i = 1; i < bytes.size(); ++i)
            ways.push_back({i});
        for (const auto &cuts : ways) {
            QStringList seen;
            std::string raw;
            SseParser parser;
            SseEvent event;
            std::size_t at = 0;
            auto all = cuts;
            all.push_back(bytes.size());
            for (const std::size_t cut : all) {
                const std::string read(bytes.substr(at, cut - at));
                at = cut;
                parser.feed(read);
                while (parser.next(event) == SseParser::Event) {
                    raw += event.raw;
                    if (event.hasData)
                        seen << QString::fromUtf8(event.data.data(), static_cast<qsizetype>(event.data.size()));
                }
            }
            if (parser.finish(event) == SseParser::Event) {
                QVERIFY(!event.terminated);
                raw += event.raw;
                if (event.hasData)
                    seen << QString::fromUtf8(event.data.data(), static_cast<qsizetype>(event.data.size()));
            }
            QCOMPARE(seen, datas);
            QCOMPARE(QByteArray::fromStdString(raw), stream);
        }
    }

    void aWholeEventIsNotCopied()
    {
        const std::string stream = "data: abc\n\ndata: d";
        SseParser parser;
        SseEvent event;
        parser.feed(stream);
        QCOMPARE(parser.next(event), SseParser::Event);
        QVERIFY(event.data.data() == stream.data() + 6);
        QCOMPARE(parser.next(event), SseParser::NeedMore);
        QCOMPARE(parser.buffered(), std::size_t(7));
    }

    void anEventEndsWithTheCrOfItsBlankLine()
    {
        SseParser parser;
        SseEvent event;
        parser.feed("data: a\r\n\r");
        QCOMPARE(parser.next(event), SseParser::Event); // not held back until the LF comes
        QCOMPARE(event.data, std::string_view("a"));
        QCOMPARE(parser.next(event), SseParser::NeedMore);
        parser.feed("\ndata: b\n\n");
        QCOMPARE(parser.next(event), SseParser::Event);
        QCOMPARE(event.data, std::string_view("b"));
    }

    void anEventOverTheLimitEndsTheStream()
    {
        const std::string stream = "data: a\n\ndata: " + std::string(2000, 'x') + "\n\n";
        QVERIFY(decode(stream, {}, 1000).tooLarge);
        QVERIFY(decode(stream, everyByte(stream.size()), 1000).tooLarge);
        QVERIFY(!decode(stream, everyByte(stream.size()), 3000).tooLarge);
    }

    void tellsWhatCommits_data()
    {
        QTest::addColumn<QByteArray>("data");
        QTest::addColumn<ChunkInfo::Kind>("kind");
        using Kind = ChunkInfo::Kind;
        const auto choice = [](const char *inner) { return QByteArray("{\"id\":\"x\",\"choices\":[{\"index\":0,") + inner + "}]}"; };
        QTest::newRow("role only") << choice(R"("delta":{"role":"assistant"},"finish_reason":null)") << Kind::Nothing;
        QTest::newRow("role and empty content") << choice(R"("delta":{"role":"assistant","content":"","refusal":null})") << Kind::Nothing;
        QTest::newRow("null content") << choice(R"("delta":{"content":null})") << Kind::Nothing;
        QTest::newRow("empty tool list") << choice(R"("delta":{"content":"","tool_calls":[]})") << Kind::Nothing;
        QTest::newRow("empty reasoning") << choice(R"("delta":{"reasoning_content":"","reasoning":null,"reasoning_details":[ ]})") << Kind::Nothing;
        QTest::newRow("no delta") << choice(R"("content_filter_results":{})") << Kind::Nothing;
        QTest::newRow("finish") << choice(R"("delta":{},"finish_reason":"stop")") << Kind::Nothing;
        QTest::newRow("prompt filter") << QByteArray(R"({"choices":[],"prompt_filter_results":[{"a":1}]})") << Kind::Nothing;
        QTest::newRow("null usage") << QByteArray(R"({"choices":[],"usage":null})") << Kind::Nothing;
        QTest::newRow("cumulative message") << choice(R"("message":{"content":"all so far"},"delta":{"content":""})") << Kind::Nothing;
        QTest::newRow("content") << choice(R"("delta":{"content":"a"})") << Kind::Content;
        QTest::newRow("space") << choice(R"("delta":{"content":" "})") << Kind::Content;
        QTest::newRow("refusal") << choice(R"("delta":{"refusal":"No"})") << Kind::Content;
        QTest::newRow("reasoning_content") << choice(R"("delta":{"reasoning_content":"hm"})") << Kind::Content;
        QTest::newRow("reasoning") << choice(R"("delta":{"reasoning":"hm"})") << Kind::Content;
        QTest::newRow("tool call") << choice(R"("delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":""}}]})") << Kind::Content;
        QTest::newRow("content array") << choice(R"("delta":{"content":[{"type":"thinking","thinking":[]}]})") << Kind::Content;
        QTest::newRow("completion text") << choice(R"("text":"a")") << Kind::Content;
        QTest::newRow("completion empty") << choice(R"("text":"")") << Kind::Nothing;
        QTest::newRow("usage") << QByteArray(R"({"choices":[],"usage":{"prompt_tokens":1}})") << Kind::UsageOnly;
        QTest::newRow("usage, no choices") << QByteArray(R"({"usage":{"prompt_tokens":1}})") << Kind::UsageOnly;
        QTest::newRow("usage beside a choice") << QByteArray(R"({"choices":[{"delta":{}}],"usage":{"prompt_tokens":1}})") << Kind::Nothing;
        QTest::newRow("the word usage in text") << choice("\"delta\":{\"content\":\"\\\"usage\\\":{\\\"prompt_tokens\\\":9}, \\\"error\\\":{}\"}") << Kind::Content;
        QTest::newRow("error") << QByteArray(R"({"error":{"message":"x"}})") << Kind::Error;
        QTest::newRow("error as text") << QByteArray(R"({"error":"x"})") << Kind::Error;
        QTest::newRow("error beside choices") << QByteArray(R"({"choices":[{"delta":{"content":""},"finish_reason":"error"}],"error":{"code":502}})") << Kind::Error;
        QTest::newRow("null error") << choice(R"("delta":{"content":"a"}}],"error":null,"x":[{"y":1)") << Kind::Content;
        QTest::newRow("flat error") << QByteArray(R"({"object":"error","message":"x","code":400})") << Kind::Error;
        QTest::newRow("provider gave up") << choice(R"("delta":{},"finish_reason":"insufficient_system_resource")") << Kind::Error;
        QTest::newRow("done") << QByteArray("[DONE]") << Kind::Done;
        QTest::newRow("cut") << QByteArray("{\"id\":\"x\",\"choices\":[{\"delta\":{\"content\":\"a") << Kind::Malformed;
        QTest::newRow("html") << QByteArray("<html>") << Kind::Malformed;
        QTest::newRow("array") << QByteArray("[1]") << Kind::Malformed;
        QTest::newRow("empty") << QByteArray("") << Kind::Nothing;
    }

    void tellsWhatCommits()
    {
        QFETCH(QByteArray, data);
        QFETCH(ChunkInfo::Kind, kind);
        QCOMPARE(scanned({data.data(), static_cast<std::size_t>(data.size())}).kind, kind);
    }

    void anEventOfTypeErrorIsOne()
    {
        QCOMPARE(scanned("whatever", "error").kind, ChunkInfo::Kind::Error);
    }

    void usageIsFoundWhereverItIs_data()
    {
        QTest::addColumn<QByteArray>("data");
        QTest::newRow("top") << QByteArray(R"({"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}})");
        QTest::newRow("finishing chunk") << QByteArray(R"({"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4}})");
        QTest::newRow("x_groq") << QByteArray(R"({"choices":[{"delta":{}}],"x_groq":{"id":"r","usage":{"prompt_tokens":3,"completion_tokens":4}}})");
        QTest::newRow("choice") << QByteArray(R"({"choices":[{"delta":{},"usage":{"prompt_tokens":3,"completion_tokens":4}}]})");
    }

    void usageIsFoundWhereverItIs()
    {
        QFETCH(QByteArray, data);
        ChatStreamScan scan;
        const std::string_view text(data.data(), static_cast<std::size_t>(data.size()));
        const ChunkInfo chunk = scan.onEvent({.raw = text, .data = text, .hasData = true});
        QCOMPARE(chunk.usage.in(text), std::string_view(R"({"prompt_tokens":3,"completion_tokens":4})"));
        QVERIFY(scan.usage());
        QCOMPARE(scan.usage()->input, 3);
        QCOMPARE(scan.usage()->output, 4);
        QCOMPARE(scan.usageChunkSeen(), chunk.kind == ChunkInfo::Kind::UsageOnly);
    }

    void withoutUsageTheTextIsEstimated()
    {
        const Decoded d = decode("data: {\"choices\":[{\"delta\":{\"content\":\"abcdefgh\"},\"finish_reason\":\"stop\"}]}\n\n", {});
        const TokenUsage usage = d.scan.usageOrEstimate(11);
        QVERIFY(usage.estimated);
        QCOMPARE(usage.input, 11);
        QCOMPARE(usage.output, 2);
    }

    void theUsageChunkGoesOnlyToThoseWhoAsked()
    {
        const std::string_view data = R"({"id":"c","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}})";
        const SseEvent event {.raw = data, .data = data, .hasData = true};
        ChatStreamScan scan;
        const ChunkInfo chunk = scan.onEvent(event);
        QCOMPARE(relayOf(chunk, false), Relay::Drop);
        QCOMPARE(relayOf(chunk, true), Relay::WithCost);
        QCOMPARE(usageChunkWithCost(event, chunk, Money::fromNanos(1'230'000)),
                 std::string("data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3,\"cost\":0.00123}}\n\n"));
        QCOMPARE(usageChunkWithCost(event, chunk, std::nullopt), "data: " + std::string(data) + "\n\n");
        // In a chunk of another kind it is taken out for them: it comes once.
        const std::string_view last = R"({"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1},"x":2})";
        const SseEvent finishing {.raw = last, .data = last, .hasData = true};
        ChatStreamScan another;
        const ChunkInfo finish = another.onEvent(finishing);
        QCOMPARE(relayOf(finish, false), Relay::Pass);
        QCOMPARE(relayOf(finish, true), Relay::WithoutUsage);
        QCOMPARE(withoutUsage(finishing, finish), std::string(R"({"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null,"x":2})"));
        QCOMPARE(relayOf(scanned(R"({"choices":[{"delta":{}}],"x_groq":{"usage":{"prompt_tokens":1}}})"), true), Relay::Pass);
        QCOMPARE(dataEvent("a\nb"), std::string("data: a\ndata: b\n\n"));
        const std::string own = makeUsageChunk(scan.id(), "m \"x\"", 5, *scan.usage(), Money::fromNanos(5), Endpoint::ChatCompletions);
        const QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(own).mid(6).trimmed()).object();
        QCOMPARE(object[QStringLiteral("id")].toString(), QStringLiteral("c"));
        QVERIFY(object[QStringLiteral("choices")].toArray().isEmpty());
        QCOMPARE(object[QStringLiteral("usage")][QStringLiteral("total_tokens")].toInt(), 3);
        QCOMPARE(object[QStringLiteral("usage")][QStringLiteral("cost")].toDouble(), 5e-9);
    }

    void aCostThatIsThereIsReplaced()
    {
        QCOMPARE(withCost(R"({"cost":{"total":1},"prompt_tokens":2})", Money::fromNanos(0)), std::string(R"({"prompt_tokens":2,"cost":0})"));
        QCOMPARE(withCost("{}", Money::fromNanos(1'000'000'000)), std::string(R"({"cost":1})"));
    }

    void everyFormOfTheSameStreamGivesTheSameText_data()
    {
        QTest::addColumn<QString>("file");
        if (!recordings::present())
            QSKIP(recordings::absent);
        for (const recordings::Entry &entry : recordings::index(QStringLiteral("synthetic/index.json"))) {
            if (entry.file.contains(QLatin1String("/sse-")))
                QTest::newRow(qPrintable(entry.file)) << entry.file;
        }
    }

    void everyFormOfTheSameStreamGivesTheSameText()
    {
        QFETCH(QString, file);
        const std::string stream = recordings::read(file);
        QString expected = QString::fromUtf8("Grüße, 世界 🌍");
        if (file.contains(QLatin1String("u2028")))
            expected = QString::fromUtf8("a\u2028b\u2029c\u0085d");
        else if (file.contains(QLatin1String("surrogate")))
            expected = QString::fromUtf8("🌍");
        std::vector<std::vector<std::size_t>> ways {{}, everyByte(stream.size())};
        for (std::size_t i = 1; i < stream.size(); ++i)
            ways.push_back({i});
        for (const auto &cuts : ways) {
            const Decoded d = decode(stream, cuts);
            QCOMPARE(d.text, expected);
            QVERIFY(d.scan.whole() && d.scan.finishSeen());
            QCOMPARE(d.scan.doneSeen(), !file.contains(QLatin1String("no-done")));
            QCOMPARE(d.raw, stream);
            QCOMPARE(d.relayed, stream);
        }
    }

    void everyChoiceThatBeganMustEnd()
    {
        const std::string one = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}\n\n";
        const std::string begun = "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"b\"},\"finish_reason\":null}]}\n\n";
        const std::string ended = "data: {\"choices\":[{\"index\":1,\"delta\":{},\"finish_reason\":\"length\"}]}\n\n";
        QVERIFY(decode(one, {}).scan.whole());
        QVERIFY(!decode(begun + one, {}).scan.whole());
        QVERIFY(decode(begun + one + ended, {}).scan.whole());
        QVERIFY(decode(begun + one + "data: [DONE]\n\n", {}).scan.whole());
    }

    void aCutStreamIsNotWhole()
    {
        if (!recordings::present())
            QSKIP(recordings::absent);
        const Decoded cut = decode(recordings::read(QStringLiteral("synthetic/openai-truncated.sse")), {});
        QVERIFY(!cut.scan.whole());
        QVERIFY(cut.scan.contentSeen());
        QCOMPARE(cut.kinds.back(), ChunkInfo::Kind::Malformed);
        for (const QString &file : {QStringLiteral("synthetic/openai-error-midstream.sse"), QStringLiteral("groq/error-midstream.sse"),
                                    QStringLiteral("openrouter/error-midstream.sse")}) {
            const Decoded d = decode(recordings::read(file), {});
            QVERIFY2(std::count(d.kinds.begin(), d.kinds.end(), ChunkInfo::Kind::Error) == 1, qPrintable(file));
            QVERIFY2(!d.scan.finishSeen() || file.startsWith(QLatin1String("openrouter")), qPrintable(file)); // that one finished before it
        }
        const Decoded usage = decode(recordings::read(QStringLiteral("synthetic/openai-usage-empty-choices.sse")), {});
        QVERIFY(usage.scan.usage() && usage.scan.usageChunkSeen());
        QVERIFY(usage.relayed.find("\"usage\":{") == std::string::npos);
        QVERIFY(usage.relayed.ends_with("data: [DONE]\n\n"));
    }

    void everyRecordedStreamEndsWholeWithTextAndUsage_data()
    {
        QTest::addColumn<QString>("file");
        if (!recordings::present())
            QSKIP(recordings::absent);
        const QStringList providers = recordings::strings({"openai-chat/", "mistral/", "groq/", "deepseek/", "xai/", "openrouter/", "perplexity/", "ollama/compat", "vllm/", "moonshot/", "alibaba/", "cerebras/"});
        for (const recordings::Entry &entry : recordings::index(QStringLiteral("index.json"))) {
            const bool ours = std::any_of(providers.begin(), providers.end(), [&](const QString &prefix) { return entry.file.startsWith(prefix); });
            if (ours && entry.file.endsWith(QLatin1String(".sse")) && !entry.file.contains(QLatin1String("error")))
                QTest::newRow(qPrintable(entry.file)) << entry.file;
        }
    }

    void everyRecordedStreamEndsWholeWithTextAndUsage()
    {
        QFETCH(QString, file);
        const std::string stream = recordings::read(file);
        const Decoded whole = decode(stream, {});
        QVERIFY(whole.scan.whole() && whole.scan.contentSeen());
        QVERIFY(!whole.text.isEmpty() || !whole.toolArguments.empty() || file.contains(QLatin1String("reasoning")));
        QVERIFY(!whole.scan.finishReason().empty());
        QCOMPARE(whole.raw, stream);
        QCOMPARE(std::count(whole.kinds.begin(), whole.kinds.end(), ChunkInfo::Kind::Malformed), 0);
        const QStringList withoutUsage = recordings::strings({"nousage", "openai-chat/tool-call-stream", "openai-chat/compat-anthropic", "gpustack", "openai-chat/parallel"});
        const bool expected = std::none_of(withoutUsage.begin(), withoutUsage.end(), [&](const QString &name) { return file.contains(name); });
        if (expected)
            QVERIFY(whole.scan.usage() && whole.scan.usage()->input > 0);
        std::vector<std::size_t> cuts;
        for (std::size_t i = 7; i < stream.size(); i += 13)
            cuts.push_back(i);
        const Decoded pieces = decode(stream, cuts);
        QCOMPARE(pieces.text, whole.text);
        QCOMPARE(pieces.toolArguments, whole.toolArguments);
        QCOMPARE(pieces.raw, stream);
    }

    void xaiCountsItsReasoningApart()
    {
        const auto usage = readUsage(R"({"prompt_tokens":12,"completion_tokens":1,"total_tokens":241,"completion_tokens_details":{"reasoning_tokens":228}})");
        QCOMPARE(usage->output, 229);
        QCOMPARE(usage->reasoning, 228);
        const auto openAi = readUsage(R"({"prompt_tokens":12,"completion_tokens":300,"total_tokens":312,"completion_tokens_details":{"reasoning_tokens":228}})", ReasoningCount::Separate);
        QCOMPARE(openAi->output, 300);
        const auto noTotal = readUsage(R"({"prompt_tokens":12,"completion_tokens":300,"completion_tokens_details":{"reasoning_tokens":228}})", ReasoningCount::Separate);
        QCOMPARE(noTotal->output, 528);
    }

    void usageReadsCachesInEverySpelling()
    {
        QCOMPARE(readUsage(R"({"prompt_tokens":10,"prompt_tokens_details":{"cached_tokens":4}})")->cachedInput, 4);
        QCOMPARE(readUsage(R"({"prompt_tokens":10,"prompt_cache_hit_tokens":4,"prompt_cache_miss_tokens":6})")->cachedInput, 4);
        const auto written = readUsage(R"({"prompt_tokens":10,"cache_read_input_tokens":2,"cache_creation_input_tokens":5,"cache_creation":{"ephemeral_5m_input_tokens":1,"ephemeral_1h_input_tokens":4}})");
        QCOMPARE(written->cachedInput, 2);
        QCOMPARE(written->cacheWrite, 1);
        QCOMPARE(written->cacheWrite1h, 4);
        QCOMPARE(readUsage(R"({"prompt_tokens":10,"prompt_tokens_details":{"cached_tokens":40}})")->cachedInput, 10);
        QCOMPARE(readUsage(R"({"prompt_tokens":-5,"completion_tokens":1e2})")->output, 100);
        QCOMPARE(readUsage(R"({"total_tokens":7,"completion_tokens":2})")->input, 5);
        QVERIFY(!readUsage("null") && !readUsage("{}") && !readUsage(R"({"prompt_tokens":null})") && !readUsage(R"({"prompt_tokens":)"));
    }

    void answersAreToldFromWhatIsNone_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("kind");
        const auto row = [](const char *name, QByteArray body, AnswerScan::Kind kind) { QTest::newRow(name) << body << static_cast<int>(kind); };
        row("answer", R"({"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]})", AnswerScan::Kind::Answer);
        row("blank lines before", "\n\n\n{\"choices\":[{\"message\":{\"content\":\"hi\"}}],\"error\":null}", AnswerScan::Kind::Answer);
        row("error", R"({"error":{"message":"x","code":502}})", AnswerScan::Kind::ErrorObject);
        row("error beside choices", R"({"choices":[],"error":{"message":"x"}})", AnswerScan::Kind::ErrorObject);
        row("error in a choice", R"({"choices":[{"error":{"code":502},"message":{"content":""}}]})", AnswerScan::Kind::ErrorObject);
        row("flat error", R"({"object":"error","message":"x"})", AnswerScan::Kind::ErrorObject);
        row("detail", R"({"detail":"x"})", AnswerScan::Kind::ErrorObject);
        row("empty", "", AnswerScan::Kind::Malformed);
        row("blank", " \n", AnswerScan::Kind::Malformed);
        row("html", "<html></html>", AnswerScan::Kind::Malformed);
        row("array", "[]", AnswerScan::Kind::Malformed);
        row("text", "OK", AnswerScan::Kind::Malformed);
        row("object without choices", "{\"id\":1}", AnswerScan::Kind::Malformed);
        row("cut in a string", "{\"choices\":[{\"message\":{\"content\":\"hi", AnswerScan::Kind::Malformed);
        row("cut behind a member", R"({"choices":[{"message":{"content":"hi"}}])", AnswerScan::Kind::Malformed);
        row("not UTF-8", "{\"choices\":[{\"message\":{\"content\":\"\xff\"}}]}", AnswerScan::Kind::Malformed);
        row("more behind", R"({"choices":[]} {"choices":[]})", AnswerScan::Kind::Malformed);
    }

    void answersAreToldFromWhatIsNone()
    {
        QFETCH(QByteArray, body);
        QFETCH(int, kind);
        std::string text = body.toStdString();
        const AnswerScan scan = scanAnswer(text, Endpoint::ChatCompletions);
        QCOMPARE(static_cast<int>(scan.kind), kind);
        QCOMPARE(scan.why.empty(), scan.kind != AnswerScan::Kind::Malformed);
    }

    void everyPrefixOfAnAnswerIsMalformed()
    {
        const std::string whole = "{\"id\":\"x\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"a \\\"b\\\" [ {c\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1}}";
        for (std::size_t size = 0; size < whole.size(); ++size) {
            std::string part = whole.substr(0, size);
            QVERIFY2(scanAnswer(part, Endpoint::ChatCompletions).kind == AnswerScan::Kind::Malformed, part.c_str());
        }
        std::string text = whole;
        const AnswerScan scan = scanAnswer(text, Endpoint::ChatCompletions);
        QCOMPARE(scan.kind, AnswerScan::Kind::Answer);
        QCOMPARE(scan.finishReason, std::string("stop"));
        QCOMPARE(scan.usageObject.in(text), std::string_view(R"({"prompt_tokens":1})"));
    }

    void everyRecordedAnswerGivesUsage()
    {
        if (!recordings::present())
            QSKIP(recordings::absent);
        const QStringList providers = recordings::strings({"openai-chat/", "openai-embeddings/", "mistral/", "groq/", "deepseek/", "xai/", "openrouter/", "perplexity/", "ollama/compat", "vllm/", "moonshot/", "cerebras/", "together/"});
        int seen = 0;
        for (const recordings::Entry &entry : recordings::index(QStringLiteral("index.json"))) {
            const bool ours = std::any_of(providers.begin(), providers.end(), [&](const QString &prefix) { return entry.file.startsWith(prefix); });
            const bool native = entry.file.contains(QLatin1String("cohere")) || entry.file.contains(QLatin1String("bedrock")) || entry.file.contains(QLatin1String("gemini.json"));
            if (!ours || native || !entry.file.endsWith(QLatin1String(".json")) || entry.status != 200)
                continue;
            const std::string body = recordings::read(entry.file);
            const Endpoint endpoint = body.find("\"embedding\"") != std::string::npos ? Endpoint::Embeddings : Endpoint::ChatCompletions;
            const AnswerScan scan = scanAnswer(body, endpoint);
            QVERIFY2(scan.kind == AnswerScan::Kind::Answer, qPrintable(entry.file + QLatin1String(": ") + QString::fromStdString(scan.why)));
            QVERIFY2(scan.usage && scan.usage->input > 0, qPrintable(entry.file));
            QVERIFY2(scan.text.empty(), qPrintable(entry.file)); // nothing has to be estimated
            ++seen;
        }
        QVERIFY(seen > 25);
    }
};

QTEST_APPLESS_MAIN(tst_Streams)
#include "tst_streams.moc"
