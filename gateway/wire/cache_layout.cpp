// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/cache_layout.h"

#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/blank_text.h"
#include "gateway/wire/neutral/take_chars.h"

#include <algorithm>
#include <array>
#include <functional>

namespace gateway::wire {
namespace {

using Type = JsonCursor::Type;

constexpr std::array<std::string_view, 6> anthropicKinds {"text", "image", "document", "tool_use", "tool_result", "search_result"};
constexpr std::array<std::string_view, 5> converseKinds {"text", "image", "document", "toolUse", "toolResult"};

template <std::size_t size>
bool isOneOf(const std::array<std::string_view, size> &words, std::string_view word)
{
    return std::ranges::find(words, word) != words.end();
}

bool isMark(std::string_view key)
{
    return jsonStringIs(key, "cache_control") || key == "cachePoint";
}

class Reader
{
public:
    Reader(std::string_view body, WireFormat format) : m_in(body), m_converse(format == WireFormat::BedrockConverse) {}

    std::optional<CacheLayout> read()
    {
        const auto member = [&](std::string_view key) {
            if (isMark(key))
                return mark();
            if (key == "toolConfig" && m_converse && m_in.type() == Type::Object)
                return m_in.members([&](std::string_view inner) { return inner == "tools" ? tools() : m_in.skip(); });
            if (key == "tools" && !m_converse)
                return tools();
            if (key == "system")
                return system();
            return key == "messages" && m_in.type() == Type::Array ? m_in.elements([&] { return message(); }) : m_in.skip();
        };
        if (m_in.type() != Type::Object || !m_in.members(member) || !m_in.atEnd())
            return std::nullopt;
        return std::move(m_out);
    }

private:
    /// A null is no mark.
    bool mark()
    {
        m_out.marked = m_out.marked || m_in.type() == Type::Object;
        return m_in.skip();
    }

    bool tools()
    {
        return m_in.type() == Type::Array ? m_in.elements([&] { return tool(); }) : m_in.skip();
    }

    bool tool()
    {
        if (m_in.type() != Type::Object)
            return m_in.skip();
        CacheLayout::Tool tool;
        Chars name;
        const std::size_t from = m_in.offset();
        const bool read = m_in.members([&](std::string_view key) {
            if (isMark(key))
                return mark();
            if (key == "name")
                return takeChars(m_in, name);
            if (key == "toolSpec" && m_in.type() == Type::Object)
                return m_in.members([&](std::string_view inner) { return inner == "name" ? takeChars(m_in, name) : m_in.skip(); });
            if (key == "defer_loading" && m_in.type() == Type::Bool) {
                tool.deferred = m_in.boolean().value_or(false);
                return true;
            }
            return m_in.skip();
        });
        tool.name = name.raw;
        tool.text = m_in.since(from);
        m_out.tools.push_back(tool);
        return read;
    }

    bool system()
    {
        (void)m_in.type(); // past white space
        const std::size_t from = m_in.offset();
        std::uint32_t blocks = 0;
        if (!content(m_out.systemPlace, blocks))
            return false;
        if (const std::string_view value = m_in.since(from); value != "null")
            m_out.system = value;
        return true;
    }

    bool message()
    {
        if (m_in.type() != Type::Object)
            return m_in.skip();
        CacheLayout::Message message;
        const std::size_t from = m_in.offset();
        const bool read = m_in.members([&](std::string_view key) {
            if (key == "content")
                return content(message.place, message.blocks);
            Chars role;
            if (key != "role")
                return m_in.skip();
            const bool taken = takeChars(m_in, role);
            message.assistant = role.raw == "assistant";
            return taken;
        });
        message.digest = std::hash<std::string_view> {}(m_in.since(from));
        m_out.messages.push_back(message);
        return read;
    }

    /// A string, or blocks.
    bool content(std::string_view &place, std::uint32_t &blocks)
    {
        if (m_in.type() == Type::Array)
            return m_in.elements([&] { return block(place, blocks); });
        const bool isText = m_in.type() == Type::String;
        std::string_view whole;
        if (!m_in.skip(whole))
            return false;
        blocks = 1;
        if (isText && !isBlank({whole.substr(1, whole.size() - 2)}))
            place = whole;
        return true;
    }

    bool block(std::string_view &place, std::uint32_t &blocks)
    {
        if (m_in.type() != Type::Object)
            return m_in.skip();
        ++blocks;
        Chars type, text;
        bool known = false;
        const std::size_t from = m_in.offset();
        const bool read = m_in.members([&](std::string_view key) {
            if (isMark(key))
                return mark();
            if (key == "type")
                return takeChars(m_in, type);
            known = known || (m_converse && isOneOf(converseKinds, key));
            if (key == "text") {
                if (m_converse)
                    type.raw = "text";
                return takeChars(m_in, text);
            }
            return key == "content" && !m_converse && m_in.type() == Type::Array ? m_in.elements([&] { return inner(); }) : m_in.skip();
        });
        known = known || (!m_converse && isOneOf(anthropicKinds, type.raw));
        if (known && (type.raw != "text" || !isBlank(text)))
            place = m_in.since(from);
        return read;
    }

    /// A block within a tool's result: a mark may stand there too.
    bool inner()
    {
        if (m_in.type() != Type::Object)
            return m_in.skip();
        return m_in.members([&](std::string_view key) { return isMark(key) ? mark() : m_in.skip(); });
    }

    JsonCursor m_in;
    bool m_converse;
    CacheLayout m_out;
};

} // namespace

std::optional<CacheLayout> cacheLayout(std::string_view body, WireFormat format)
{
    return Reader(body, format).read();
}

} // namespace gateway::wire
