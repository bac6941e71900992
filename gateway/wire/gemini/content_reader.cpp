// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/gemini/content_reader.h"

#include "gateway/wire/gemini/part_reader.h"
#include "gateway/wire/neutral/turns.h"

#include <fmt/format.h>

#include <utility>

namespace gateway::wire::gemini {
namespace {

using Type = JsonCursor::Type;

class ContentReader
{
public:
    ContentReader(RequestCursor &in, ChatRequest &request) : m_in(in), m_request(request), m_pairs(request) {}

    bool system(std::string_view name)
    {
        ChatMessage message {.role = Role::System};
        if (m_in.type() == Type::Null)
            return m_in.skip();
        if (!parts(name, false, message.parts))
            return false;
        // Wherever the member stands in the body, the system's words come first.
        if (!message.parts.empty())
            m_request.messages.insert(m_request.messages.begin(), std::move(message));
        return true;
    }

    bool turn(std::string_view name)
    {
        const Chars role = roleAhead();
        if (role.raw == "model")
            return model(name);
        if (!role.empty() && role.raw != "user" && role.raw != "function")
            return m_in.fail(name.empty() ? "role" : fmt::format("{}.role", name), fmt::format("is \"{}\", which is none of user, model, function", role.raw.substr(0, 40)));
        ChatMessage message {.role = Role::User};
        if (!parts(name, false, message.parts))
            return false;
        m_afterModel = false;
        if (!message.parts.empty())
            addTurns(std::move(message), m_request.messages);
        return true;
    }

private:
    bool model(std::string_view name)
    {
        if (!std::exchange(m_afterModel, true)) {
            m_pairs.beginStep();
            m_request.messages.push_back({.role = Role::Assistant});
        }
        if (!parts(name, true, m_request.messages.back().parts))
            return false;
        if (m_request.messages.back().parts.empty()) {
            m_request.messages.pop_back();
            m_afterModel = false;
        }
        return true;
    }

    bool parts(std::string_view name, bool fromModel, std::vector<ChatPart> &to)
    {
        if (m_in.type() != Type::Object)
            return m_in.fail(name, "must be an object with parts");
        return m_in.members(name, [&](std::string_view key) {
            if (key == "parts")
                return oneOrMore(m_in, key, [&](std::string_view place) { return readPart(m_in, place, fromModel, m_request, m_pairs, to); });
            Chars role;
            return key == "role" ? m_in.chars(key, role) : m_in.skip();
        });
    }

    /// It may stand behind the parts whose meaning hangs on it.
    Chars roleAhead() const
    {
        Chars role;
        RequestCursor ahead = m_in;
        ahead.members({}, [&](std::string_view key) { return key == "role" && ahead.type() == Type::String ? ahead.chars(key, role) : ahead.skip(); });
        return role;
    }

    RequestCursor &m_in;
    ChatRequest &m_request;
    CallPairs m_pairs;
    bool m_afterModel = false; ///< the last turn was the model's: what follows of it belongs to it
};

} // namespace

bool readSystemInstruction(RequestCursor &in, std::string_view name, ChatRequest &request)
{
    return ContentReader(in, request).system(name);
}

bool readContents(RequestCursor &in, std::string_view name, ChatRequest &request)
{
    ContentReader reader(in, request);
    return oneOrMore(in, name, [&](std::string_view place) { return reader.turn(place); });
}

} // namespace gateway::wire::gemini
