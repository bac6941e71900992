// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/embeddings_translation.h"
#include "gateway/providers/provider_site.h"
#include "gateway/providers/translate.h"
#include "gateway/wire/codecs.h"
#include "gateway/wire/embeddings/openai_answer.h"
#include "gateway/wire/event_framing.h"
#include "gateway/wire/upstream_error.h"
#include "gateway/wire/utf8.h"
#include "tests/gateway/wire/answer_summary.h"
#include "tests/gateway/wire/recorded_cases.h"

#include <QRegularExpression>
#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>

using namespace gateway;
using namespace gateway::wire;
using recordings::Case;

namespace {

constexpr std::size_t largestEvent = 16 * 1024 * 1024;

/// Every event that has data, as text: what a decoder would be given.
class EventText
{
public:
    std::string text;
    std::vector<std::size_t> ends; ///< of the stream's bytes fed so far, where an event came out; only of feed()

    explicit EventText(FramingKind kind) : m_framing(makeFraming(kind, largestEvent)) {}

    void feed(std::string_view bytes)
    {
        m_framing->feed(bytes);
        m_fed += bytes.size();
        FramedEvent event;
        for (auto next = m_framing->next(event); next != EventFraming::Next::NeedMore && !m_over; next = m_framing->next(event)) {
            m_over = next != EventFraming::Next::Event;
            take(next, event);
            ends.push_back(m_fed);
        }
    }

    void finish()
    {
        FramedEvent event;
        if (!m_over)
            take(m_framing->finish(event), event);
    }

private:
    void take(EventFraming::Next next, const FramedEvent &event)
    {
        if (next == EventFraming::Next::Event && event.hasData)
            text.append(event.type).append(1, '\x1f').append(event.data).append(1, '\x1e');
        else if (next == EventFraming::Next::Broken || next == EventFraming::Next::TooLarge)
            text.append("broken\x1e");
    }

    std::unique_ptr<EventFraming> m_framing;
    std::size_t m_fed = 0;
    bool m_over = false;
};

std::string eventsOf(FramingKind kind, std::string_view stream, std::size_t cut)
{
    EventText events(kind);
    const std::string first(stream.substr(0, cut)), second(stream.substr(cut)); // each in memory of its own
    events.feed(first);
    events.feed(second);
    events.finish();
    return events.text;
}

/// Decodes a stream as the gateway does, in reads of so many bytes.
void decodeStream(const Case &from, const std::string &stream, std::size_t step, ChatEventSink &out)
{
    const auto decoder = from.decoder();
    const auto framing = makeFraming(from.framing(), largestEvent);
    FramedEvent event;
    for (std::size_t at = 0; at < stream.size(); at += step) {
        const std::string read = stream.substr(at, step);
        framing->feed(read);
        for (auto next = framing->next(event); next != EventFraming::Next::NeedMore; next = framing->next(event)) {
            if (next != EventFraming::Next::Event)
                return out.onEvent(AnswerError {});
            if (event.hasData)
                decoder->onEvent(event.type, event.data, out);
        }
    }
    const auto last = framing->finish(event);
    if (last == EventFraming::Next::Event && event.hasData && !decoder->whole())
        decoder->onEvent(event.type, event.data, out);
    if (last == EventFraming::Next::Broken)
        return out.onEvent(AnswerError {});
    decoder->onEnd(out);
}

QJsonObject summaryOf(const Case &from, std::size_t step)
{
    AnswerSummary summary;
    const std::string bytes = recordings::read(from.file());
    if (from.isStream()) {
        decodeStream(from, bytes, step, summary);
    } else {
        const auto decoder = from.decoder();
        decoder->onBody(bytes, summary);
        decoder->onEnd(summary);
    }
    for (const QString &rule : summary.broken)
        qWarning("%s: %s", qPrintable(from.file()), qPrintable(rule));
    QJsonObject object = summary.object();
    if (!summary.broken.isEmpty())
        object[QStringLiteral("broken")] = summary.broken.join(QLatin1String(", "));
    return object;
}

QJsonObject objectOf(std::string_view text)
{
    return QJsonDocument::fromJson(QByteArray(text.data(), static_cast<qsizetype>(text.size()))).object();
}

// --- requests

Endpoint endpointOf(const QString &url)
{
    if (url.contains(QLatin1String("embed"), Qt::CaseInsensitive) || url.endsWith(QLatin1String("/invoke")))
        return Endpoint::Embeddings;
    if (url.contains(QLatin1String("/responses")))
        return Endpoint::Responses;
    if (url.contains(QLatin1String("/count_tokens")))
        return Endpoint::CountTokens;
    if (url.contains(QLatin1String("/messages")))
        return Endpoint::Messages;
    return url.contains(QLatin1String("enerateContent")) ? Endpoint::GenerateContent : Endpoint::ChatCompletions;
}

/// The provider that was called, by its address.
config::Provider providerAt(const QString &url)
{
    struct Place
    {
        const char *in, *kind;
        const char *baseUrl = "";
    };
    static constexpr std::array places {
        Place {"/v1beta/openai", "openai-compatible", "http://127.0.0.1:1/v1"}, Place {"huggingface.co", "openai-compatible", "http://127.0.0.1:1/v1"},
        Place {"GPUSTACK", "openai-compatible", "http://127.0.0.1:1/v1"}, Place {"openai.azure.com", "azure", "https://res.openai.azure.com"},
        Place {"services.ai.azure.com", "azure", "https://res.services.ai.azure.com"}, Place {"api.openai.com", "openai"}, Place {"anthropic.com", "anthropic"},
        Place {"generativelanguage", "gemini"}, Place {"aiplatform", "vertex"}, Place {"bedrock-runtime", "bedrock"}, Place {"cohere.com", "cohere"}, Place {"mistral.ai", "mistral"},
        Place {"groq.com", "groq"}, Place {"deepseek.com", "deepseek"}, Place {"api.x.ai", "xai"}, Place {"openrouter.ai", "openrouter"}, Place {"perplexity.ai", "perplexity"},
        Place {"together.xyz", "together"}, Place {"ollama.com/v1", "ollama", "http://127.0.0.1:11434/v1"}, Place {":11434/api", "ollama"}, Place {"localhost:8000", "vllm"},
        Place {"cerebras.ai", "cerebras"}};
    config::Provider provider;
    provider.name = provider.id = "p";
    for (const Place &place : places) {
        if (!url.contains(QLatin1String(place.in)))
            continue;
        provider.kind = place.kind;
        provider.baseUrl = place.baseUrl;
        break;
    }
    provider.apiVersion = provider.kind == "azure" ? "2024-10-21" : "";
    provider.project = "project";
    provider.location = "europe-west4";
    provider.region = "us-east-1";
    return provider;
}

/// The model that the path names, or the body.
std::string modelOf(const Case &from, const QJsonObject &body)
{
    const QRegularExpression inPath(QStringLiteral("/(?:model|models|deployments)/([^/:]+(?::[0-9]+|%3A[0-9]+)?)"));
    const QRegularExpressionMatch match = inPath.match(from.url());
    if (match.hasMatch() && !body.contains(QLatin1String("model")))
        return match.captured(1).replace(QLatin1String("%3A"), QLatin1String(":")).toStdString();
    return body[QLatin1String("model")].toString().toStdString();
}

/// Where a recorded client wrote the same in another way than this encoder does, both of which the provider takes.
QJsonValue canonical(const QJsonValue &value)
{
    if (value.isArray()) {
        QJsonArray out;
        for (const QJsonValue &each : value.toArray())
            out.append(canonical(each));
        return out;
    }
    if (!value.isObject())
        return value;
    QJsonObject out;
    const QJsonObject in = value.toObject();
    for (auto member = in.begin(); member != in.end(); ++member) {
        const QJsonValue inner = canonical(member.value());
        const bool nothing = inner.isNull() || inner == QJsonValue(QJsonObject()) || inner == QJsonValue(QJsonArray()) || inner == QJsonValue(QString());
        if (!nothing || member.key() == QLatin1String("properties") || member.key() == QLatin1String("arguments") || member.key() == QLatin1String("args"))
            out.insert(member.key(), inner);
    }
    const QJsonArray content = out.value(QLatin1String("content")).toArray(); // one text as a part, or as a string
    if (content.size() == 1 && content[0][QLatin1String("type")] == QLatin1String("text") && content[0].toObject().size() == 2)
        out[QLatin1String("content")] = content[0][QLatin1String("text")];
    if (out.value(QLatin1String("stream")) == QJsonValue(false))
        out.remove(QLatin1String("stream"));
    return out;
}

/// What this encoder says otherwise than the recorded client did, and means to.
void settle(const Case &from, QJsonObject &got, QJsonObject &wanted)
{
    got.remove(QLatin1String("stream_options")); // asked for by the gateway itself, of every stream
    wanted.remove(QLatin1String("stream_options"));
    const QString file = from.file();
    if (file.startsWith(QLatin1String("azure/")) && from.url().contains(QLatin1String("/deployments/")))
        wanted.remove(QLatin1String("model")); // the path names it
    if (file.startsWith(QLatin1String("bedrock/"))) { // models' own limits differ: one is always sent
        QJsonObject limits = got[QLatin1String("inferenceConfig")].toObject();
        limits.remove(QLatin1String("maxTokens"));
        got[QLatin1String("inferenceConfig")] = limits;
        got = canonical(got).toObject();
    }
    if (file == QLatin1String("bedrock/guardrail.json")) { // Converse wants turns to alternate; the guardrail is a target's override
        wanted.remove(QLatin1String("guardrailConfig"));
        const QJsonArray turns = wanted[QLatin1String("messages")].toArray();
        const QJsonArray joined {turns[0][QLatin1String("content")][0], turns[1][QLatin1String("content")][0]};
        wanted[QLatin1String("messages")] = QJsonArray {QJsonObject {{QStringLiteral("role"), QStringLiteral("user")}, {QStringLiteral("content"), joined}}};
    }
    if (file == QLatin1String("ollama/native-tool-history.json")) { // which tool it was that answered
        QJsonArray turns = got[QLatin1String("messages")].toArray();
        QJsonObject answer = turns[1].toObject();
        answer.remove(QLatin1String("tool_name"));
        turns[1] = answer;
        got[QLatin1String("messages")] = turns;
    }
    if (file == QLatin1String("openai-chat/err400-unsupported-value.json")) { // the error is that o1-mini does not know the role
        QJsonArray turns = wanted[QLatin1String("messages")].toArray();
        QJsonObject developer = turns[0].toObject();
        developer[QLatin1String("role")] = QStringLiteral("user");
        turns[0] = developer;
        wanted[QLatin1String("messages")] = turns;
    }
}

struct Encoded
{
    QJsonObject body;
    QStringList dropped;
    QString error;
};

Encoded shown(const Result<providers::EncodedRequest> &encoded)
{
    if (!encoded)
        return {.error = QString::fromStdString(encoded.error().message)};
    Encoded out {.body = objectOf(encoded->body.text())};
    for (const std::string &name : encoded->dropped)
        out.dropped << QString::fromStdString(name);
    return out;
}

} // namespace

/// Everything that is recorded of providers' traffic, held against tests/data/wire/expected.json, which a program that shares
/// no code with the gateway made of the recordings. Recordings that are not named there are held to the general rules.
class tst_Conformance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyCaseIsWhatItSays_data() { cases([](const Case &) { return true; }); }
    void everyCaseIsWhatItSays();
    void everyStreamIsTheSameWhereverItIsCut_data() { cases([](const Case &each) { return each.isStream(); }); }
    void everyStreamIsTheSameWhereverItIsCut();
    void everyRequestIsWhatTheEncoderMakes_data() { cases([](const Case &each) { return !each.requestFile().isEmpty(); }); }
    void everyRequestIsWhatTheEncoderMakes();
    void cleanupTestCase();

private:
    template <typename Wanted>
    void cases(Wanted wanted) const
    {
        QTest::addColumn<QString>("file");
        if (m_cases.empty())
            QSKIP(recordings::absent);
        for (const auto &[file, each] : m_cases)
            if (wanted(each))
                QTest::newRow(qPrintable(file)) << file;
    }
    void answer(const Case &from);
    void error(const Case &from);
    void embeddings(const Case &from);
    [[nodiscard]] Encoded encode(const Case &from, const QJsonObject &recorded) const;

    std::map<QString, Case> m_cases;
    std::map<QString, int> m_run; ///< how many were held to what
    std::size_t m_cuts = 0;
};

void tst_Conformance::initTestCase()
{
    if (!recordings::present())
        return; // every test skips, and says so
    m_cases = recordings::cases(QFINDTESTDATA("../../data/wire/expected.json"));
    QVERIFY(!m_cases.empty());
}

void tst_Conformance::everyCaseIsWhatItSays()
{
    QFETCH(QString, file);
    const Case &from = m_cases.at(file);
    QVERIFY2(!from.what().isEmpty(), "tests/data/wire/expect.py has not looked at this recording");
    ++m_run[from.what()];
    if (from.what() == QLatin1String("answer"))
        return answer(from);
    if (from.what() == QLatin1String("error"))
        return error(from);
    if (from.what() == QLatin1String("embeddings"))
        return embeddings(from);
    const QJsonObject body = objectOf(recordings::read(file));
    if (from.what() == QLatin1String("count")) { // passed on as it is
        QCOMPARE(body[QLatin1String("input_tokens")], from.expected[QLatin1String("tokens")]);
        return;
    }
    QCOMPARE(from.what(), QStringLiteral("token")); // read in tst_token_grant
    QVERIFY(body.contains(QLatin1String("access_token")));
}

void tst_Conformance::answer(const Case &from)
{
    QJsonObject expected = from.expected;
    for (const char *ours : {"is", "format", "ask"})
        expected.remove(QLatin1String(ours));
    const QString wrong = differences(summaryOf(from, 4096), expected);
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
}

void tst_Conformance::error(const Case &from)
{
    std::vector<std::pair<std::string, std::string>> kept;
    const QJsonObject headers = from.row[QLatin1String("headers")].toObject();
    for (auto header = headers.begin(); header != headers.end(); ++header)
        kept.emplace_back(header.key().toStdString(), header.value().toString().toStdString());
    std::vector<HeaderView> views;
    for (const auto &[name, value] : kept)
        views.push_back({name, value});
    int status = from.row[QLatin1String("status")].toInt();
    if (status == 0) // of those written by hand the name says it
        status = QRegularExpression(QStringLiteral("-([45]\\d\\d)")).match(from.file()).captured(1).toInt();
    const UpstreamError error = classifyUpstreamError(status ? status : 503, views, recordings::read(from.file()), WallTime {});
    QCOMPARE(QString::fromUtf8(toText(error.code).data(), static_cast<qsizetype>(toText(error.code).size())), from.expected[QLatin1String("class")].toString());
    QVERIFY(!error.message.empty());
}

void tst_Conformance::embeddings(const Case &from)
{
    const auto site = providers::ProviderSite::make(*providers::findProviderKind(providerAt(from.url()).kind), providerAt(from.url()));
    QVERIFY(site.has_value());
    const std::string body = recordings::read(from.file());
    const auto request = embeddings::readEmbeddingsRequest(from.ask);
    QVERIFY(request.has_value());
    const auto answer = providers::readEmbeddings(*site, std::array<std::string_view, 1> {body}, request->texts.size());
    QVERIFY2(answer.has_value(), answer ? "" : answer.error().message.c_str());
    const std::string written = embeddings::openAiEmbeddings(*answer, {.model = "m", .encoding = embeddings::Encoding::Float, .usage = embeddings::usageOf(*answer, *request)});
    const QJsonArray vectors = objectOf(written)[QLatin1String("data")].toArray();
    QCOMPARE(vectors.size(), static_cast<qsizetype>(request->texts.size()));
    for (const QJsonValue &vector : vectors)
        QVERIFY(vector[QLatin1String("embedding")].toArray().size() >= 256);
}

void tst_Conformance::everyStreamIsTheSameWhereverItIsCut()
{
    QFETCH(QString, file);
    const Case &from = m_cases.at(file);
    const std::string stream = recordings::read(file);
    QCOMPARE(differences(summaryOf(from, 1), summaryOf(from, stream.size())), QString()); // at every byte at once

    EventText whole(from.framing());
    for (const char &byte : stream)
        whole.feed({&byte, 1});
    const std::vector<std::size_t> ends = whole.ends;
    whole.finish();
    constexpr std::size_t small = 12 * 1024;
    if (stream.size() <= small) {
        for (std::size_t cut = 0; cut <= stream.size(); ++cut, ++m_cuts)
            QVERIFY2(eventsOf(from.framing(), stream, cut) == whole.text, qPrintable(QString::number(cut)));
        return;
    }
    // At every byte of large ones too, but within the event that is cut and the two behind it: what is before is used up.
    for (std::size_t i = 0; i <= ends.size(); ++i) {
        const std::size_t begin = i == 0 ? 0 : ends[i - 1], end = i < ends.size() ? ends[i] : stream.size();
        const std::size_t until = i + 2 < ends.size() ? ends[i + 2] : stream.size();
        const std::string_view window = std::string_view(stream).substr(begin, until - begin);
        const std::string wanted = eventsOf(from.framing(), window, 0);
        for (std::size_t cut = begin; cut < end; ++cut, ++m_cuts)
            QVERIFY2(eventsOf(from.framing(), window, cut - begin) == wanted, qPrintable(QString::number(cut)));
    }
}

Encoded tst_Conformance::encode(const Case &from, const QJsonObject &recorded) const
{
    const config::Provider provider = providerAt(from.url());
    const providers::ProviderKind *kind = providers::findProviderKind(provider.kind);
    const auto site = kind ? providers::ProviderSite::make(*kind, provider) : gateway::fail(ErrorCode::Invalid, "no such kind");
    if (!site)
        return {.error = QString::fromStdString(site.error().message)};
    const bool messages = from.ask.find(R"("type":"document")") != std::string::npos; // Anthropic's alone
    const Endpoint endpoint = messages ? Endpoint::Messages : endpointOf(from.url());
    const std::string model = modelOf(from, recorded);
    const providers::TargetOptions options {.model = model, .modelInBody = !site->pathNamesModel(endpoint)};
    std::string body = from.ask.empty() ? recordings::read(from.requestFile()) : from.ask;
    body.reserve(body.size() + 64);
    const auto scan = scanRequest(body, endpoint, model.empty() ? std::string_view("-") : std::string_view(model));
    if (!scan)
        return {.error = QString::fromStdString(scan.error().message)};
    if (endpoint == Endpoint::Embeddings && !providers::embedsAsOpenAi(*site))
        return shown(providers::translateEmbeddings(*site, *scan, options));
    if (from.ask.empty() || endpoint == Endpoint::Embeddings)
        return shown(providers::passRequest(*site, endpoint, *scan, options));
    auto asked = providers::readAsked(endpoint, *scan);
    return asked ? shown(providers::translateRequest(*site, endpoint, std::move(*asked), options)) : Encoded {.error = QString::fromStdString(asked.error().message)};
}

void tst_Conformance::everyRequestIsWhatTheEncoderMakes()
{
    QFETCH(QString, file);
    const Case &from = m_cases.at(file);
    const QJsonObject recorded = objectOf(recordings::read(from.requestFile()));
    QVERIFY(!recorded.isEmpty());
    const Encoded encoded = encode(from, recorded);
    QVERIFY2(encoded.error.isEmpty(), qPrintable(encoded.error));
    QJsonObject wanted = canonical(recorded).toObject(), got = canonical(encoded.body).toObject();
    for (const QString &name : encoded.dropped)
        wanted.remove(name);
    settle(from, got, wanted);
    const QString wrong = differences(got, wanted);
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    ++m_run[QStringLiteral("request")];
}

void tst_Conformance::cleanupTestCase()
{
    int cases = 0;
    QStringList kinds;
    for (const auto &[kind, count] : m_run) {
        kinds << QStringLiteral("%1 %2").arg(count).arg(kind);
        cases += kind == QLatin1String("request") ? 0 : count;
    }
    qInfo("conformance: %d of %d recorded cases run (%s), streams cut at %d places", cases, static_cast<int>(m_cases.size()), qPrintable(kinds.join(QLatin1String(", "))),
          static_cast<int>(m_cuts));
}

QTEST_APPLESS_MAIN(tst_Conformance)
#include "tst_conformance.moc"
