// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/answer_text.h"

#include "gateway/wire/answer_delivery.h"
#include "gateway/wire/codecs.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/overloaded.h"

#include <algorithm>
#include <variant>

namespace gateway::wire {

class AnswerText::Sink final : public ChatEventSink
{
public:
    explicit Sink(AnswerText &into) : m_into(into) {}

    void onEvent(const ChatEvent &event) override
    {
        std::visit(Overloaded {[&](const TextDelta &delta) { m_into.say(delta.choice, delta.text.raw); },
                               [&](const ToolCallStart &call) {
                                   if (Choice *choice = m_into.at(call.choice))
                                       choice->callsTools = true;
                               },
                               [&](const Finish &finish) {
                                   if (Choice *choice = m_into.at(finish.choice)) // one that says nothing is a choice too
                                       choice->finished = true;
                                   m_into.m_failed = m_into.m_failed || finish.reason == FinishReason::Error;
                               },
                               [&](const AnswerEnd &) { m_into.m_ended = true; }, [&](const AnswerError &) { m_into.m_failed = true; }, [](const auto &) {}},
                   event);
    }

private:
    AnswerText &m_into;
};

std::string AnswerText::Choice::text() const
{
    return unescapeJson(escaped);
}

bool AnswerText::isEnding() const
{
    return m_ended || (!m_choices.empty() && std::ranges::all_of(m_choices, &Choice::finished));
}

bool AnswerText::reads(Endpoint endpoint)
{
    return endpoint == Endpoint::Completions || deliveredFormat(endpoint);
}

AnswerText::AnswerText(Endpoint endpoint)
{
    if (const auto format = deliveredFormat(endpoint))
        m_decoder = makeDecoder(*format, {});
}

AnswerText::~AnswerText() = default;

AnswerText::Choice *AnswerText::at(std::uint32_t choice)
{
    if (choice >= mostChoices) {
        m_failed = true;
        return nullptr;
    }
    if (choice >= m_choices.size())
        m_choices.resize(choice + 1);
    return &m_choices[choice];
}

void AnswerText::say(std::uint32_t number, std::string_view escaped)
{
    Choice *choice = at(number);
    m_size += escaped.size();
    if (choice == nullptr || m_size > longest)
        m_failed = true;
    else
        choice->escaped += escaped;
}

/// A whole text completion, or one event of a streamed one: they have the same members.
void AnswerText::completion(std::string_view json)
{
    JsonCursor cursor(json);
    const auto choice = [&] {
        std::uint32_t number = 0;
        std::string_view text;
        const bool good = cursor.members([&](std::string_view name) {
            if (name == "text" && cursor.type() == JsonCursor::Type::String)
                return cursor.string(text);
            if (name != "index" || cursor.type() != JsonCursor::Type::Number)
                return cursor.skip();
            const auto index = cursor.integer();
            number = index && *index >= 0 && *index < static_cast<std::int64_t>(mostChoices) ? static_cast<std::uint32_t>(*index) : static_cast<std::uint32_t>(mostChoices);
            return index.has_value();
        });
        say(number, text);
        return good;
    };
    const bool good = cursor.type() == JsonCursor::Type::Object && cursor.members([&](std::string_view name) {
        return name == "choices" && cursor.type() == JsonCursor::Type::Array ? cursor.elements(choice) : cursor.skip();
    });
    m_failed = m_failed || !good;
}

void AnswerText::whole(std::string_view body)
{
    if (!m_decoder) {
        completion(body);
        m_ended = true;
        return;
    }
    Sink sink(*this);
    m_decoder->onBody(body, sink);
    if (!m_failed && !m_ended)
        m_decoder->onEnd(sink);
}

void AnswerText::event(std::string_view type, std::string_view data)
{
    if (m_failed || m_ended)
        return;
    Sink sink(*this);
    if (m_decoder)
        m_decoder->onEvent(type, data, sink);
    else if (data == "[DONE]")
        m_ended = true;
    else
        completion(data);
}

void AnswerText::piece(std::string_view bytes, bool isArray)
{
    if (isArray) {
        m_elements.feed(bytes);
        std::string_view element;
        auto next = m_elements.next(element);
        for (; next == JsonArrayParser::Element; next = m_elements.next(element))
            event({}, element);
        m_failed = m_failed || next != JsonArrayParser::NeedMore;
        return;
    }
    m_events.feed(bytes);
    SseEvent each;
    auto next = m_events.next(each);
    for (; next == SseParser::Event; next = m_events.next(each)) {
        if (each.hasData)
            event(each.type, each.data);
    }
    m_failed = m_failed || next == SseParser::TooLarge;
}

void AnswerText::finish()
{
    if (m_failed || m_ended || !m_decoder)
        return;
    Sink sink(*this);
    m_decoder->onEnd(sink);
}

} // namespace gateway::wire
