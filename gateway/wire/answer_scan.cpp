// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/answer_scan.h"

#include "gateway/core/text.h"
#include "gateway/wire/content_scan.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/json_parser_impl.h"

#include <fmt/format.h>

namespace gateway::wire {
namespace {

/// The members that matter, as text within the body.
struct Members
{
    std::string_view choices {};
    std::string_view data {};
    std::string_view usage {};
    std::string_view groq {};
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

bool isFilled(std::string_view value)
{
    JsonCursor cursor(value);
    bool filled = false;
    return takeFilled(cursor, filled) && filled;
}

void keep(std::string_view name, std::string_view value, Members &members)
{
    if (name == "choices")
        members.choices = value;
    else if (name == "data")
        members.data = value;
    else if (name == "usage")
        members.usage = value;
    else if (name == "x_groq")
        members.groq = value;
    else if (name == "error")
        members.error = isFilled(value);
    else if (name == "message" || name == "detail")
        members.message = isFilled(value);
    else if (name == "object" || name == "type")
        members.flatError = members.flatError || value == "\"error\"";
}

/// Walks the top-level object to its end, so that a cut-off body is found out. @return what is wrong; empty: nothing
std::string walk(std::string_view body, simdjson::ondemand::parser &parser, Members &members)
{
    const simdjson::padded_string_view padded(body.data(), body.size(), body.size() + simdjson::SIMDJSON_PADDING);
    const auto cutOff = [&] { return fmt::format("the answer is not whole JSON ({} bytes came)", body.size()); };
    simdjson::ondemand::document doc;
    simdjson::ondemand::object object;
    if (const auto error = parser.iterate(padded).get(doc))
        return error == simdjson::UTF8_ERROR ? "the answer is not valid UTF-8" : cutOff();
    if (const auto error = doc.get_object().get(object))
        return error == simdjson::INCORRECT_TYPE ? "the answer is JSON, but not an object" : cutOff();
    for (auto found : object) {
        simdjson::ondemand::field field;
        if (std::move(found).get(field))
            return cutOff();
        std::string_view name;
        std::string_view value;
        if (field.unescaped_key().get(name) || wholeValue(field.value(), value))
            return cutOff();
        keep(name, value, members);
    }
    const char *behind = nullptr;
    if (!doc.current_location().get(behind) && behind < body.data() + body.size())
        return "the answer goes on behind its JSON object";
    return {};
}

std::string_view groqUsage(std::string_view groq)
{
    JsonCursor cursor(groq);
    std::string_view usage;
    if (cursor.type() == JsonCursor::Type::Object)
        cursor.members([&](std::string_view key) { return key == "usage" ? cursor.skip(usage) : cursor.skip(); });
    return usage;
}

/// @return false: not an array of choices
bool readChoices(std::string_view choices, AnswerScan &scan, std::string_view &usage, bool &error)
{
    JsonCursor cursor(choices);
    if (cursor.type() != JsonCursor::Type::Array)
        return false;
    return cursor.elements([&] {
        ChoiceContent choice {};
        if (!scanChoice(cursor, "message", choice, scan.text))
            return false;
        if (scan.finishReason.empty())
            scan.finishReason = unescapeJson(choice.finishReason);
        if (usage.empty())
            usage = choice.usage;
        error = error || choice.error;
        return true;
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

AnswerScan scanAnswer(std::string_view body, Endpoint endpoint, JsonParser &parser, ReasoningCount reasoning)
{
    const std::string_view content = trimmed(body);
    if (content.empty())
        return malformed("the answer has an empty body");
    if (content.front() == '<')
        return malformed("the answer is HTML or XML, not JSON");
    Members members;
    if (std::string wrong = withParser(parser, body.size(), [&](auto &chosen) { return walk(body, chosen, members); }); !wrong.empty())
        return malformed(std::move(wrong));

    AnswerScan scan;
    const bool embeddings = endpoint == Endpoint::Embeddings;
    const bool generates = endpoint == Endpoint::ChatCompletions || endpoint == Endpoint::Completions;
    const bool answers = embeddings ? !members.data.empty() : !members.choices.empty();
    if (members.error || (!answers && (members.flatError || members.message))) {
        scan.kind = AnswerScan::Kind::ErrorObject;
        return scan;
    }
    std::string_view otherUsage = groqUsage(members.groq);
    bool choiceError = false;
    if (generates && !readChoices(members.choices, scan, otherUsage, choiceError))
        return malformed("the answer has no \"choices\"");
    if (embeddings && !members.data.starts_with('['))
        return malformed("the answer has no \"data\"");
    if (choiceError) {
        scan.kind = AnswerScan::Kind::ErrorObject;
        return scan;
    }
    scan.kind = AnswerScan::Kind::Answer;
    const std::string_view usage = members.usage.starts_with('{') ? members.usage : otherUsage;
    if (!usage.empty()) {
        const auto from = static_cast<std::uint32_t>(usage.data() - body.data());
        scan.usageObject = {.from = from, .to = from + static_cast<std::uint32_t>(usage.size())};
        scan.usage = readUsage(usage, reasoning);
    }
    return scan;
}

} // namespace gateway::wire
