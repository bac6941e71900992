// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/cache/semantic_question.h"

#include "gateway/wire/json_cursor.h"

#include <string_view>

namespace gateway::stages {

namespace {

using wire::JsonCursor;

/// How the formats write a turn.
struct Words
{
    std::string_view turns;      ///< the member with the conversation
    std::string_view parts;      ///< of a turn: its text, or a list of parts
    std::string_view textType;   ///< `type` of a part of text; empty: parts have no type
    std::string_view turnType {};///< `type` that a turn may have
};

std::optional<Words> wordsOf(Endpoint endpoint)
{
    switch (endpoint) {
    case Endpoint::ChatCompletions:
    case Endpoint::Messages: return Words {.turns = "messages", .parts = "content", .textType = "text"};
    case Endpoint::Responses: return Words {.turns = "input", .parts = "content", .textType = "input_text", .turnType = "message"};
    case Endpoint::GenerateContent: return Words {.turns = "contents", .parts = "parts", .textType = ""};
    default: return std::nullopt;
    }
}

bool isText(JsonCursor &cursor, std::string_view wanted)
{
    std::string_view raw;
    return cursor.type() == JsonCursor::Type::String && cursor.string(raw) && wire::jsonStringIs(raw, wanted);
}

bool takeText(JsonCursor &cursor, std::string &out)
{
    std::string_view raw;
    if (cursor.type() != JsonCursor::Type::String || !cursor.string(raw))
        return false;
    out += out.empty() ? "" : "\n";
    out += wire::unescapeJson(raw);
    return true;
}

/// One part, of text alone.
bool takePart(JsonCursor &cursor, const Words &words, std::string &out)
{
    bool text = false;
    const bool good = cursor.type() == JsonCursor::Type::Object && cursor.members([&](std::string_view name) {
        if (name == "text" && !text)
            return text = takeText(cursor, out);
        return name == "type" && !words.textType.empty() && isText(cursor, words.textType);
    });
    return good && text;
}

bool takeContent(JsonCursor &cursor, const Words &words, std::string &out)
{
    if (cursor.type() == JsonCursor::Type::String && !words.textType.empty())
        return takeText(cursor, out);
    return cursor.type() == JsonCursor::Type::Array && cursor.elements([&] { return takePart(cursor, words, out); });
}

bool takeTurn(std::string_view turn, const Words &words, std::string &out)
{
    JsonCursor cursor(turn);
    bool user = words.textType.empty(), content = false; // Gemini may leave the role out
    const bool good = cursor.type() == JsonCursor::Type::Object && cursor.members([&](std::string_view name) {
        if (name == "role")
            return user = isText(cursor, "user");
        if (name == words.parts && !content)
            return content = takeContent(cursor, words, out);
        return name == "type" && !words.turnType.empty() && isText(cursor, words.turnType);
    });
    return good && user && content;
}

} // namespace

std::optional<SemanticQuestion> semanticQuestion(Endpoint endpoint, const wire::RequestScan &scan)
{
    const auto words = wordsOf(endpoint);
    const wire::Member *turns = words ? scan.find(words->turns) : nullptr;
    if (!turns)
        return std::nullopt;
    const std::string_view conversation = turns->value.in(scan.body);
    SemanticQuestion question;
    JsonCursor cursor(conversation);
    std::string_view last = conversation;
    bool good = false;
    if (cursor.type() == JsonCursor::Type::String) { // Responses: the question alone
        good = endpoint == Endpoint::Responses && takeText(cursor, question.text);
    } else if (cursor.type() == JsonCursor::Type::Array) {
        last = {};
        good = cursor.elements([&] { return cursor.skip(last); }) && takeTurn(last, *words, question.text);
    }
    if (!good || question.text.find_first_not_of(" \t\r\n") == std::string::npos)
        return std::nullopt;
    const auto from = static_cast<std::uint32_t>(last.data() - scan.body.data());
    question.turn = {.from = from, .to = from + static_cast<std::uint32_t>(last.size())};
    return question;
}

} // namespace gateway::stages
