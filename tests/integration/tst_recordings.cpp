// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/provider_table.h"
#include "tests/gateway/wire/answer_summary.h"
#include "tests/gateway/wire/recorded_cases.h"
#include "tests/support/fake_provider.h"
#include "tests/support/test_gateway.h"

#include <QRegularExpression>
#include <QTest>

#include <array>
#include <map>
#include <string>

using namespace gateway;
using namespace gateway::wire;
using namespace support;
using recordings::Case;

namespace {

/// A program that calls in one format.
struct CallingProgram
{
    WireFormat format;
    const char *path, *streamPath, *body; ///< without the closing brace
    const char *stream = "";              ///< what asks for one in the body
};

constexpr std::array callers {
    CallingProgram {WireFormat::OpenAiChat, "/v1/chat/completions", "/v1/chat/completions", R"({"model":"test","messages":[{"role":"user","content":"ping"}])", R"(,"stream":true,"stream_options":{"include_usage":true})"},
    CallingProgram {WireFormat::Anthropic, "/v1/messages", "/v1/messages", R"({"model":"test","max_tokens":100,"messages":[{"role":"user","content":"ping"}])", R"(,"stream":true)"},
    CallingProgram {WireFormat::OpenAiResponses, "/v1/responses", "/v1/responses", R"({"model":"test","input":"ping")", R"(,"stream":true)"},
    CallingProgram {WireFormat::Gemini, "/v1beta/models/test:generateContent", "/v1beta/models/test:streamGenerateContent?alt=sse", R"({"contents":[{"role":"user","parts":[{"text":"ping"}]}])"},
};

/// A kind whose provider speaks as the recorded one did.
std::string kindOf(const Case &from)
{
    switch (from.format()) {
    case WireFormat::Anthropic: return "anthropic";
    case WireFormat::Gemini: return "gemini";
    case WireFormat::BedrockConverse: return "bedrock";
    case WireFormat::CohereV2: return "cohere";
    case WireFormat::OllamaChat: return "ollama";
    case WireFormat::OpenAiResponses: return "openai";
    case WireFormat::OpenAiChat: break;
    }
    const std::string folder = from.file().section(QLatin1Char('/'), 0, 0).toStdString();
    const auto *kind = providers::findProviderKind(folder);
    return kind && kind->format == WireFormat::OpenAiChat ? folder : "openai-compatible";
}

Script scriptOf(const Case &from)
{
    const std::string bytes = recordings::read(from.file());
    int status = from.row[QLatin1String("status")].toInt();
    const QRegularExpressionMatch named = QRegularExpression(QStringLiteral("err([0-9]{3})")).match(from.file());
    if (status == 0)
        status = named.hasMatch() ? named.captured(1).toInt() : 200;
    const std::string type = from.row[QLatin1String("headers")][QLatin1String("content-type")].toString().toStdString();
    const std::string usual {from.isStream() ? mediaTypeOf(from.framing()) : from.file().endsWith(QLatin1String(".json")) ? "application/json" : "text/html"};
    return Script::whole(status, type.empty() ? usual : type, bytes);
}

/// What the caller was told, read by the decoder of the caller's format.
QJsonObject told(const Answer &answer, WireFormat format, AnswerSummary &summary)
{
    const auto decoder = makeDecoder(format, {.callId = "call_01M82N4MDBYTKF0BY1JYX3SSRE"});
    if (answer.isStream()) {
        const auto framing = makeFraming(FramingKind::Sse, 16 * 1024 * 1024);
        FramedEvent event;
        framing->feed(answer.body);
        while (framing->next(event) == EventFraming::Next::Event)
            if (event.hasData)
                decoder->onEvent(event.type, event.data, summary);
    } else {
        decoder->onBody(answer.body, summary);
    }
    decoder->onEnd(summary);
    return summary.object();
}

/// What no format may lose of an answer's first choice.
QJsonObject essence(const QJsonObject &summary, bool textToo)
{
    const QJsonObject choice = summary[QLatin1String("choices")].toArray().first().toObject();
    QJsonObject out {{QStringLiteral("text"), textToo ? choice[QLatin1String("text")] : QJsonValue()}};
    QJsonArray calls;
    for (const QJsonValue &call : choice[QLatin1String("calls")].toArray())
        calls.append(QJsonObject {{QStringLiteral("name"), call[QLatin1String("name")]}, {QStringLiteral("arguments"), call[QLatin1String("arguments")]}});
    out[QStringLiteral("calls")] = calls;
    QString finish = choice[QLatin1String("finish")].toString();
    if (finish == QLatin1String("stop_sequence"))
        finish = QStringLiteral("stop");
    if (finish == QLatin1String("refusal"))
        finish = QStringLiteral("content_filter");
    out[QStringLiteral("finish")] = finish;
    return out;
}

} // namespace

/// Every recorded answer over real sockets, to callers of every format: what it says arrives, and is counted.
class tst_Recordings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void answersReachEveryCaller_data() { rows(QStringLiteral("answer")); }
    void answersReachEveryCaller();
    void errorsReachEveryCaller_data() { rows(QStringLiteral("error")); }
    void errorsReachEveryCaller();
    void cleanupTestCase();

private:
    void rows(const QString &what) const
    {
        QTest::addColumn<QString>("file");
        if (m_cases.empty())
            QSKIP(recordings::absent);
        for (const auto &[file, each] : m_cases)
            if (each.what() == what)
                QTest::newRow(qPrintable(file)) << file;
    }
    void check(const Case &from, const CallingProgram &caller, TestGateway &gateway);

    std::map<QString, Case> m_cases;
    int m_calls = 0;
};

void tst_Recordings::initTestCase()
{
    if (!recordings::present())
        return; // every test skips, and says so
    m_cases = recordings::cases(QFINDTESTDATA("../data/wire/expected.json"));
    QVERIFY(!m_cases.empty());
}

config::Config configOf(const FakeProvider &provider, const Case &from)
{
    return chainWith({&provider}, [&](config::Config &config) {
        config::Provider &made = config.providers[0];
        made.kind = kindOf(from);
        made.credentials = {{.name = "main", .apiKey = {"provider-key"}}};
        made.region = made.kind == "bedrock" ? "us-east-1" : "";
        made.apiVersion = made.kind == "azure" ? "2024-10-21" : "";
        if (from.format() == WireFormat::OllamaChat)
            made.baseUrl.resize(made.baseUrl.size() - std::string_view("/v1").size()); // below which it speaks OpenAI's
        config.routes[0].retry.attempts = 1;
    });
}

void tst_Recordings::answersReachEveryCaller()
{
    QFETCH(QString, file);
    const Case &from = m_cases.at(file);
    FakeProvider provider(scriptOf(from));
    TestGateway gateway(configOf(provider, from));
    QCOMPARE(gateway.problem(), std::string());
    for (const CallingProgram &caller : callers) {
        const bool both = caller.format == WireFormat::OpenAiResponses && !providers::findProviderKind(kindOf(from))->responsesPath.empty();
        if ((both ? WireFormat::OpenAiResponses : providers::findProviderKind(kindOf(from))->format) == from.format()) // what they would speak
            check(from, caller, gateway);
        if (QTest::currentTestFailed())
            return;
    }
}

void tst_Recordings::check(const Case &from, const CallingProgram &caller, TestGateway &gateway)
{
    ++m_calls;
    const std::string body = std::string(caller.body) + (from.isStream() ? caller.stream : "") + "}";
    const Answer answer = gateway.post(from.isStream() ? caller.streamPath : caller.path, body);
    const QString where = QStringLiteral("to %1: status %2, %3").arg(QString::fromUtf8(toText(caller.format).data(), static_cast<qsizetype>(toText(caller.format).size()))).arg(answer.status).arg(QString::fromStdString(answer.body).left(3000));
    AnswerSummary summary;
    const QJsonObject got = told(answer, caller.format, summary);
    if (from.expected.contains(QLatin1String("ends"))) { // not one that anybody may take for whole
        QVERIFY2(answer.status != 200 || !answer.whole, qPrintable(where));
        QVERIFY2(got[QLatin1String("ends")].isString(), qPrintable(where));
        return;
    }
    QVERIFY2(answer.status == 200 && answer.whole, qPrintable(where));
    QVERIFY2(summary.broken.isEmpty(), qPrintable(summary.broken.join(QLatin1String(", ")) + where));
    QVERIFY2(!got.contains(QLatin1String("ends")), qPrintable(where));
    const QJsonObject first = from.expected[QLatin1String("choices")].toArray().first().toObject();
    const bool textToo = !first.contains(QLatin1String("refusal")); // which some formats say as text
    const QString wrong = differences(essence(got, textToo), essence(from.expected, textToo));
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong + QLatin1Char('\n') + where));
    const QJsonValue usage = from.expected[QLatin1String("usage")];
    const CallRecord record = gateway.lastRecord();
    QCOMPARE(record.status, CallStatus::Ok);
    QCOMPARE(record.usage.estimated, !usage.isObject());
    if (usage.isObject()) {
        QCOMPARE(record.usage.input, usage[QLatin1String("in")].toInteger());
        QCOMPARE(record.usage.output, usage[QLatin1String("out")].toInteger());
        QCOMPARE(record.usage.cachedInput, usage[QLatin1String("cached")].toInteger());
        QCOMPARE(got[QLatin1String("usage")][QLatin1String("in")].toInteger(), usage[QLatin1String("in")].toInteger());
        QCOMPARE(got[QLatin1String("usage")][QLatin1String("out")].toInteger(), usage[QLatin1String("out")].toInteger());
    }
}

void tst_Recordings::errorsReachEveryCaller()
{
    QFETCH(QString, file);
    const Case &from = m_cases.at(file);
    FakeProvider provider(scriptOf(from));
    TestGateway gateway(configOf(provider, from));
    QCOMPARE(gateway.problem(), std::string());
    for (const CallingProgram &caller : callers) {
        ++m_calls;
        const Answer answer = gateway.post(caller.path, std::string(caller.body) + "}");
        QVERIFY2(answer.status >= 400 && answer.whole, answer.body.c_str());
        const QJsonObject body = QJsonDocument::fromJson(QByteArray::fromStdString(answer.body)).object();
        const QJsonObject error = body[QLatin1String("error")].toObject();
        QVERIFY2(!error[QLatin1String("message")].toString().isEmpty(), answer.body.c_str());
        QCOMPARE(body[QLatin1String("type")].isString(), caller.format == WireFormat::Anthropic);
        QCOMPARE(error[QLatin1String("status")].isString(), caller.format == WireFormat::Gemini);
        QVERIFY2(answer.body.find("provider-key") == std::string::npos, answer.body.c_str());
    }
}

void tst_Recordings::cleanupTestCase()
{
    qInfo("recordings: %d calls over sockets, of %zu cases", m_calls, m_cases.size());
}

QTEST_GUILESS_MAIN(tst_Recordings)
#include "tst_recordings.moc"
