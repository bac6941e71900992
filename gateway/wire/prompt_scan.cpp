// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/prompt_scan.h"

#include "gateway/wire/gemini/thought_signature.h"
#include "gateway/wire/neutral/seal.h"

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

bool isText(std::string_view key)
{
    return key == "text" || key == "refusal" || key == "thinking";
}

/// What tools were called with and gave back, in a part (Anthropic), an item (Responses) or a part's only member (Gemini).
bool isToolText(std::string_view key)
{
    return key == "input" || key == "arguments" || key == "output" || key == "functionCall" || key == "functionResponse" || key == "function_call"
        || key == "function_response";
}

/// Where a provider's seal on a thought stands: Anthropic's blocks, Gemini's parts, Responses' items.
bool isSeal(std::string_view key)
{
    return key == "signature" || key == "data" || key == "thoughtSignature" || key == "thought_signature" || key == "encrypted_content";
}

/// Anthropic signs all its thoughts; and what has an envelope is of a provider of another format.
bool addSeal(JsonCursor &cursor, PromptSize &size)
{
    std::string_view seal;
    if (cursor.type() != Type::String)
        return cursor.skip();
    if (!cursor.string(seal))
        return false;
    ++size.seals;
    size.foreignSeals += seal.empty() || seal.starts_with(sealEnvelope) || seal.starts_with(gemini::sealedBeginning);
    return true;
}

/// One content part, or one item that holds some: the member that holds its payload tells its kind.
bool scanPart(JsonCursor &cursor, PromptSize &size)
{
    if (cursor.type() != Type::Object)
        return addText(cursor, size);
    return cursor.members([&](std::string_view key) {
        if (isText(key) || isToolText(key))
            return addText(cursor, size);
        if (isSeal(key))
            return addSeal(cursor, size);
        if (key == "content" || key == "parts")
            return cursor.type() == Type::Array ? cursor.elements([&] { return scanPart(cursor, size); }) : addText(cursor, size);
        size.images += key == "image_url" || key == "image" || key == "inlineData" || key == "inline_data" || key == "fileData" || key == "file_data" || key == "source";
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

bool isCommon(std::string_view key)
{
    return key == "content" || key == "tool_calls" || key == "tool_call_id" || key == "name" || key == "function_call";
}

/// Counts as the text that it is written as.
bool scanToolCalls(JsonCursor &cursor, PromptSize &size, MessageTraits &traits)
{
    const std::size_t from = cursor.offset();
    const auto member = [&](std::string_view key) {
        traits.seals = traits.seals || key == "extra_content";
        return cursor.skip();
    };
    if (!cursor.elements([&] { return cursor.type() == Type::Object ? cursor.members(member) : cursor.skip(); }))
        return false;
    size.text.add(cursor.since(from));
    return true;
}

bool scanMessage(JsonCursor &cursor, PromptSize &size, std::string_view &lastRole, MessageTraits &traits)
{
    ++size.messages;
    return cursor.members([&](std::string_view key) {
        if (key == "role")
            return readRole(cursor, lastRole, traits);
        if ((key == "content" || key == "parts") && cursor.type() == Type::Array)
            return cursor.elements([&] { return scanPart(cursor, size); });
        traits.names = traits.names || key == "name";
        traits.tools = traits.tools || key == "tool_calls";
        traits.extras = traits.extras || !isCommon(key);
        traits.reasoning = traits.reasoning || key == "reasoning_content";
        traits.seals = traits.seals || key == "reasoning_details";
        if (key == "tool_calls" && cursor.type() == Type::Array)
            return scanToolCalls(cursor, size, traits);
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

Result<void> scanMessages(JsonCursor &cursor, std::string_view name, PromptSize &size, MessageTraits &traits)
{
    const std::string_view content = name == "contents" ? "parts" : "content";
    if (cursor.type() != Type::Array)
        return fail(ErrorCode::BadRequest, fmt::format("\"{}\" must be an array of {{\"role\", \"{}\"}} objects.", name, content), std::string(name));
    std::size_t index = 0;
    std::string_view lastRole;
    bool wrongType = false;
    const bool good = cursor.elements([&] {
        wrongType = cursor.type() != Type::Object && cursor.type() != Type::None;
        if (wrongType)
            return false;
        ++index;
        const auto from = static_cast<std::uint32_t>(cursor.offset());
        if (!scanMessage(cursor, size, lastRole, traits))
            return false;
        if (lastRole == "user" || lastRole.empty())
            traits.lastUser = {.from = from, .to = static_cast<std::uint32_t>(cursor.offset())};
        return true;
    });
    if (wrongType)
        return fail(ErrorCode::BadRequest, fmt::format("\"{}[{}]\" must be an object with \"role\" and \"{}\".", name, index, content),
                    fmt::format("{}[{}]", name, index));
    if (!good)
        return broken(cursor, name);
    return {};
}

Result<void> scanContent(JsonCursor &cursor, std::string_view name, PromptSize &size)
{
    if (cursor.type() != Type::Object && cursor.type() != Type::String)
        return fail(ErrorCode::BadRequest, fmt::format("\"{}\" must be an object with \"parts\".", name), std::string(name));
    return scanPart(cursor, size) ? Result<void> {} : broken(cursor, name);
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
