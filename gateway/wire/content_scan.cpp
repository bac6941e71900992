// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/content_scan.h"

#include "gateway/core/text.h"

#include <charconv>

namespace gateway::wire {
namespace {

using Type = JsonCursor::Type;

bool isFilled(std::string_view raw)
{
    if (raw == "null" || raw == "\"\"")
        return false;
    if (raw.size() >= 2 && (raw.front() == '[' || raw.front() == '{'))
        return !trimmed(raw.substr(1, raw.size() - 2)).empty();
    return true;
}

/// A string, or Mistral's array of parts; its text is counted.
bool scanText(JsonCursor &cursor, bool &content, TextSize *text)
{
    std::string_view raw;
    if (!cursor.skip(raw))
        return false;
    if (!isFilled(raw))
        return true;
    content = true;
    if (text)
        text->add(raw.front() == '"' ? raw.substr(1, raw.size() - 2) : raw);
    return true;
}

/// Tool calls: what counts for an estimate are names and arguments.
bool scanToolCalls(JsonCursor &cursor, bool &content, TextSize *text)
{
    if (cursor.type() != Type::Array)
        return cursor.skip();
    return cursor.elements([&] {
        content = true;
        if (cursor.type() != Type::Object)
            return cursor.skip();
        return cursor.members([&](std::string_view key) {
            if (key != "function" || cursor.type() != Type::Object)
                return cursor.skip();
            return cursor.members([&](std::string_view) { return scanText(cursor, content, text); });
        });
    });
}

/// A `delta` or `message`.
bool scanMessage(JsonCursor &cursor, ChoiceContent &choice, TextSize *text)
{
    if (cursor.type() != Type::Object)
        return cursor.skip();
    std::string_view reasoning;
    bool reasoningContent = false;
    const bool good = cursor.members([&](std::string_view key) {
        if (key == "content" || key == "refusal" || key == "function_call") {
            choice.parts = choice.parts || (key == "content" && cursor.type() == Type::Array);
            return scanText(cursor, choice.content, text);
        }
        if (key == "reasoning_content") {
            const bool taken = scanText(cursor, reasoningContent, text);
            choice.content = choice.content || reasoningContent;
            return taken;
        }
        if (key == "tool_calls") {
            choice.toolCalls = true;
            return scanToolCalls(cursor, choice.content, text);
        }
        if (key == "reasoning")
            return cursor.skip(reasoning);
        if (key == "reasoning_details" || key == "audio" || key == "images") {
            bool filled = false;
            const bool taken = takeFilled(cursor, filled);
            choice.content = choice.content || filled;
            return taken;
        }
        return cursor.skip();
    });
    if (!good)
        return false;
    // Some servers send the same reasoning under both names.
    if (!reasoningContent && reasoning.size() > 2 && reasoning.front() == '"') {
        choice.content = true;
        if (text)
            text->add(reasoning.substr(1, reasoning.size() - 2));
    }
    return true;
}

} // namespace

bool takeFilled(JsonCursor &cursor, bool &filled)
{
    std::string_view raw;
    if (!cursor.skip(raw))
        return false;
    filled = isFilled(raw);
    return true;
}

bool scanChoice(JsonCursor &cursor, std::string_view holder, ChoiceContent &choice, TextSize *text)
{
    if (cursor.type() != Type::Object)
        return cursor.skip();
    return cursor.members([&](std::string_view key) {
        if (key == holder)
            return scanMessage(cursor, choice, text);
        if (key == "text")
            return scanText(cursor, choice.content, text);
        if (key == "finish_reason" && cursor.type() == Type::String)
            return cursor.string(choice.finishReason);
        if (key == "usage" && cursor.type() == Type::Object)
            return cursor.skip(choice.usage);
        if (key == "index" && cursor.type() == Type::Number) {
            std::string_view digits;
            if (!cursor.skip(digits))
                return false;
            std::from_chars(digits.data(), digits.data() + digits.size(), choice.index);
            return true;
        }
        if (key == "error")
            return takeFilled(cursor, choice.error);
        return cursor.skip();
    });
}

} // namespace gateway::wire
