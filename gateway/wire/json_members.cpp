// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/json_members.h"

#include "gateway/core/text.h"
#include "gateway/wire/json_cursor.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace gateway::wire {

Result<std::vector<JsonMember>> parseJsonMembers(std::string_view objectText)
{
    std::vector<JsonMember> members;
    if (trimmed(objectText).empty())
        return members;
    JsonCursor cursor(objectText);
    if (cursor.type() != JsonCursor::Type::Object)
        return fail(ErrorCode::Invalid, "must be a JSON object: { \"parameter\": value, ... }");
    const bool good = cursor.members([&](std::string_view key) {
        std::string_view value;
        if (!cursor.skip(value))
            return false;
        members.push_back({.name = unescapeJson(key), .value = std::string(value)});
        return true;
    });
    if (!good || !cursor.atEnd())
        return fail(ErrorCode::Invalid, fmt::format("is not valid JSON at byte {} of the text", cursor.offset()));
    return members;
}

bool isJson(std::string_view text)
{
    return nlohmann::json::accept(text);
}

} // namespace gateway::wire
