// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/added_turns.h"

#include "gateway/core/text.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/json_writer.h"

#include <fmt/format.h>

namespace gateway::wire {

namespace {

using Type = JsonCursor::Type;

std::string_view memberOf(Endpoint endpoint)
{
    switch (endpoint) {
    case Endpoint::ChatCompletions:
    case Endpoint::Messages: return "messages";
    case Endpoint::Responses: return "input";
    case Endpoint::GenerateContent: return "contents";
    case Endpoint::Completions: return "prompt";
    default: return {};
    }
}

struct Value
{
    std::string_view raw {};
    Type type = Type::Null;
};

/// The last one of that name, as readers take it.
Value find(std::string_view body, std::string_view name)
{
    Value value;
    JsonCursor cursor(body);
    (void)cursor.members([&](std::string_view member) {
        if (member != name)
            return cursor.skip();
        value.type = cursor.type();
        return cursor.skip(value.raw);
    });
    return value;
}

void addTurn(std::string &turns, Endpoint endpoint, bool models, std::string_view text)
{
    if (text.empty())
        return;
    addElement(turns, [&](JsonWriter &json) {
        json.object();
        if (endpoint == Endpoint::GenerateContent)
            json.textMember("role", models ? "model" : "user").array("parts").object().textMember("text", text).endObject().endArray();
        else
            json.textMember("role", models ? "assistant" : "user").textMember("content", text);
        json.endObject();
    });
}

} // namespace

Result<std::string> withTurns(Endpoint endpoint, std::string_view body, std::string_view said, std::string_view reply)
{
    const std::string_view name = memberOf(endpoint);
    const Value value = name.empty() ? Value() : find(body, name);
    std::string instead;
    if (endpoint == Endpoint::Completions && value.type == Type::String) {
        const std::string more = jsonQuoted(fmt::format("{}\n\n{}\n\n", said, reply));
        instead = fmt::format("{}{}", value.raw.substr(0, value.raw.size() - 1), std::string_view(more).substr(1));
    } else if (endpoint != Endpoint::Completions && (value.type == Type::Array || (value.type == Type::String && endpoint == Endpoint::Responses))) {
        std::string turns;
        if (value.type == Type::Array)
            turns = trimmed(value.raw.substr(1, value.raw.size() - 2));
        else
            addElement(turns, [&](JsonWriter &json) { json.object().textMember("role", "user").member("content", Json {value.raw}).endObject(); });
        addTurn(turns, endpoint, true, said);
        addTurn(turns, endpoint, false, reply);
        instead = fmt::format("[{}]", turns);
    } else {
        return fail(ErrorCode::NotSupported, "The request has no conversation that can go on.");
    }
    const auto from = static_cast<std::size_t>(value.raw.data() - body.data());
    return fmt::format("{}{}{}", body.substr(0, from), instead, body.substr(from + value.raw.size()));
}

} // namespace gateway::wire
