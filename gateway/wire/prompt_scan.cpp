// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/prompt_scan.h"

#include <fmt/format.h>

namespace gateway::wire {
namespace {

using Type = JsonCursor::Type;

bool addText(JsonCursor &cursor, PromptSize &size)
{
    std::string_view raw;
    if (!cursor.skip(raw))
        return false;
    if (raw.size() >= 2 && raw.front() == '"')
        raw = raw.substr(1, raw.size() - 2);
    if (raw != "null")
        size.text.add(raw);
    return true;
}

/// One content part: the member that holds its payload tells its kind.
bool scanPart(JsonCursor &cursor, PromptSize &size)
{
    if (cursor.type() != Type::Object)
        return addText(cursor, size);
    return cursor.members([&](std::string_view key) {
        if (key == "text" || key == "refusal" || key == "thinking")
            return addText(cursor, size);
        size.images += key == "image_url" || key == "image";
        size.audios += key == "input_audio";
        size.files += key == "file";
        return cursor.skip();
    });
}

bool readRole(JsonCursor &cursor, std::string_view &lastRole, MessageTraits &traits)
{
    std::string_view role;
    if (cursor.type() != Type::String)
        return cursor.skip();
    if (!cursor.string(role))
        return false;
    traits.developer = traits.developer || role == "developer";
    traits.system = traits.system || role == "system";
    traits.tools = traits.tools || role == "tool";
    traits.repeats = traits.repeats || role == lastRole;
    const bool instructed = lastRole.empty() || lastRole == "system" || lastRole == "developer";
    traits.firstIsAssistant = traits.firstIsAssistant || (instructed && role == "assistant");
    traits.lastIsAssistant = role == "assistant";
    lastRole = role;
    return true;
}

bool scanMessage(JsonCursor &cursor, PromptSize &size, std::string_view &lastRole, MessageTraits &traits)
{
    ++size.messages;
    return cursor.members([&](std::string_view key) {
        if (key == "role")
            return readRole(cursor, lastRole, traits);
        if (key == "content" && cursor.type() == Type::Array)
            return cursor.elements([&] { return scanPart(cursor, size); });
        traits.names = traits.names || key == "name";
        traits.tools = traits.tools || key == "tool_calls";
        traits.reasoning = traits.reasoning || key == "reasoning_content";
        if (key == "content" || key == "tool_calls" || key == "function_call" || key == "name" || key == "refusal" || key == "reasoning_content")
            return addText(cursor, size);
        return cursor.skip();
    });
}

std::unexpected<Error> broken(const JsonCursor &cursor, std::string_view name)
{
    if (cursor.tooDeep())
        return fail(ErrorCode::BadRequest, fmt::format("\"{}\" is nested deeper than {} levels.", name, JsonCursor::maxDepth), std::string(name));
    return fail(ErrorCode::BadRequest, fmt::format("The request body is not valid JSON within \"{}\", at byte {}.", name, cursor.offset()),
                std::string(name));
}

} // namespace

Result<void> scanMessages(JsonCursor &cursor, PromptSize &size, MessageTraits &traits)
{
    if (cursor.type() != Type::Array)
        return fail(ErrorCode::BadRequest, "\"messages\" must be an array of {\"role\", \"content\"} objects.", "messages");
    std::size_t index = 0;
    std::string_view lastRole;
    bool wrongType = false;
    const bool good = cursor.elements([&] {
        wrongType = cursor.type() != Type::Object && cursor.type() != Type::None;
        if (wrongType)
            return false;
        ++index;
        return scanMessage(cursor, size, lastRole, traits);
    });
    if (wrongType)
        return fail(ErrorCode::BadRequest, fmt::format("\"messages[{}]\" must be an object with \"role\" and \"content\".", index),
                    fmt::format("messages[{}]", index));
    if (!good)
        return broken(cursor, "messages");
    return {};
}

Result<void> scanInput(JsonCursor &cursor, std::string_view name, PromptSize &size)
{
    const Type type = cursor.type();
    if (type != Type::String && type != Type::Array)
        return fail(ErrorCode::BadRequest, fmt::format("\"{}\" must be a string or an array.", name), std::string(name));
    if (type == Type::String)
        return addText(cursor, size) ? Result<void> {} : broken(cursor, name);

    const auto element = [&] {
        if (cursor.type() == Type::Number) {
            ++size.tokenIds;
            return cursor.skip();
        }
        return scanPart(cursor, size);
    };
    const bool good = cursor.elements([&] { return cursor.type() == Type::Array ? cursor.elements(element) : element(); });
    if (!good)
        return broken(cursor, name);
    return {};
}

} // namespace gateway::wire
