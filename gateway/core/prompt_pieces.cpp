// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/cut_json.h"
#include "gateway/core/json_text.h"
#include "gateway/core/prompt_prefix.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <tuple>

namespace gateway {

namespace {

using Json = nlohmann::ordered_json;

/// Of the body, of what its tools stand in, and of a message: the names that formats have for them.
constexpr std::array<std::string_view, 3> messageNames {"messages", "contents", "input"};
constexpr std::array<std::string_view, 4> systemNames {"system", "systemInstruction", "system_instruction", "instructions"};
constexpr std::array<std::string_view, 2> markNames {"cache_control", "cachePoint"};

template <std::size_t size>
bool isOneOf(const std::array<std::string_view, size> &names, std::string_view name)
{
    return std::ranges::find(names, name) != names.end();
}

const Json *memberOf(const Json &object, std::string_view name)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

/// Marks say what is to be kept, and are no part of it.
Json withoutMarks(const Json &value)
{
    if (value.is_object()) {
        Json clean = Json::object();
        for (const auto &[name, member] : value.items()) {
            if (!isOneOf(markNames, name))
                clean[name] = withoutMarks(member);
        }
        return clean;
    }
    if (!value.is_array())
        return value;
    Json clean = Json::array();
    for (const Json &each : value) {
        Json element = withoutMarks(each);
        if (!each.is_object() || !element.empty() || each.empty())
            clean.push_back(std::move(element));
    }
    return clean;
}

std::string written(const Json &value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// A text block's text, whatever its format calls it; nullopt: it is something else.
std::optional<std::string> blockText(const Json &block)
{
    constexpr std::array<std::string_view, 4> kinds {"", "text", "input_text", "output_text"};
    const Json *text = memberOf(block, "text");
    if (!text || !text->is_string() || !isOneOf(kinds, textOf(block, "type")))
        return std::nullopt;
    return text->get<std::string>();
}

/// A content as one text: a string is short for a block of text.
std::string flat(const Json &content)
{
    if (content.is_string())
        return content.get<std::string>();
    if (const auto text = blockText(content))
        return *text;
    if (const Json *parts = memberOf(content, "parts"))
        return flat(*parts);
    if (!content.is_array())
        return content.is_null() ? std::string() : written(content);
    std::string all;
    for (const Json &each : content)
        all.append(all.empty() ? "" : "\n").append(flat(each));
    return all;
}

PromptPiece messagePiece(const Json &message)
{
    if (!message.is_object())
        return {.name = {}, .text = flat(message)};
    PromptPiece piece {.name = textOf(message, "role"), .text = {}};
    if (piece.name.empty())
        piece.name = textOf(message, "type"); // an item of the Responses: a call, or its output
    Json rest = Json::object();
    for (const auto &[name, member] : message.items()) {
        if (name == "content" || name == "parts")
            piece.text = flat(member);
        else if (name != "role" && !member.is_null())
            rest[name] = member;
    }
    if (rest.size() == 1 && rest.contains("type"))
        rest.clear(); // "message", said or not
    if (!rest.empty())
        piece.text.append(piece.text.empty() ? "" : "\n").append(written(rest));
    return piece;
}

void addTool(const Json &tool, std::vector<PromptPiece> &tools)
{
    for (const std::string_view list : {"functionDeclarations", "function_declarations"}) {
        if (const Json *functions = memberOf(tool, list); functions && functions->is_array()) {
            for (const Json &function : *functions)
                addTool(function, tools);
            return;
        }
    }
    std::string name = textOf(tool, "name");
    for (const std::string_view inner : {"function", "toolSpec"}) {
        if (const Json *spec = memberOf(tool, inner); spec && name.empty())
            name = textOf(*spec, "name");
    }
    if (name.empty())
        name = textOf(tool, "type"); // a tool of the provider's own
    if (!tool.empty())
        tools.push_back({.name = std::move(name), .text = written(tool)});
}

bool isSystem(const PromptPiece &message)
{
    return message.name == "system" || message.name == "developer";
}

class Reader
{
public:
    Reader(const Json &body, bool cut) : m_body(body), m_cut(cut) {}

    std::optional<PromptPieces> read()
    {
        const Json *messages = nullptr;
        for (const auto &[name, member] : m_body.items()) {
            if (isOneOf(messageNames, name))
                messages = &member;
            else if (name == "tools")
                readTools(member);
            else if (const Json *tools = name == "toolConfig" ? memberOf(member, "tools") : nullptr)
                readTools(*tools);
            else if (isOneOf(systemNames, name))
                m_out.system = flat(member);
        }
        if (!messages)
            return std::nullopt;
        readMessages(*messages);
        if (m_cut)
            leaveOutWhatIsNotWhole();
        else
            complete();
        return std::move(m_out);
    }

private:
    void readTools(const Json &tools)
    {
        std::vector<PromptPiece> &all = m_out.tools.emplace();
        if (!tools.is_array())
            return;
        for (const Json &tool : tools)
            addTool(tool, all);
    }

    void readMessages(const Json &messages)
    {
        if (!messages.is_array()) {
            m_out.messages.push_back({.name = "user", .text = flat(messages)});
            return;
        }
        for (const Json &message : messages)
            m_out.messages.push_back(messagePiece(message));
        std::size_t leading = 0;
        while (leading < m_out.messages.size() && isSystem(m_out.messages[leading]))
            ++leading;
        if (m_cut && leading == m_out.messages.size()) { // the system's text itself was cut
            m_out.messages.clear();
            return;
        }
        for (std::size_t i = 0; i < leading; ++i) {
            std::string &system = m_out.system ? *m_out.system : m_out.system.emplace();
            system.append(system.empty() ? "" : "\n").append(m_out.messages[i].text);
        }
        m_out.messages.erase(m_out.messages.begin(), m_out.messages.begin() + static_cast<std::ptrdiff_t>(leading));
    }

    /// The last member is the one that was cut.
    void leaveOutWhatIsNotWhole()
    {
        const std::string last = std::prev(m_body.end()).key();
        if (last == "tools" || last == "toolConfig")
            m_out.tools.reset();
        else if (isOneOf(systemNames, last))
            m_out.system.reset();
        m_out.wholeMessages = !isOneOf(messageNames, last);
        if (!m_out.wholeMessages && !m_out.messages.empty())
            m_out.messages.pop_back();
    }

    /// What is not there is none.
    void complete()
    {
        if (!m_out.tools)
            m_out.tools.emplace();
        if (!m_out.system)
            m_out.system.emplace();
    }

    const Json &m_body;
    bool m_cut;
    PromptPieces m_out;
};

} // namespace

std::optional<PromptPieces> promptPieces(std::string_view body, bool cut, bool byName)
{
    const Json read = Json::parse(cut ? closedJson(body) : std::string(body), nullptr, false);
    if (!read.is_object())
        return std::nullopt;
    const Json clean = withoutMarks(read);
    std::optional<PromptPieces> pieces = Reader(clean, cut).read();
    if (pieces && pieces->tools && byName)
        std::ranges::stable_sort(*pieces->tools, [](const PromptPiece &a, const PromptPiece &b) { return std::tie(a.name, a.text) < std::tie(b.name, b.text); });
    return pieces;
}

} // namespace gateway
