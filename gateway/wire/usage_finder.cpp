// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/usage_finder.h"

#include "gateway/core/text.h"
#include "gateway/wire/base64.h"
#include "gateway/wire/bedrock/usage.h"
#include "gateway/wire/cohere/usage.h"
#include "gateway/wire/gemini/usage.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/take_count.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace gateway::wire {
namespace {

constexpr std::size_t mostCaught = 32 * 1024;
constexpr std::size_t largestEvent = 4 * 1024 * 1024; // beyond it nothing more is looked for

/// Counts that stand in the object itself: Ollama's, Titan's, Llama's at Amazon.
struct Flat
{
    std::string_view name;
    std::int64_t TokenUsage::*count;
};
constexpr std::array flats {
    Flat {"prompt_eval_count", &TokenUsage::input},
    Flat {"eval_count", &TokenUsage::output},
    Flat {"inputTextTokenCount", &TokenUsage::input},
    Flat {"prompt_token_count", &TokenUsage::input},
    Flat {"generation_token_count", &TokenUsage::output},
    Flat {"inputTokenCount", &TokenUsage::input},   // within amazon-bedrock-invocationMetrics
    Flat {"outputTokenCount", &TokenUsage::output},
};
constexpr std::array headerFlats {
    Flat {"x-amzn-bedrock-input-token-count", &TokenUsage::input},
    Flat {"x-amzn-bedrock-output-token-count", &TokenUsage::output},
};

constexpr std::string_view metrics = "amazon-bedrock-invocationMetrics";

/// What of a whole answer's top level can hold counts.
constexpr std::array<std::string_view, 9> caught {"usage", "usageMetadata", "meta", "x_groq", "prompt_eval_count", "eval_count", "inputTextTokenCount",
                                                  "prompt_token_count", "generation_token_count"};

std::optional<FramingKind> framingOf(std::string_view mediaType)
{
    if (equalsIgnoringCase(mediaType, "text/event-stream"))
        return FramingKind::Sse;
    if (equalsIgnoringCase(mediaType, "application/x-ndjson") || equalsIgnoringCase(mediaType, "application/jsonl"))
        return FramingKind::Lines;
    if (equalsIgnoringCase(mediaType, "application/vnd.amazon.eventstream"))
        return FramingKind::AwsFrames;
    return std::nullopt;
}

const Flat *flatOf(std::string_view name)
{
    const auto found = std::ranges::find(flats, name, &Flat::name);
    return found == flats.end() ? nullptr : &*found;
}

/// Whether these are OpenAI's counts, in which the prompt holds what came from a cache: Anthropic's have no sum.
bool isOpenAis(std::string_view usageObject)
{
    JsonCursor in(usageObject);
    bool found = false;
    in.members([&](std::string_view key) {
        found = found || key == "total_tokens" || key == "prompt_tokens" || key == "completion_tokens" || key.ends_with("_tokens_details");
        return in.skip();
    });
    return found;
}

} // namespace

UsageFinder::UsageFinder(std::span<const HeaderView> headers, ReasoningCount reasoning) : m_reasoning(reasoning)
{
    for (const Flat &flat : headerFlats) {
        std::int64_t count = 0;
        const std::string_view text = findHeader(headers, flat.name).value_or("");
        if (std::from_chars(text.data(), text.data() + text.size(), count).ec == std::errc())
            takePlain(flat.count, count);
    }
    const std::string_view type = findHeader(headers, "content-type").value_or("");
    const std::string_view media = trimmed(type.substr(0, type.find(';')));
    const auto coding = findHeader(headers, "content-encoding");
    if (coding && !equalsIgnoringCase(*coding, "identity"))
        return;
    if (const auto framing = framingOf(media)) {
        m_form = Form::Events;
        m_framing = makeFraming(*framing, largestEvent);
    } else if (equalsIgnoringCase(media, "application/json")) {
        m_form = Form::Unsure;
    }
}

void UsageFinder::feed(std::string_view bytes)
{
    if (m_form == Form::Unsure) {
        const std::size_t first = bytes.find_first_not_of(" \t\r\n");
        if (first == std::string_view::npos)
            return;
        m_form = bytes[first] == '{' ? Form::Object : bytes[first] == '[' ? Form::Array : Form::Nothing;
        if (m_form == Form::Object)
            m_catcher.emplace(caught, mostCaught);
        else if (m_form == Form::Array)
            m_elements.emplace(largestEvent);
    }
    switch (m_form) {
    case Form::Nothing:
    case Form::Unsure: break;
    case Form::Object: m_catcher->feed(bytes); break;
    case Form::Array:
        m_elements->feed(bytes);
        lookAtElements();
        break;
    case Form::Events:
        m_framing->feed(bytes);
        lookAtEvents();
        break;
    }
}

void UsageFinder::lookAtEvents()
{
    FramedEvent event;
    EventFraming::Next next = m_framing->next(event);
    for (; next == EventFraming::Next::Event; next = m_framing->next(event)) {
        if (event.hasData)
            look(event.data, 0);
    }
    if (next != EventFraming::Next::NeedMore)
        m_form = Form::Nothing;
}

void UsageFinder::lookAtElements()
{
    std::string_view element;
    JsonArrayParser::Next next = m_elements->next(element);
    for (; next == JsonArrayParser::Element; next = m_elements->next(element))
        look(element, 0);
    if (next != JsonArrayParser::NeedMore)
        m_form = Form::Nothing;
}

void UsageFinder::finish()
{
    FramedEvent event;
    if (m_form == Form::Object)
        look(m_catcher->object(), 0);
    else if (m_form == Form::Events && m_framing->finish(event) == EventFraming::Next::Event && event.hasData)
        look(event.data, 0);
    m_form = Form::Nothing;
}

void UsageFinder::look(std::string_view object, int depth)
{
    JsonCursor in(object);
    if (in.type() != JsonCursor::Type::Object)
        return;
    in.members([&](std::string_view key) {
        std::string_view value;
        if (in.type() == JsonCursor::Type::Object) {
            if (!in.skip(value))
                return false;
            takeInner(key, value, depth);
            return true;
        }
        if (in.type() == JsonCursor::Type::String && key == "bytes" && depth == 0) { // an event of Amazon's that wraps another's
            std::string_view text;
            if (!in.string(text))
                return false;
            if (const auto inner = fromBase64(text))
                look(*inner, 1);
            return true;
        }
        const Flat *flat = in.type() == JsonCursor::Type::Number ? flatOf(key) : nullptr;
        if (!flat)
            return in.skip();
        std::optional<std::int64_t> count;
        if (!takeCount(in, count))
            return false;
        takePlain(flat->count, count.value_or(0));
        return true;
    });
}

/// @param depth  0: of the event itself
void UsageFinder::takeInner(std::string_view key, std::string_view object, int depth)
{
    if (key == "usage")
        takeCounts(object);
    else if (key == "usageMetadata")
        gemini::readUsage(object, m_usage);
    else if (key == "meta")
        cohere::readUsage(object, m_usage);
    else if (key == metrics)
        look(object, 2);
    else if (depth < 2 && (key == "response" || key == "message" || key == "delta" || key == "x_groq")) // OpenAI's Responses, Anthropic, Cohere, Groq
        look(object, 2);
}

void UsageFinder::takePlain(std::int64_t TokenUsage::*count, std::int64_t value)
{
    m_plain = m_plain.value_or(TokenUsage {});
    (*m_plain).*count = std::max<std::int64_t>(value, 0);
}

void UsageFinder::takeCounts(std::string_view usageObject)
{
    if (isOpenAis(usageObject)) {
        if (const auto counts = readUsage(usageObject, m_reasoning))
            m_usage = counts;
        return;
    }
    std::optional<TokenUsage> counts = bedrock::readUsage(usageObject);
    if (!counts)
        cohere::readUsage(usageObject, counts);
    if (!counts && m_anthropic.take(usageObject))
        counts = m_anthropic.usage();
    if (counts)
        m_usage = counts;
}

} // namespace gateway::wire
