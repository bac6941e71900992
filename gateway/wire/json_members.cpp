// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/json_members.h"

#include "gateway/core/text.h"
#include "gateway/wire/json_cursor.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <cstdint>

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

namespace {

std::uint32_t codeUnit(std::string_view text, std::size_t at)
{
    std::uint32_t unit = 0;
    if (text.size() < at + 6 || text[at] != '\\' || text[at + 1] != 'u')
        return 0;
    const char *digits = text.data() + at + 2;
    return std::from_chars(digits, digits + 4, unit, 16).ptr == digits + 4 ? unit : 0;
}

/// The text with U+FFFD for halves of surrogate pairs that stand alone.
std::string withoutLoneSurrogates(std::string_view text)
{
    std::string out(text);
    for (std::size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at)) {
        const std::uint32_t unit = codeUnit(text, at);
        const bool high = unit >= 0xD800 && unit < 0xDC00, low = unit >= 0xDC00 && unit < 0xE000;
        const std::uint32_t next = high ? codeUnit(text, at + 6) : 0;
        const bool pair = next >= 0xDC00 && next < 0xE000;
        if ((high && !pair) || low)
            out.replace(at + 2, 4, "fffd");
        at += pair ? 12 : unit ? 6 : 2;
    }
    return out;
}

} // namespace

bool isJson(std::string_view text)
{
    // RFC 8259, 8.2 allows escapes of lone surrogates; models write them where they are cut off.
    return nlohmann::json::accept(text) || (text.find("\\u") != std::string_view::npos && nlohmann::json::accept(withoutLoneSurrogates(text)));
}

} // namespace gateway::wire
