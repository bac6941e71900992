// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/answer_scan.h"

#include "gateway/core/text.h"
#include "gateway/wire/content_scan.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/utf8.h"

#include <fmt/format.h>

namespace gateway::wire {
namespace {

using Type = JsonCursor::Type;

/// The members that matter, as text within the body.
struct Members
{
    std::string_view choices {};
    std::string_view data {};
    std::string_view usage {};      ///< at the top: where it is looked for first
    std::string_view otherUsage {}; ///< in x_groq or a choice
    bool choicesRead = false;
    bool choiceError = false;
    bool error = false;
    bool flatError = false; ///< object or type is "error"
    bool message = false;   ///< a flat error's text
};

AnswerScan malformed(std::string why)
{
    AnswerScan scan;
    scan.why = std::move(why);
    return scan;
}

bool isFinishWord(std::string_view word)
{
    return word == "stop" || word == "length" || word == "tool_calls" || word == "content_filter" || word == "function_call";
}

/// @return false: bad JSON
bool readChoices(JsonCursor &cursor, AnswerScan &scan, Members &members)
{
    if (cursor.type() != Type::Array)
        return cursor.skip();
    members.choicesRead = true;
    return cursor.elements([&] {
        ChoiceContent choice {};
        if (!scanChoice(cursor, "message", choice, nullptr))
            return false;
        if (scan.finishReason.empty())
            scan.finishReason = unescapeJson(choice.finishReason);
        if (members.otherUsage.empty())
            members.otherUsage = choice.usage;
        members.choiceError = members.choiceError || choice.error;
        scan.shape.parts = scan.shape.parts || choice.parts;
        scan.shape.toolCalls = scan.shape.toolCalls || choice.toolCalls;
        scan.shape.foreignFinish = scan.shape.foreignFinish || !(choice.finishReason.empty() || isFinishWord(choice.finishReason));
        return true;
    });
}

bool readGroq(JsonCursor &cursor, Members &members)
{
    if (cursor.type() != Type::Object)
        return cursor.skip();
    return cursor.members([&](std::string_view key) { return key == "usage" ? cursor.skip(members.otherUsage) : cursor.skip(); });
}

bool readMember(JsonCursor &cursor, std::string_view key, AnswerScan &scan, Members &members, bool generates)
{
    if (key == "choices" && generates) {
        const std::size_t from = cursor.offset();
        const bool read = readChoices(cursor, scan, members);
        members.choices = cursor.since(from);
        return read;
    }
    if (key == "choices")
        return cursor.skip(members.choices);
    if (key == "data")
        return cursor.skip(members.data);
    if (key == "usage")
        return cursor.skip(members.usage);
    if (key == "x_groq")
        return readGroq(cursor, members);
    if (key == "error")
        return takeFilled(cursor, members.error);
    if (key == "message" || key == "detail")
        return takeFilled(cursor, members.message);
    if (key == "object" || key == "type") {
        std::string_view word;
        const bool taken = cursor.skip(word);
        members.flatError = members.flatError || word == "\"error\"";
        if (key == "object")
            scan.shape.object = word;
        return taken;
    }
    return cursor.skip();
}

/// Walks the top-level object to its end, so that a cut-off body is found out. @return what is wrong; empty: nothing
std::string walk(std::string_view body, AnswerScan &scan, Members &members, bool generates)
{
    if (!isUtf8(body))
        return "the answer is not valid UTF-8";
    JsonCursor cursor(body, JsonCursor::Strings::Checked);
    const Type type = cursor.type();
    if (type != Type::Object && type != Type::None)
        return "the answer is JSON, but not an object";
    const bool good = cursor.members([&](std::string_view key) {
        if (key.find('\\') == std::string_view::npos)
            return readMember(cursor, key, scan, members, generates);
        return readMember(cursor, unescapeJson(key), scan, members, generates);
    });
    if (!good)
        return fmt::format("the answer is not whole JSON ({} bytes came)", body.size());
    return cursor.atEnd() ? std::string() : "the answer goes on behind its JSON object";
}

/// The text of all choices, which only an estimate needs.
void countText(std::string_view choices, TextSize &text)
{
    JsonCursor cursor(choices);
    cursor.elements([&] {
        ChoiceContent choice {};
        return scanChoice(cursor, "message", choice, &text);
    });
}

} // namespace

TokenUsage AnswerScan::usageOrEstimate(std::int64_t promptTokens, Endpoint endpoint) const
{
    if (usage)
        return *usage;
    TokenUsage estimate;
    estimate.input = promptTokens;
    estimate.output = endpoint == Endpoint::Embeddings ? 0 : estimateTokens(text);
    estimate.estimated = true;
    return estimate;
}

AnswerScan scanAnswer(std::string_view body, Endpoint endpoint, ReasoningCount reasoning)
{
    const std::string_view content = trimmed(body);
    if (content.empty())
        return malformed("the answer has an empty body");
    if (content.front() == '<')
        return malformed("the answer is HTML or XML, not JSON");
    const bool embeddings = endpoint == Endpoint::Embeddings;
    const bool generates = endpoint == Endpoint::ChatCompletions || endpoint == Endpoint::Completions;
    AnswerScan scan;
    Members members;
    if (std::string wrong = walk(body, scan, members, generates); !wrong.empty())
        return malformed(std::move(wrong));

    const bool answers = embeddings ? !members.data.empty() : !members.choices.empty();
    if (members.error || (!answers && (members.flatError || members.message)) || members.choiceError) {
        scan.kind = AnswerScan::Kind::ErrorObject;
        return scan;
    }
    if (generates && !members.choicesRead)
        return malformed("the answer has no \"choices\"");
    if (embeddings && !members.data.starts_with('['))
        return malformed("the answer has no \"data\"");
    scan.kind = AnswerScan::Kind::Answer;
    const std::string_view usage = members.usage.starts_with('{') ? members.usage : members.otherUsage;
    if (!usage.empty()) {
        const auto from = static_cast<std::uint32_t>(usage.data() - body.data());
        scan.usageObject = {.from = from, .to = from + static_cast<std::uint32_t>(usage.size())};
        scan.usage = readUsage(usage, reasoning);
    }
    if (!scan.usage && generates)
        countText(members.choices, scan.text);
    return scan;
}

} // namespace gateway::wire
