// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/openai_chat/answer_decoder.h"

#include "gateway/core/text.h"
#include "gateway/wire/content_scan.h"
#include "gateway/wire/neutral/take_chars.h"
#include "gateway/wire/neutral/tool_ids.h"
#include "gateway/wire/openai_chat/finish_words.h"

#include <algorithm>
#include <utility>

namespace gateway::wire::openai_chat {
namespace {

using Type = JsonCursor::Type;
constexpr std::size_t maxChoices = 128; ///< OpenAI's own limit of n

/// Whether a block of reasoning_details has text of its own.
bool hasWords(Json details)
{
    JsonCursor in(details.raw);
    bool words = false;
    in.elements([&] {
        return in.members([&](std::string_view key) {
            Chars text;
            if (key != "text" && key != "summary")
                return in.skip();
            const bool read = takeChars(in, text);
            words |= !text.empty();
            return read;
        });
    });
    return words;
}

} // namespace

/// A member of `tool_calls`, streamed or whole.
struct ChatAnswerDecoder::ToolDelta
{
    std::int64_t index = -1;
    Chars id {}, name {}, arguments {}, signature {};
    std::string quoted {}; ///< of arguments that came as an object
};

void ChatAnswerDecoder::onEvent(std::string_view type, std::string_view data, ChatEventSink &out)
{
    const std::string_view content = trimmed(data);
    if (m_ended || content.empty())
        return;
    if (content == "[DONE]") {
        m_done = true;
        return onEnd(out);
    }
    if (type == "error")
        return fail({data}, out);
    if (!read(data, out))
        fail({}, out);
}

void ChatAnswerDecoder::onBody(std::string_view body, ChatEventSink &out)
{
    if (!read(body, out))
        return fail({}, out);
    m_done = true;
    onEnd(out);
    if (!m_ended)
        fail({}, out); // there is no choice in it
}

void ChatAnswerDecoder::onEnd(ChatEventSink &out)
{
    if (m_ended || !whole())
        return;
    for (std::uint32_t number = 0; number < m_choices.size(); ++number)
        if (m_choices[number].begun)
            finish(number, {}, out); // some end with [DONE] alone
    m_ended = true;
    out.onEvent(AnswerEnd {});
}

bool ChatAnswerDecoder::whole() const
{
    const auto finished = [](const Choice &choice) { return choice.finished || !choice.begun; };
    return m_done ? !m_choices.empty() : std::ranges::any_of(m_choices, &Choice::finished) && std::ranges::all_of(m_choices, finished);
}

/// The members of a chunk or a body that matter, in whichever order.
struct ChatAnswerDecoder::Top
{
    AnswerStart start {};
    Json usage {}, choices {}, sources {};
    bool error = false;
    bool errorWords = false; ///< a flat error's: one only where there are no choices

    bool read(std::string_view text)
    {
        JsonCursor in(text);
        return in.members([&](std::string_view key) { return member(in, key); }) && in.atEnd();
    }

    bool member(JsonCursor &in, std::string_view key)
    {
        if (key == "id")
            return takeChars(in, start.id);
        if (key == "model")
            return takeChars(in, start.model);
        if (key == "created") {
            const auto created = in.integer();
            start.created = created.value_or(0);
            return created || in.skip();
        }
        if (key == "error")
            return takeFilled(in, error);
        if (key == "message" || key == "detail")
            return takeFilled(in, errorWords);
        if (key == "usage" && in.type() == Type::Object)
            return in.skip(usage.raw);
        if (key == "x_groq" && in.type() == Type::Object)
            return in.members([&](std::string_view inner) {
                return inner == "usage" && usage.empty() ? in.skip(usage.raw) : inner == "error" ? takeFilled(in, error) : in.skip();
            });
        if ((key == "search_results" || (key == "citations" && sources.empty())) && in.type() == Type::Array)
            return in.skip(sources.raw);
        return key == "choices" && in.type() == Type::Array ? in.skip(choices.raw) : in.skip();
    }
};

/// A chunk or a body: both have the same members, `delta` in one is `message` in the other. Usage is told last, since it
/// belongs behind the finish that may stand after it in the text.
bool ChatAnswerDecoder::read(std::string_view text, ChatEventSink &out)
{
    Top top;
    if (!top.read(text))
        return false;
    if (top.error || (top.errorWords && top.choices.empty())) {
        fail({text}, out);
        return true;
    }
    m_start = top.start;
    if (!m_start.id.empty())
        start(out);
    if (m_sources.size() != top.sources.raw.size() && !top.sources.empty())
        m_sources = top.sources.raw;
    JsonCursor each(top.choices.raw);
    bool failed = false;
    if (!top.choices.empty() && !each.elements([&] { return choice(each, failed, out); }))
        return false;
    if (failed) {
        fail({text}, out);
        return true;
    }
    if (const auto counts = top.usage.empty() ? std::nullopt : readUsage(top.usage.raw, m_reasoning)) {
        start(out);
        out.onEvent(UsageFound {*counts});
    }
    return true;
}

/// @param failed  set where the choice holds an error (OpenRouter)
bool ChatAnswerDecoder::choice(JsonCursor &in, bool &failed, ChatEventSink &out)
{
    std::uint32_t number = 0;
    Json said, usage;
    Chars finishWord;
    const bool read = in.members([&](std::string_view key) {
        if (key == "index") {
            const auto index = in.integer();
            number = index && *index >= 0 && *index < static_cast<std::int64_t>(maxChoices) ? static_cast<std::uint32_t>(*index) : 0;
            return index || in.skip();
        }
        if ((key == "delta" || key == "message") && in.type() == Type::Object)
            // Perplexity sends both in a chunk; `message` is then all of the text so far.
            return key == "delta" || said.empty() ? in.skip(said.raw) : in.skip();
        if (key == "finish_reason")
            return takeChars(in, finishWord);
        if (key == "error")
            return takeFilled(in, failed);
        if (key == "usage" && in.type() == Type::Object) // Moonshot
            return in.skip(usage.raw);
        return in.skip();
    });
    if (!read)
        return false;
    choiceAt(number);
    JsonCursor words(said.raw);
    if (!said.empty() && !message(words, number, out))
        return false;
    if (!finishWord.empty() && !failed)
        finish(number, finishWord, out);
    if (const auto counts = usage.empty() ? std::nullopt : readUsage(usage.raw, m_reasoning)) {
        start(out);
        out.onEvent(UsageFound {*counts});
    }
    return true;
}

bool ChatAnswerDecoder::message(JsonCursor &in, std::uint32_t number, ChatEventSink &out)
{
    Json details;
    Chars reasoning;
    Json contentValue, toolCalls, legacyCall, annotations;
    Chars refusal;
    const bool read = in.members([&](std::string_view key) {
        if (key == "content")
            return in.skip(contentValue.raw);
        if (key == "refusal")
            return takeChars(in, refusal);
        if ((key == "reasoning_content" || key == "reasoning") && reasoning.empty())
            return takeChars(in, reasoning);
        if (key == "reasoning_details" && in.type() == Type::Array)
            return in.skip(details.raw);
        if (key == "tool_calls" && in.type() == Type::Array)
            return in.skip(toolCalls.raw);
        if (key == "function_call" && in.type() == Type::Object)
            return in.skip(legacyCall.raw);
        if (key == "annotations" && in.type() == Type::Array)
            return in.skip(annotations.raw);
        return in.skip();
    });
    if (!read)
        return false;
    // In the order in which a caller's format wants them, whatever the order here: thought, words, calls.
    JsonCursor inDetails(details.raw), inContent(contentValue.raw), inCalls(toolCalls.raw), inLegacy(legacyCall.raw), inAnnotations(annotations.raw);
    // The thought stands in both; the seals stand in the details alone.
    const bool wordsInDetails = hasWords(details);
    if (!reasoning.empty() && !wordsInDetails) {
        tellThought({.choice = number, .text = reasoning}, out);
    }
    if (!details.empty() && !inDetails.elements([&] { return reasoningDetail(inDetails, number, out); }))
        return false;
    if (!contentValue.empty() && !content(inContent, number, out))
        return false;
    if (!refusal.empty()) {
        start(out);
        out.onEvent(RefusalDelta {.choice = number, .text = refusal});
    }
    if (!annotations.empty() && !inAnnotations.elements([&] { return annotation(inAnnotations, number, out); }))
        return false;
    if (!toolCalls.empty() && !inCalls.elements([&] { return toolDelta(inCalls, number, out); }))
        return false;
    if (legacyCall.empty())
        return true;
    ToolDelta delta {.index = 0};
    const bool whole = inLegacy.members([&](std::string_view key) {
        return key == "name" ? takeChars(inLegacy, delta.name) : key == "arguments" ? takeChars(inLegacy, delta.arguments) : inLegacy.skip();
    });
    if (whole)
        onToolDelta(delta, number, out);
    return whole;
}

bool ChatAnswerDecoder::content(JsonCursor &in, std::uint32_t number, ChatEventSink &out)
{
    if (in.type() == Type::Array)
        return in.elements([&] { return contentPart(in, number, out); });
    Chars text;
    if (!takeChars(in, text))
        return false;
    if (!text.empty()) {
        start(out);
        out.onEvent(TextDelta {.choice = number, .text = text});
    }
    return true;
}

/// Mistral's: {type: text, text}, {type: thinking, thinking: [{type: text, text}]}.
bool ChatAnswerDecoder::contentPart(JsonCursor &in, std::uint32_t number, ChatEventSink &out)
{
    if (in.type() != Type::Object)
        return in.skip();
    start(out);
    return in.members([&](std::string_view key) {
        Chars text;
        if (key == "text" && in.type() == Type::String) {
            if (!takeChars(in, text))
                return false;
            if (!text.empty())
                out.onEvent(TextDelta {.choice = number, .text = text});
            return true;
        }
        if (key != "thinking" || in.type() != Type::Array)
            return in.skip();
        return in.elements([&] {
            return in.members([&](std::string_view inner) {
                if (inner != "text")
                    return in.skip();
                if (!takeChars(in, text))
                    return false;
                out.onEvent(ThinkingDelta {.choice = number, .text = text});
                return true;
            });
        });
    });
}

/// OpenRouter's: {type: reasoning.text | reasoning.summary | reasoning.encrypted, ...}.
bool ChatAnswerDecoder::reasoningDetail(JsonCursor &in, std::uint32_t number, ChatEventSink &out)
{
    ThinkingDelta delta {.choice = number};
    Chars format;
    const bool read = in.members([&](std::string_view key) {
        if (key == "text" || key == "summary")
            return takeChars(in, delta.text);
        if (key == "signature")
            return takeChars(in, delta.signature);
        if (key == "data")
            return takeChars(in, delta.redacted);
        return key == "format" ? takeChars(in, format) : in.skip();
    });
    if (!read)
        return false;
    delta.issuer = reasoningIssuer(format.raw);
    tellThought(delta, out);
    return true;
}

/// A seal may come with the whole thought, whose pieces came before: only what is new of it is told.
void ChatAnswerDecoder::tellThought(const ThinkingDelta &delta, ChatEventSink &out)
{
    Choice &choice = choiceAt(delta.choice);
    ThinkingDelta told = delta;
    const std::string_view words = delta.text.raw;
    const bool sealed = !delta.signature.empty() || !delta.redacted.empty();
    if (sealed && choice.thought > 0 && words.size() >= choice.thought && StableHash().add(words.substr(0, choice.thought)) == choice.thoughtHash)
        told.text = {words.substr(choice.thought)};
    choice.thought = sealed ? 0 : choice.thought + words.size();
    choice.thoughtHash = sealed ? StableHash() : choice.thoughtHash.add(words);
    start(out);
    out.onEvent(told);
}

bool ChatAnswerDecoder::annotation(JsonCursor &in, std::uint32_t number, ChatEventSink &out)
{
    CitationFound citation {.choice = number};
    const auto place = [&](std::int64_t &to) {
        if (const auto value = in.integer())
            return to = *value, true;
        return in.skip();
    };
    const bool read = in.members([&](std::string_view key) {
        if (key != "url_citation" || in.type() != Type::Object)
            return in.skip();
        return in.members([&](std::string_view inner) {
            if (inner == "url")
                return takeChars(in, citation.url);
            if (inner == "title")
                return takeChars(in, citation.title);
            if (inner == "start_index")
                return place(citation.from);
            return inner == "end_index" ? place(citation.to) : in.skip();
        });
    });
    if (read && !citation.url.empty()) {
        start(out);
        out.onEvent(citation);
    }
    return read;
}

bool ChatAnswerDecoder::toolDelta(JsonCursor &in, std::uint32_t number, ChatEventSink &out)
{
    ToolDelta delta;
    const auto function = [&](std::string_view key) {
        if (key == "name")
            return takeChars(in, delta.name);
        if (key != "arguments" && key != "input")
            return in.skip();
        if (in.type() != Type::Object)
            return takeChars(in, delta.arguments);
        std::string_view object;
        if (!in.skip(object))
            return false;
        delta.quoted = jsonQuoted(object);
        delta.arguments = {std::string_view(delta.quoted).substr(1, delta.quoted.size() - 2)};
        return true;
    };
    const bool read = in.members([&](std::string_view key) {
        if (key == "index") {
            const auto index = in.integer();
            delta.index = index.value_or(-1);
            return index || in.skip();
        }
        if (key == "id")
            return takeChars(in, delta.id);
        if ((key == "function" || key == "custom") && in.type() == Type::Object)
            return in.members(function);
        if (key == "extra_content" && in.type() == Type::Object)
            return in.members([&](std::string_view vendor) {
                return vendor != "google" || in.type() != Type::Object ? in.skip() : in.members([&](std::string_view inner) {
                    return inner == "thought_signature" ? takeChars(in, delta.signature) : in.skip();
                });
            });
        return in.skip();
    });
    if (read)
        onToolDelta(delta, number, out);
    return read;
}

void ChatAnswerDecoder::onToolDelta(const ToolDelta &delta, std::uint32_t number, ChatEventSink &out)
{
    Choice &choice = choiceAt(number);
    choice.begun = true;
    Call &call = callOf(choice, delta);
    if (!call.begun && !delta.name.empty()) {
        call.name = delta.name.raw;
        begin(call, number, delta.signature, out);
    }
    if (!call.begun)
        call.arguments += delta.arguments.raw;
    else if (!delta.arguments.empty())
        out.onEvent(ToolCallDelta {.choice = number, .call = call.number, .arguments = delta.arguments});
}

/// Which call a delta belongs to: a new id opens a call, whatever its index; else the index says; else it goes on the last.
ChatAnswerDecoder::Call &ChatAnswerDecoder::callOf(Choice &choice, const ToolDelta &delta)
{
    const auto open = [&]() -> Call & {
        return choice.calls.emplace_back(Call {.index = delta.index, .id = std::string(delta.id.raw), .number = static_cast<std::uint32_t>(choice.calls.size())});
    };
    if (!delta.id.empty()) {
        const auto same = std::ranges::find(choice.calls, delta.id.raw, &Call::id);
        if (same != choice.calls.end() && (delta.index < 0 || same->index == delta.index))
            return *same;
        const auto unnamed = std::ranges::find_if(choice.calls, [&](const Call &call) { return call.id.empty() && delta.index >= 0 && call.index == delta.index && !call.begun; });
        if (unnamed == choice.calls.end())
            return open();
        unnamed->id = delta.id.raw;
        return *unnamed;
    }
    if (delta.index >= 0) {
        const auto last = std::ranges::find(choice.calls.rbegin(), choice.calls.rend(), delta.index, &Call::index);
        // A whole call without an id, at an index that has one already, is another call.
        const bool another = last != choice.calls.rend() && last->begun && last->id.empty() && !delta.name.empty();
        return last == choice.calls.rend() || another ? open() : *last;
    }
    return choice.calls.empty() || !delta.name.empty() ? open() : choice.calls.back();
}

void ChatAnswerDecoder::begin(Call &call, std::uint32_t number, Chars signature, ChatEventSink &out)
{
    start(out);
    call.begun = true;
    const std::string made = call.id.empty() ? makeToolCallId(m_callId, number * 100 + call.number) : std::string();
    out.onEvent(ToolCallStart {.choice = number, .call = call.number, .id = {made.empty() ? call.id : made}, .name = {call.name}, .signature = signature});
    if (!call.arguments.empty())
        out.onEvent(ToolCallDelta {.choice = number, .call = call.number, .arguments = {call.arguments}});
}

/// Perplexity's and xAI's: addresses, or objects with one and a title.
void ChatAnswerDecoder::tellSources(ChatEventSink &out)
{
    const std::string sources = std::exchange(m_sources, {});
    JsonCursor in(sources);
    in.elements([&] {
        CitationFound found;
        const bool read = in.type() != Type::Object ? takeChars(in, found.url) : in.members([&](std::string_view key) {
            return key == "url" ? takeChars(in, found.url) : key == "title" ? takeChars(in, found.title) : in.skip();
        });
        if (read && !found.url.empty())
            out.onEvent(found);
        return read;
    });
}

void ChatAnswerDecoder::finish(std::uint32_t number, Chars word, ChatEventSink &out)
{
    Choice &choice = choiceAt(number);
    if (choice.finished)
        return;
    start(out);
    choice.finished = true;
    if (!m_sources.empty())
        tellSources(out);
    for (Call &call : choice.calls) {
        if (!call.begun && !(call.id.empty() && call.arguments.empty())) // its name never came
            begin(call, number, {}, out);
        if (call.begun)
            out.onEvent(ToolCallEnd {.choice = number, .call = call.number});
    }
    FinishReason reason = finishReason(word.raw);
    if (reason == FinishReason::Stop && !choice.calls.empty() && word.raw != "stop")
        reason = FinishReason::ToolCalls;
    out.onEvent(Finish {.choice = number, .reason = reason, .native = word});
}

ChatAnswerDecoder::Choice &ChatAnswerDecoder::choiceAt(std::uint32_t number)
{
    if (number >= m_choices.size())
        m_choices.resize(number + 1);
    m_choices[number].begun = true;
    return m_choices[number];
}

void ChatAnswerDecoder::start(ChatEventSink &out)
{
    if (m_started)
        return;
    m_started = true;
    out.onEvent(m_start);
}

void ChatAnswerDecoder::fail(Json object, ChatEventSink &out)
{
    m_ended = true;
    out.onEvent(AnswerError {object});
}

} // namespace gateway::wire::openai_chat
