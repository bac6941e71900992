// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_summary.h"
#include "gateway/wire/codecs.h"
#include "gateway/wire/sse_parser.h"
#include "random_answers.h"

#include <QJsonDocument>
#include <QTest>

#include <array>
#include <functional>

using namespace gateway;
using namespace gateway::wire;

namespace {

constexpr std::uint32_t rounds = 400;

/// A form in which a caller gets an answer.
struct Form
{
    const char *name;
    WireFormat format;
    bool stream;
    bool array = false;
};
constexpr std::array forms {Form {"chat", WireFormat::OpenAiChat, false}, Form {"chat stream", WireFormat::OpenAiChat, true},
                            Form {"responses", WireFormat::OpenAiResponses, false}, Form {"responses stream", WireFormat::OpenAiResponses, true},
                            Form {"messages", WireFormat::Anthropic, false}, Form {"messages stream", WireFormat::Anthropic, true},
                            Form {"gemini", WireFormat::Gemini, false}, Form {"gemini stream", WireFormat::Gemini, true}, Form {"gemini array", WireFormat::Gemini, true, true}};

using Tell = std::function<void(ChatEventSink &)>;

std::string write(const Tell &tell, const Form &form)
{
    const AnswerSettings settings {.callId = "call_01M82N4MDBYTKF0BY1JYX3SSRE", .model = "smart", .created = 7, .includeUsage = true, .asArray = form.array,
                                   .requestBody = R"({"model":"smart","input":"x"})"};
    if (!form.stream) {
        const auto writer = makeBodyWriter(form.format, settings);
        tell(*writer);
        return writer->body();
    }
    std::string out;
    const auto writer = makeStreamWriter(form.format, settings, out);
    tell(*writer);
    return out;
}

void read(const std::string &text, const Form &form, ChatEventSink &out)
{
    const auto decoder = makeDecoder(form.format, {.callId = "call_01M82N4MDBYTKF0BY1JYX3SSRE"});
    if (!form.stream || form.array) {
        decoder->onBody(text, out);
        return decoder->onEnd(out);
    }
    SseParser parser;
    SseEvent event;
    parser.feed(text);
    while (parser.next(event) == SseParser::Event)
        if (event.hasData)
            decoder->onEvent(event.type, event.data, out);
    decoder->onEnd(out);
}

AnswerSummary summaryOf(const Tell &tell)
{
    AnswerSummary summary;
    tell(summary);
    return summary;
}

/// A finish in the words of a format (wire.md 4.1, 5.2, 6.2).
QString finishIn(WireFormat format, const QString &finish)
{
    const bool filtered = finish == QLatin1String("content_filter") || finish == QLatin1String("refusal");
    switch (format) {
    case WireFormat::OpenAiChat:
    case WireFormat::Gemini: return filtered ? QStringLiteral("content_filter") : finish == QLatin1String("stop_sequence") ? QStringLiteral("stop") : finish;
    case WireFormat::Anthropic: return filtered ? QStringLiteral("refusal") : finish;
    default: return filtered ? QStringLiteral("content_filter") : finish;
    }
}

/// What an answer says to a caller of this form: what the form has no place for is gone, by design.
/// @param seals  false: they went through Gemini's form, where others' are in an envelope (tst_gemini_answers)
QJsonObject in(const Form &form, QJsonObject said, bool seals)
{
    const WireFormat format = form.format;
    const bool many = format == WireFormat::OpenAiChat || format == WireFormat::Gemini;
    said.remove(QStringLiteral("model")); // the caller's own
    said.remove(QStringLiteral("id"));
    QJsonObject usage = said[QStringLiteral("usage")].toObject();
    const int written = usage[QStringLiteral("written")].toInt() + usage[QStringLiteral("hour")].toInt();
    usage.remove(QStringLiteral("hour"));
    usage[QStringLiteral("written")] = format == WireFormat::OpenAiChat || format == WireFormat::Anthropic ? written : 0;
    if (format == WireFormat::Anthropic)
        usage.remove(QStringLiteral("reasoning"));
    const bool counted = usage[QStringLiteral("in")].toInt() > 0; // messages say none as 0
    said[QStringLiteral("usage")] = counted ? usage : QJsonObject {};
    QJsonArray choices;
    for (const QJsonValue &each : said[QStringLiteral("choices")].toArray()) {
        QJsonObject choice = each.toObject();
        choice.remove(QStringLiteral("word"));
        choice.remove(QStringLiteral("order")); // which may differ; theOrderOfAStreamIsKept() looks at it
        const bool refused = choice.contains(QLatin1String("refusal"));
        const bool filtered = choice[QLatin1String("finish")].toString() == QLatin1String("content_filter") || choice[QLatin1String("finish")].toString() == QLatin1String("refusal");
        if (refused && (format == WireFormat::Anthropic || (format == WireFormat::Gemini && !filtered)))
            choice[QStringLiteral("text")] = choice[QStringLiteral("text")].toString() + choice.take(QStringLiteral("refusal")).toString();
        choice[QStringLiteral("finish")] = finishIn(format, choice[QStringLiteral("finish")].toString());
        if (!seals)
            choice.remove(QStringLiteral("seals"));
        QJsonArray calls = choice[QStringLiteral("calls")].toArray();
        for (auto call = calls.begin(); call != calls.end(); ++call) {
            QJsonObject told = call->toObject();
            if (format == WireFormat::Anthropic)
                told.remove(QStringLiteral("signature"));
            if (told[QStringLiteral("arguments")].toString().isEmpty())
                told[QStringLiteral("arguments")] = QStringLiteral("{}"); // what calls without any have
            *call = told;
        }
        if (!calls.isEmpty())
            choice[QStringLiteral("calls")] = calls;
        choices.append(choice);
        if (!many)
            break;
    }
    said[QStringLiteral("choices")] = choices;
    return said;
}

} // namespace

/// Answers by chance, written in every form that a caller may get them in, and decoded again: they say the same.
class tst_AnswerRoundTrips : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersComeBackFromEveryPairOfForms_data();
    void answersComeBackFromEveryPairOfForms();
};

void tst_AnswerRoundTrips::answersComeBackFromEveryPairOfForms_data()
{
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("second");
    for (std::size_t a = 0; a < forms.size(); ++a)
        for (std::size_t b = 0; b < forms.size(); ++b)
            QTest::addRow("%s to %s", forms[a].name, forms[b].name) << static_cast<int>(a) << static_cast<int>(b);
}

void tst_AnswerRoundTrips::answersComeBackFromEveryPairOfForms()
{
    QFETCH(int, first);
    QFETCH(int, second);
    const Form &a = forms[static_cast<std::size_t>(first)], &b = forms[static_cast<std::size_t>(second)];
    for (std::uint32_t seed = 0; seed < rounds; ++seed) {
        const RandomAnswer answer(seed);
        const Tell said = [&](ChatEventSink &out) { answer.tell(out); };
        const AnswerSummary asked = summaryOf(said);
        QVERIFY2(asked.broken.isEmpty(), qPrintable(asked.broken.join(QLatin1String(", "))));
        const std::string inA = write(said, a);
        const Tell again = [&](ChatEventSink &out) { read(inA, a, out); };
        const AnswerSummary fromA = summaryOf(again);
        const auto words = [&](const char *what, const Form &form, const std::string &text) { return QStringLiteral("%2 %3, seed %1:\n%4").arg(seed).arg(QLatin1String(what), QLatin1String(form.name), QString::fromStdString(text)); };
        QVERIFY2(fromA.broken.isEmpty(), qPrintable(words("rules broken by", a, inA) + fromA.broken.join(QLatin1String(", "))));
        const QString lost = differences(in(a, fromA.object(), a.format != WireFormat::Gemini), in(a, asked.object(), a.format != WireFormat::Gemini));
        QVERIFY2(lost.isEmpty(), qPrintable(lost + words("\nwritten as", a, inA)));
        const bool gemini = a.format == WireFormat::Gemini || b.format == WireFormat::Gemini;
        const std::string inB = write(again, b);
        const AnswerSummary fromB = summaryOf([&](ChatEventSink &out) { read(inB, b, out); });
        QVERIFY2(fromB.broken.isEmpty(), qPrintable(words("rules broken by", b, inB) + fromB.broken.join(QLatin1String(", "))));
        const QString worse = differences(in(b, fromB.object(), !gemini), in(b, fromA.object(), !gemini));
        QVERIFY2(worse.isEmpty(), qPrintable(worse + words("\nwritten as", b, inB)));
    }
}

QTEST_APPLESS_MAIN(tst_AnswerRoundTrips)
#include "tst_answer_round_trips.moc"
