// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/gemini/answer_decoder.h"

#include "gateway/core/text.h"
#include "gateway/wire/gemini/finish_reasons.h"
#include "gateway/wire/gemini/usage.h"
#include "gateway/wire/neutral/take_chars.h"
#include "gateway/wire/neutral/tool_ids.h"

#include <algorithm>

namespace gateway::wire::gemini {
namespace {

using Type = JsonCursor::Type;
constexpr std::size_t maxChoices = 64;

bool flag(JsonCursor &in, bool &out)
{
    const auto value = in.boolean();
    out = value.value_or(false);
    return value || in.skip();
}

} // namespace

void GeminiAnswerDecoder::onEvent(std::string_view, std::string_view data, ChatEventSink &out)
{
    if (!m_ended && !trimmed(data).empty() && !read(data, out))
        fail({}, out);
}

void GeminiAnswerDecoder::onBody(std::string_view body, ChatEventSink &out)
{
    // Without alt=sse a stream is an array of its pieces (wire.md 11, trap 9).
    JsonCursor in(body);
    if (in.type() != Type::Array) {
        onEvent({}, body, out);
    } else if (!in.elements([&] {
                   std::string_view piece;
                   if (!in.skip(piece))
                       return false;
                   onEvent({}, piece, out);
                   return true;
               })) {
        return m_ended ? void() : fail({}, out);
    }
    onEnd(out);
    if (!m_ended)
        fail({}, out);
}

void GeminiAnswerDecoder::onEnd(ChatEventSink &out)
{
    if (m_ended || !whole())
        return;
    m_ended = true;
    out.onEvent(AnswerEnd {});
}

bool GeminiAnswerDecoder::whole() const
{
    const auto finished = [](const Choice &choice) { return choice.finished || !choice.begun; };
    return std::ranges::any_of(m_choices, &Choice::finished) && std::ranges::all_of(m_choices, finished);
}

bool GeminiAnswerDecoder::read(std::string_view text, ChatEventSink &out)
{
    JsonCursor in(text);
    Json error, candidates, counts;
    Chars blockReason, blockWords;
    m_start = {};
    const bool read = in.members([&](std::string_view key) {
        if (key == "responseId")
            return takeChars(in, m_start.id);
        if (key == "modelVersion")
            return takeChars(in, m_start.model);
        if (key == "error")
            return in.skip(error.raw);
        if (key == "candidates" && in.type() == Type::Array)
            return in.skip(candidates.raw);
        if (key == "usageMetadata" && in.type() == Type::Object)
            return in.skip(counts.raw);
        if (key == "promptFeedback" && in.type() == Type::Object)
            return in.members([&](std::string_view inner) {
                return inner == "blockReason" ? takeChars(in, blockReason) : inner == "blockReasonMessage" ? takeChars(in, blockWords) : in.skip();
            });
        return in.skip();
    });
    if (!read)
        return false;
    if (!error.empty()) {
        fail({text}, out);
        return true;
    }
    start(out);
    JsonCursor each(candidates.raw);
    if (!candidates.empty() && !each.elements([&] { return candidate(each, out); }))
        return false;
    if (!blockReason.empty())
        blocked(blockReason, blockWords, out);
    return counts.empty() || usage(counts, out);
}

bool GeminiAnswerDecoder::candidate(JsonCursor &in, ChatEventSink &out)
{
    std::uint32_t number = 0;
    Json content, sources, citations;
    Chars finishWord, finishWords;
    const bool read = in.members([&](std::string_view key) {
        if (key == "index") {
            const auto index = in.integer();
            number = index && *index >= 0 && *index < static_cast<std::int64_t>(maxChoices) ? static_cast<std::uint32_t>(*index) : 0;
            return index || in.skip();
        }
        if (key == "content" && in.type() == Type::Object)
            return in.skip(content.raw);
        if (key == "groundingMetadata" && in.type() == Type::Object)
            return in.skip(sources.raw);
        if (key == "citationMetadata" && in.type() == Type::Object)
            return in.skip(citations.raw);
        if (key == "finishMessage")
            return takeChars(in, finishWords);
        return key == "finishReason" ? takeChars(in, finishWord) : in.skip();
    });
    if (!read)
        return false;
    choiceAt(number).begun = true;
    JsonCursor inContent(content.raw);
    const bool parts = content.empty() || inContent.members([&](std::string_view key) {
        return key == "parts" && inContent.type() == Type::Array ? inContent.elements([&] { return part(inContent, number, out); }) : inContent.skip();
    });
    JsonCursor inSources(sources.raw), inCitations(citations.raw);
    if (!parts || (!sources.empty() && !grounding(inSources, number, out)) || (!citations.empty() && !cited(inCitations, number, out)))
        return false;
    if (!finishWord.empty())
        finish(number, finishWord, finishWords, out);
    return true;
}

bool GeminiAnswerDecoder::part(JsonCursor &in, std::uint32_t number, ChatEventSink &out)
{
    Chars text, signature;
    Json functionCall;
    bool thought = false, foreign = false;
    const std::size_t from = in.offset();
    const bool read = in.members([&](std::string_view key) {
        if (key == "text")
            return takeChars(in, text);
        if (key == "thought")
            return flag(in, thought);
        if (key == "thoughtSignature")
            return takeChars(in, signature);
        if (key == "functionCall" && in.type() == Type::Object)
            return in.skip(functionCall.raw);
        return foreign = true, in.skip();
    });
    if (!read)
        return false;
    if (!functionCall.empty())
        return call(functionCall, signature, number, out);
    endOpen(number, out);
    if (foreign && text.empty()) { // inlineData, executableCode and what is newer, with its signature
        out.onEvent(NativeBlock {.of = WireFormat::Gemini, .block = {trimmed(in.since(from))}});
        return true;
    }
    if (thought && !(text.empty() && signature.empty()))
        out.onEvent(ThinkingDelta {.choice = number, .text = text, .signature = signature, .issuer = WireFormat::Gemini});
    else if (!thought && !text.empty())
        out.onEvent(TextDelta {.choice = number, .text = text});
    if (!thought && !signature.empty()) // on a text, mostly an empty one at the end
        out.onEvent(ThinkingDelta {.choice = number, .signature = signature, .issuer = WireFormat::Gemini});
    return true;
}

/// Whole, or in pieces: a name with willContinue, then partialArgs, then an empty one.
bool GeminiAnswerDecoder::call(Json functionCall, Chars signature, std::uint32_t number, ChatEventSink &out)
{
    JsonCursor in(functionCall.raw);
    Chars id, name;
    Json args, pieces;
    bool goesOn = false;
    const bool read = in.members([&](std::string_view key) {
        if (key == "id")
            return takeChars(in, id);
        if (key == "name")
            return takeChars(in, name);
        if (key == "args" && in.type() == Type::Object)
            return in.skip(args.raw);
        if (key == "partialArgs" && in.type() == Type::Array)
            return in.skip(pieces.raw);
        return key == "willContinue" ? flag(in, goesOn) : in.skip();
    });
    if (!read)
        return false;
    Choice &choice = choiceAt(number);
    if (!name.empty()) {
        endOpen(number, out);
        const std::string made = id.empty() ? makeToolCallId(m_callId, number * 100 + choice.calls) : std::string();
        out.onEvent(ToolCallStart {.choice = number, .call = choice.calls, .id = {made.empty() ? id.raw : std::string_view(made)}, .name = name, .signature = signature});
        ++choice.calls;
        choice.open.emplace();
    }
    if (!choice.open)
        return true; // a closing piece of a call that is closed
    if (!pieces.empty() && !choice.open->take(pieces.raw))
        return false;
    if (!args.empty()) {
        const std::string quoted = jsonQuoted(args.raw);
        out.onEvent(ToolCallDelta {.choice = number, .call = choice.calls - 1, .arguments = {std::string_view(quoted).substr(1, quoted.size() - 2)}});
        out.onEvent(ToolCallEnd {.choice = number, .call = choice.calls - 1});
        choice.open.reset();
    } else if (!goesOn) {
        endOpen(number, out);
    }
    return true;
}

/// The call whose pieces have all come: its arguments are told at once.
void GeminiAnswerDecoder::endOpen(std::uint32_t number, ChatEventSink &out)
{
    Choice &choice = choiceAt(number);
    if (!choice.open)
        return;
    const std::string quoted = jsonQuoted(choice.open->object());
    choice.open.reset();
    out.onEvent(ToolCallDelta {.choice = number, .call = choice.calls - 1, .arguments = {std::string_view(quoted).substr(1, quoted.size() - 2)}});
    out.onEvent(ToolCallEnd {.choice = number, .call = choice.calls - 1});
}

bool GeminiAnswerDecoder::grounding(JsonCursor &in, std::uint32_t number, ChatEventSink &out)
{
    return in.members([&](std::string_view key) {
        if (key != "groundingChunks" || in.type() != Type::Array)
            return in.skip();
        return in.elements([&] {
            CitationFound citation {.choice = number};
            const bool read = in.members([&](std::string_view kind) {
                if ((kind != "web" && kind != "retrievedContext") || in.type() != Type::Object)
                    return in.skip();
                return in.members([&](std::string_view inner) {
                    return inner == "uri" ? takeChars(in, citation.url) : inner == "title" ? takeChars(in, citation.title) : in.skip();
                });
            });
            if (read && !citation.url.empty())
                out.onEvent(citation);
            return read;
        });
    });
}

/// What was recited: AI Studio and Vertex have a name each for the list.
bool GeminiAnswerDecoder::cited(JsonCursor &in, std::uint32_t number, ChatEventSink &out)
{
    return in.members([&](std::string_view key) {
        if ((key != "citationSources" && key != "citations") || in.type() != Type::Array)
            return in.skip();
        return in.elements([&] {
            CitationFound citation {.choice = number};
            const bool read = in.members([&](std::string_view inner) {
                return inner == "uri" ? takeChars(in, citation.url) : inner == "title" ? takeChars(in, citation.title) : in.skip();
            });
            if (read && !citation.url.empty())
                out.onEvent(citation);
            return read;
        });
    });
}

/// Cumulative: the last one holds. Early pieces of a stream may have none of the counts.
bool GeminiAnswerDecoder::usage(Json object, ChatEventSink &out)
{
    std::optional<TokenUsage> counts;
    const bool read = readUsage(object.raw, counts);
    if (counts)
        out.onEvent(UsageFound {*counts});
    return read;
}

/// @param words  why, where Google says: beside a filter they are told as the refusal's
void GeminiAnswerDecoder::finish(std::uint32_t number, Chars word, Chars words, ChatEventSink &out)
{
    Choice &choice = choiceAt(number);
    if (choice.finished)
        return;
    endOpen(number, out);
    choice.finished = true;
    FinishReason reason = finishReason(word.raw);
    if (reason == FinishReason::Stop && choice.calls > 0)
        reason = FinishReason::ToolCalls;
    if (reason == FinishReason::ContentFilter && !words.empty())
        out.onEvent(RefusalDelta {.choice = number, .text = words});
    out.onEvent(Finish {.choice = number, .reason = reason, .native = word});
}

/// The prompt was refused: there is no candidate at all.
void GeminiAnswerDecoder::blocked(Chars reason, Chars words, ChatEventSink &out)
{
    Choice &choice = choiceAt(0);
    if (choice.finished)
        return;
    if (!words.empty())
        out.onEvent(RefusalDelta {.text = words});
    choice.begun = choice.finished = true;
    out.onEvent(Finish {.reason = FinishReason::ContentFilter, .native = reason});
}

GeminiAnswerDecoder::Choice &GeminiAnswerDecoder::choiceAt(std::uint32_t number)
{
    if (number >= m_choices.size())
        m_choices.resize(number + 1);
    return m_choices[number];
}

void GeminiAnswerDecoder::start(ChatEventSink &out)
{
    if (m_started)
        return;
    m_started = true;
    out.onEvent(m_start);
}

void GeminiAnswerDecoder::fail(Json object, ChatEventSink &out)
{
    m_ended = true;
    out.onEvent(AnswerError {object});
}

} // namespace gateway::wire::gemini
