// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/telemetry/otlp_content.h"

#include "gateway/core/text.h"
#include "gateway/wire/codecs.h"
#include "gateway/wire/event_framing.h"
#include "gateway/wire/json_array_parser.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/overloaded.h"

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <utility>

namespace gateway::telemetry {

namespace {

using Json = nlohmann::ordered_json;

std::optional<wire::WireFormat> formatOf(Endpoint endpoint)
{
    switch (endpoint) {
    case Endpoint::ChatCompletions: return wire::WireFormat::OpenAiChat;
    case Endpoint::Messages: return wire::WireFormat::Anthropic;
    case Endpoint::Responses: return wire::WireFormat::OpenAiResponses;
    case Endpoint::GenerateContent: return wire::WireFormat::Gemini;
    default: return std::nullopt;
    }
}

std::string textOf(const Json &json)
{
    return json.empty() ? std::string() : json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string plain(wire::Chars chars)
{
    return wire::unescapeJson(chars.raw);
}

/// Arguments and results are JSON where they can be read as such.
Json valueOf(std::string_view text)
{
    Json value = Json::parse(text, nullptr, false);
    return value.is_discarded() ? Json(std::string(text)) : value;
}

Json textPart(std::string text)
{
    return {{"type", "text"}, {"content", std::move(text)}};
}

Json reasoning(std::string text)
{
    return {{"type", "reasoning"}, {"content", std::move(text)}};
}

/// @param arguments  JSON text
Json toolCall(const std::string &id, const std::string &name, std::string_view arguments)
{
    return {{"type", "tool_call"}, {"id", id}, {"name", name}, {"arguments", valueOf(arguments)}};
}

Json media(const char *modality, const wire::MediaSource &source)
{
    Json part {{"type", "uri"}, {"modality", modality}};
    if (!source.mediaType.empty())
        part["mime_type"] = plain(source.mediaType);
    if (source.kind == wire::MediaSource::Kind::Url)
        part["uri"] = plain(source.data);
    return part;
}

std::string resultText(const wire::ToolResultPart &result)
{
    std::string text;
    for (const wire::TextOrMedia &piece : result.content) {
        if (const auto *words = std::get_if<wire::TextPart>(&piece.value))
            text += plain(words->text);
    }
    return text;
}

/// Null: nothing of it is told.
Json partOf(const wire::ChatPart &part)
{
    return std::visit(wire::Overloaded {[](const wire::TextPart &text) { return textPart(plain(text.text)); },
                                        [](const wire::RefusalPart &refusal) { return textPart(plain(refusal.text)); },
                                        [](const wire::ImagePart &image) { return media("image", image.source); },
                                        [](const wire::AudioPart &) { return media("audio", {}); },
                                        [](const wire::FilePart &file) { return media("document", file.source); },
                                        [](const wire::ToolCallPart &call) { return toolCall(plain(call.id), plain(call.name), call.arguments.raw); },
                                        [](const wire::ToolResultPart &result) { return Json {{"type", "tool_call_response"}, {"id", plain(result.callId)}, {"response", valueOf(resultText(result))}}; },
                                        [](const wire::ThinkingPart &thought) { return thought.text.empty() ? Json() : reasoning(plain(thought.text)); },
                                        [](const wire::NativePart &) { return Json(); }},
                      part);
}

const char *roleOf(wire::Role role)
{
    switch (role) {
    case wire::Role::System:
    case wire::Role::Developer: return "system";
    case wire::Role::Assistant: return "assistant";
    case wire::Role::Tool: return "tool";
    case wire::Role::User: break;
    }
    return "user";
}

void readInput(wire::WireFormat format, std::string_view body, OtlpContent &content)
{
    const auto request = wire::readRequest(format, body);
    if (!request)
        return;
    Json instructions = Json::array(), messages = Json::array();
    for (const wire::ChatMessage &message : request->messages) {
        const bool system = message.role == wire::Role::System || message.role == wire::Role::Developer;
        Json parts = Json::array();
        for (const wire::ChatPart &part : message.parts) {
            if (Json made = partOf(part); !made.is_null())
                (system ? instructions : parts).push_back(std::move(made));
        }
        if (!system)
            messages.push_back({{"role", roleOf(message.role)}, {"parts", std::move(parts)}});
    }
    content.instructions = textOf(instructions);
    content.input = textOf(messages);
}

const char *wordOf(wire::FinishReason reason)
{
    switch (reason) {
    case wire::FinishReason::Length: return "length";
    case wire::FinishReason::ToolCalls: return "tool_call";
    case wire::FinishReason::ContentFilter:
    case wire::FinishReason::Refusal: return "content_filter";
    case wire::FinishReason::Error: return "error";
    case wire::FinishReason::Stop:
    case wire::FinishReason::StopSequence: break;
    }
    return "stop";
}

/// Puts an answer's pieces together, each choice for itself.
class Collector final : public wire::ChatEventSink
{
public:
    void onEvent(const wire::ChatEvent &event) override
    {
        std::visit(wire::Overloaded {[this](const wire::TextDelta &delta) { m_choices[delta.choice].text += plain(delta.text); },
                                     [this](const wire::RefusalDelta &delta) { m_choices[delta.choice].text += plain(delta.text); },
                                     [this](const wire::ThinkingDelta &delta) { m_choices[delta.choice].thought += plain(delta.text); },
                                     [this](const wire::ToolCallStart &start) { m_choices[start.choice].calls[start.call] = {plain(start.id), plain(start.name), {}}; },
                                     [this](const wire::ToolCallDelta &delta) { m_choices[delta.choice].calls[delta.call].arguments += delta.arguments.raw; },
                                     [this](const wire::Finish &finish) { m_choices[finish.choice].finish = wordOf(finish.reason); },
                                     [](const auto &) {}},
                   event);
    }

    void put(OtlpContent &content) const
    {
        Json messages = Json::array();
        for (const auto &[number, choice] : m_choices) {
            Json parts = Json::array();
            if (!choice.thought.empty())
                parts.push_back(reasoning(choice.thought));
            if (!choice.text.empty())
                parts.push_back(textPart(choice.text));
            for (const auto &[index, call] : choice.calls)
                parts.push_back(toolCall(call.id, call.name, wire::unescapeJson(call.arguments)));
            messages.push_back({{"role", "assistant"}, {"parts", std::move(parts)}, {"finish_reason", choice.finish}});
            if (!choice.finish.empty())
                content.finishReasons.push_back(choice.finish);
        }
        content.output = textOf(messages);
    }

private:
    struct Call
    {
        std::string id, name;
        std::string arguments; ///< as the characters of a JSON string
    };
    struct Choice
    {
        std::string text, thought, finish;
        std::map<std::uint32_t, Call> calls;
    };
    std::map<std::uint32_t, Choice> m_choices;
};

void readArray(std::string_view body, wire::AnswerDecoder &decoder, Collector &collector)
{
    wire::JsonArrayParser elements(body.size() + 1);
    elements.feed(body);
    for (std::string_view element; elements.next(element) == wire::JsonArrayParser::Element;)
        decoder.onEvent({}, element, collector);
    decoder.onEnd(collector);
}

void readStream(std::string_view body, wire::AnswerDecoder &decoder, Collector &collector)
{
    const auto framing = wire::makeFraming(wire::FramingKind::Sse, body.size() + 1);
    framing->feed(body);
    for (wire::FramedEvent event; framing->next(event) == wire::EventFraming::Next::Event;) {
        if (event.hasData)
            decoder.onEvent(event.type, event.data, collector);
    }
    decoder.onEnd(collector);
}

void readOutput(wire::WireFormat format, const CallRecord &call, OtlpContent &content)
{
    const std::string_view body = trimmed(call.bodies.answer);
    const auto decoder = wire::makeDecoder(format, {.callId = call.id});
    Collector collector;
    if (body.starts_with('['))
        readArray(body, *decoder, collector); // Gemini's other way of streaming
    else if (body.starts_with('{'))
        decoder->onBody(body, collector);
    else
        readStream(body, *decoder, collector);
    collector.put(content);
}

} // namespace

OtlpContent contentOf(const CallRecord &call)
{
    OtlpContent content;
    const auto format = formatOf(call.endpoint);
    if (!format)
        return content;
    if (!call.bodies.request.empty() && !call.bodies.requestCut)
        readInput(*format, call.bodies.request, content);
    if (!call.bodies.answer.empty() && !call.bodies.answerCut && call.status != CallStatus::Failed && call.status != CallStatus::Refused)
        readOutput(*format, call, content);
    return content;
}

} // namespace gateway::telemetry
