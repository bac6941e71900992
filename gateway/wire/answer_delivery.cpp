// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/answer_delivery.h"

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/sse_parser.h"

#include <algorithm>
#include <array>

namespace gateway::wire {

namespace {

/// Passes events on, and keeps how the answer ended.
class Watched final : public ChatEventSink
{
public:
    explicit Watched(ChatEventSink &to) : m_to(to) {}

    void onEvent(const ChatEvent &event) override
    {
        m_failed = m_failed || std::holds_alternative<AnswerError>(event);
        m_ended = m_ended || std::holds_alternative<AnswerEnd>(event);
        if (!m_failed)
            m_to.onEvent(event);
    }
    [[nodiscard]] bool failed() const { return m_failed; }
    [[nodiscard]] bool ended() const { return m_ended; }

private:
    ChatEventSink &m_to;
    bool m_failed = false;
    bool m_ended = false;
};

void decode(WireFormat format, Delivery from, std::string_view answer, const std::string &callId, Watched &out)
{
    const auto decoder = makeDecoder(format, {.callId = callId});
    if (from != Delivery::Events) {
        decoder->onBody(answer, out);
        if (!out.failed() && !out.ended())
            decoder->onEnd(out);
        return;
    }
    SseParser parser(std::max<std::size_t>(answer.size(), 1));
    SseEvent event;
    parser.feed(answer);
    while (!out.failed() && !out.ended() && parser.next(event) == SseParser::Event) {
        if (event.hasData)
            decoder->onEvent(event.type, event.data, out);
    }
    if (!out.failed() && !out.ended())
        decoder->onEnd(out);
}

/// Takes what an answer says of itself.
class EndingSink final : public ChatEventSink
{
public:
    explicit EndingSink(AnswerEnding &ending) : m_ending(ending) {}
    void onEvent(const ChatEvent &event) override
    {
        if (const auto *start = std::get_if<AnswerStart>(&event)) {
            m_ending.id = start->id.raw;
            m_ending.model = start->model.raw;
        }
        if (const auto *finish = std::get_if<Finish>(&event)) {
            m_ending.withheld = m_ending.withheld || finish->reason == FinishReason::ContentFilter || finish->reason == FinishReason::Refusal;
            m_broken = m_broken || finish->reason == FinishReason::Error;
        }
    }
    [[nodiscard]] bool broken() const { return m_broken; }

private:
    AnswerEnding &m_ending;
    bool m_broken = false;
};

bool hasOneOf(const RequestScan &scan, std::initializer_list<std::string_view> names)
{
    return std::ranges::any_of(names, [&](std::string_view name) { return scan.find(name) != nullptr; });
}

/// `choices` is there and empty, and `usage` is an object.
bool tellsUsageAlone(std::string_view data)
{
    bool noChoices = false, usage = false;
    JsonCursor cursor(data);
    const bool good = cursor.type() == JsonCursor::Type::Object && cursor.members([&](std::string_view name) {
        if (name == "usage")
            usage = cursor.type() == JsonCursor::Type::Object;
        if (name != "choices" || cursor.type() != JsonCursor::Type::Array)
            return cursor.skip();
        noChoices = true;
        return cursor.elements([&] {
            noChoices = false;
            return cursor.skip();
        });
    });
    return good && noChoices && usage;
}

} // namespace

std::optional<WireFormat> deliveredFormat(Endpoint endpoint)
{
    switch (endpoint) {
    case Endpoint::ChatCompletions: return WireFormat::OpenAiChat;
    case Endpoint::Messages: return WireFormat::Anthropic;
    case Endpoint::Responses: return WireFormat::OpenAiResponses;
    case Endpoint::GenerateContent: return WireFormat::Gemini;
    default: return std::nullopt;
    }
}

bool isConvertible(Endpoint endpoint, const RequestScan &scan)
{
    if (!deliveredFormat(endpoint) || hasOneOf(scan, {"logprobs", "top_logprobs", "modalities", "audio", "include", "prediction"}))
        return false;
    const Member *config = scan.find("generationConfig");
    config = config ? config : scan.find("generation_config");
    if (!config)
        return true;
    bool plain = true;
    JsonCursor cursor(config->value.in(scan.body));
    const bool good = cursor.members([&](std::string_view name) {
        plain = plain && name != "responseLogprobs" && name != "response_logprobs" && name != "responseModalities" && name != "response_modalities";
        return cursor.skip();
    });
    return good && plain;
}

Result<std::string> redelivered(WireFormat format, Delivery from, std::string_view answer, Delivery to, AnswerSettings settings)
{
    settings.asArray = to == Delivery::Array;
    std::string out;
    std::unique_ptr<BodyWriter> whole;
    std::unique_ptr<AnswerWriter> stream;
    if (to == Delivery::Whole)
        whole = makeBodyWriter(format, settings);
    else
        stream = makeStreamWriter(format, settings, out);
    Watched watched(whole ? static_cast<ChatEventSink &>(*whole) : *stream);
    decode(format, from, answer, settings.callId, watched);
    if (watched.failed())
        return fail(ErrorCode::Malformed, "The stored answer is not of its format.");
    if (!watched.ended())
        return fail(ErrorCode::Cut, "The stored answer has no end.");
    return whole ? whole->body() : out;
}

AnswerEnding endingOf(WireFormat format, Delivery from, std::string_view answer)
{
    AnswerEnding ending;
    EndingSink sink(ending);
    Watched watched(sink);
    decode(format, from, answer, {}, watched);
    ending.whole = watched.ended() && !watched.failed() && !sink.broken();
    return ending;
}

Span usageEvent(std::string_view stream)
{
    Span found;
    SseParser parser(std::max<std::size_t>(stream.size(), 1));
    SseEvent event;
    parser.feed(stream);
    while (parser.next(event) == SseParser::Event) {
        if (!event.hasData || event.data.find("\"usage\"") == std::string_view::npos || !tellsUsageAlone(event.data))
            continue;
        const auto from = static_cast<std::uint32_t>(event.raw.data() - stream.data());
        found = {.from = from, .to = from + static_cast<std::uint32_t>(event.raw.size())};
    }
    return found;
}

} // namespace gateway::wire
