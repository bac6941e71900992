// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/codecs.h"
#include "gateway/wire/json_members.h"
#include "random_requests.h"
#include "request_facts.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <array>
#include <set>

using namespace gateway;
using namespace gateway::wire;

namespace {

constexpr std::uint32_t rounds = 600;

/// A format that callers speak, with a model that takes most of it.
struct Form
{
    WireFormat format;
    std::string_view model;
};
constexpr std::array callers {Form {WireFormat::OpenAiChat, "gpt-4o"}, Form {WireFormat::OpenAiResponses, "gpt-5"}, Form {WireFormat::Anthropic, "claude-haiku-4-5"},
                              Form {WireFormat::Gemini, "gemini-2.5-flash"}};
constexpr std::array providers {Form {WireFormat::OpenAiChat, "gpt-4o"}, Form {WireFormat::OpenAiResponses, "gpt-5"}, Form {WireFormat::Anthropic, "claude-haiku-4-5"},
                                Form {WireFormat::Anthropic, "claude-3-5-haiku"}, Form {WireFormat::Anthropic, "claude-opus-4-7"}, Form {WireFormat::Gemini, "gemini-2.5-flash"},
                                Form {WireFormat::Gemini, "gemini-1.5-flash"}, Form {WireFormat::Gemini, "gemini-3-pro"}, Form {WireFormat::BedrockConverse, "anthropic.claude-haiku-4-5"},
                                Form {WireFormat::BedrockConverse, "us.amazon.nova-lite-v1:0"}, Form {WireFormat::BedrockConverse, "meta.llama3-3-70b"},
                                Form {WireFormat::BedrockConverse, "mistral.mistral-large"}, Form {WireFormat::CohereV2, "command-a-03-2025"}, Form {WireFormat::OllamaChat, "llama3.2"}};

std::string named(const Form &form)
{
    return std::string(toText(form.format)) + "/" + std::string(form.model);
}

WrittenBody write(const ChatRequest &request, const Form &form)
{
    return writeRequest(form.format, request, {.model = form.model});
}

/// Whether a loss under that name tells of this.
bool tells(const Loss &loss, std::string_view what)
{
    const std::string_view told = loss.what;
    if (told == what || told.starts_with(std::string(what) + "."))
        return true;
    static const std::array<std::pair<std::string_view, std::string_view>, 12> others {{
        {"file", "document"}, {"image", "messages.content"}, {"image", "messages.tool.content"}, {"file", "messages.content"}, {"input_audio", "messages.content"},
        {"stop", "stop_sequences"}, {"file.filename", "file"}, {"file.filename", "document"}, {"image_url.detail", "image"}, {"cache_control", "messages.content"},
        {"response_format.json_schema.strict", "response_format"}, {"tools.function.parameters", "tools"}}};
    return std::ranges::any_of(others, [&](const auto &other) { return other.first == what && told.starts_with(other.second); });
}

bool isTold(const std::vector<Loss> &losses, std::string_view what)
{
    return std::ranges::any_of(losses, [&](const Loss &loss) { return tells(loss, what); });
}

/// What one format says in another way, or does not need, by design; no loss is told.
bool isDocumented(WireFormat format, std::string_view what)
{
    if (what.starts_with("thought"))
        return true; // goes back to its maker alone (wire.md 2.1); sealsGoBackToTheirMakers() looks at that
    if (what == "stream") // the path says it at Google's and Amazon's
        return format == WireFormat::Gemini || format == WireFormat::BedrockConverse;
    const bool ofSchema = what == "response_format.json_schema.name" || what == "response_format.json_schema.strict"; // there they have no name, and all are strict
    switch (format) {
    case WireFormat::OpenAiChat: return false;
    case WireFormat::OpenAiResponses: return what == "signature"; // Gemini's own
    case WireFormat::Anthropic: return ofSchema || what == "signature" || what == "max_tokens"; // thought has its room on top
    case WireFormat::Gemini: return ofSchema || what == "tools.function.strict" || what == "file.filename"; // mode VALIDATED
    case WireFormat::BedrockConverse:
    case WireFormat::CohereV2:
    case WireFormat::OllamaChat: return ofSchema || what == "signature";
    }
    return false;
}

/// What of `from` is not in `of`, as often as it is there.
std::vector<Fact> without(const std::vector<Fact> &from, std::vector<Fact> of)
{
    std::vector<Fact> left;
    for (const Fact &fact : from) {
        const auto found = std::ranges::find(of, fact);
        if (found == of.end())
            left.push_back(fact);
        else
            of.erase(found);
    }
    return left;
}

bool isOfTheTalk(const Fact &fact)
{
    constexpr std::array<std::string_view, 5> kinds {"refusal", "input_audio", "call", "result", "image"};
    return fact.what.starts_with("text of ") || fact.what == "file" || std::ranges::find(kinds, fact.what) != kinds.end();
}

/// @return what is wrong with what was read again; empty: nothing
/// @param chooses  the request lets the model choose among some of its tools, of which the others may be left out
std::string wrong(const RequestFacts &before, const RequestFacts &after, const std::vector<Loss> &losses, WireFormat format, bool chooses)
{
    const auto missing = without(before.facts, after.facts), marks = without(before.marks, after.marks), added = without(after.facts, before.facts);
    for (const auto *facts : {&missing, &marks})
        for (const Fact &fact : *facts)
            if (!isTold(losses, fact.what) && !isDocumented(format, fact.what))
                if (!((fact.what.starts_with("tools") || fact.what == "tool_choice") && chooses))
                    return "lost in silence: " + fact.what + " = " + fact.value;
    for (const Fact &fact : added) {
        const bool changed = std::ranges::any_of(missing, [&](const Fact &other) { return other.what == fact.what; });
        const bool compulsory = format == WireFormat::Anthropic && (fact.what == "max_tokens" || (fact.what == "text of user" && fact.value == "."));
        const bool filler = format == WireFormat::Gemini && fact.what == "text of user" && fact.value == ".";
        if (!changed && !compulsory && !filler)
            return "came from nowhere: " + fact.what + " = " + fact.value;
    }
    std::vector<Fact> was, is; // what is there on both sides stands in one order
    for (const Fact &fact : before.facts)
        if (isOfTheTalk(fact) && std::ranges::find(missing, fact) == missing.end())
            was.push_back(fact);
    for (const Fact &fact : after.facts)
        if (isOfTheTalk(fact) && std::ranges::find(added, fact) == added.end())
            is.push_back(fact);
    return was == is ? std::string() : "out of order";
}

std::string told(const std::vector<Loss> &losses)
{
    std::string text;
    for (const Loss &loss : losses)
        text += loss.what + " (" + loss.why + "), ";
    return text;
}

} // namespace

/// Requests and answers by chance, through every pair of formats: what comes back says the same, but for what is told as lost.
class tst_RoundTrips : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void requestsComeBackFromEveryFormat_data();
    void requestsComeBackFromEveryFormat();
    void nothingIsLostInSilence_data();
    void nothingIsLostInSilence();
};

void tst_RoundTrips::requestsComeBackFromEveryFormat_data()
{
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("second");
    for (std::size_t a = 0; a < callers.size(); ++a)
        for (std::size_t b = 0; b < callers.size(); ++b)
            QTest::addRow("%s to %s", named(callers[a]).c_str(), named(callers[b]).c_str()) << static_cast<int>(a) << static_cast<int>(b);
}

void tst_RoundTrips::requestsComeBackFromEveryFormat()
{
    QFETCH(int, first);
    QFETCH(int, second);
    const Form &a = callers[static_cast<std::size_t>(first)], &b = callers[static_cast<std::size_t>(second)];
    for (std::uint32_t seed = 0; seed < rounds; ++seed) {
        const ChatRequest asked = RandomRequest(seed).make();
        const WrittenBody inA = write(asked, a);
        const auto readA = readRequest(a.format, inA.body);
        QVERIFY2(readA, qPrintable(QStringLiteral("seed %1: %2\n%3").arg(seed).arg(QString::fromStdString(readA ? "" : readA.error().message), QString::fromStdString(inA.body))));
        const auto verdict = [&](const ChatRequest &before, const WrittenBody &written, const Form &form, const ChatRequest &after) {
            const std::string what = wrong(RequestFacts(before, form.format), RequestFacts(after, form.format), written.losses, form.format, before.toolChoice && before.toolChoice->mode == ToolChoice::Mode::Allowed);
            return what.empty() ? QString() : QStringLiteral("seed %1, in %2: %3\ntold: %4\n%5").arg(seed).arg(QString::fromStdString(named(form)), QString::fromStdString(what),
                                                                                                    QString::fromStdString(told(written.losses)), QString::fromStdString(written.body).left(8000));
        };
        const QString bad = verdict(asked, inA, a, *readA);
        QVERIFY2(bad.isEmpty(), qPrintable(bad));
        const WrittenBody inB = write(*readA, b);
        const auto readB = readRequest(b.format, inB.body);
        QVERIFY2(readB, qPrintable(QStringLiteral("seed %1: %2\n%3").arg(seed).arg(QString::fromStdString(readB ? "" : readB.error().message), QString::fromStdString(inB.body))));
        const QString worse = verdict(*readA, inB, b, *readB);
        QVERIFY2(worse.isEmpty(), qPrintable(worse));
    }
}

void tst_RoundTrips::nothingIsLostInSilence_data()
{
    QTest::addColumn<int>("provider");
    for (std::size_t i = 0; i < providers.size(); ++i)
        QTest::addRow("%s", named(providers[i]).c_str()) << static_cast<int>(i);
}

/// Also to those who have no reader: every word is in the body, or its loss is told.
void tst_RoundTrips::nothingIsLostInSilence()
{
    QFETCH(int, provider);
    const Form &form = providers[static_cast<std::size_t>(provider)];
    for (std::uint32_t seed = 0; seed < rounds; ++seed) {
        const ChatRequest asked = RandomRequest(seed).make();
        const WrittenBody written = write(asked, form);
        QVERIFY2(isJson(written.body), qPrintable(QStringLiteral("seed %1: no JSON: %2").arg(seed).arg(QString::fromStdString(written.body))));
        const RequestFacts said(asked, form.format);
        const bool chosen = asked.toolChoice && asked.toolChoice->mode != ToolChoice::Mode::Auto && asked.toolChoice->mode != ToolChoice::Mode::Required;
        for (const auto *facts : {&said.facts, &said.marks}) {
            for (const Fact &fact : *facts) {
                if (isTold(written.losses, fact.what) || isDocumented(form.format, fact.what) || (chosen && fact.what.starts_with("tools")))
                    continue;
                static const QRegularExpression words(QStringLiteral("w[0-9]+"));
                for (auto match = words.globalMatch(QString::fromStdString(fact.value)); match.hasNext();) {
                    const std::string word = match.next().captured().toStdString();
                    QVERIFY2(written.body.find(word) != std::string::npos, qPrintable(QStringLiteral("seed %1: %2 = %3 is neither there nor told: %4\n%5").arg(seed).arg(
                        QString::fromStdString(fact.what), QString::fromStdString(fact.value), QString::fromStdString(told(written.losses)), QString::fromStdString(written.body).left(8000))));
                }
            }
        }
    }
}

QTEST_APPLESS_MAIN(tst_RoundTrips)
#include "tst_round_trips.moc"
