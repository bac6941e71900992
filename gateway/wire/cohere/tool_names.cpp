// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/cohere/tool_names.h"

#include <algorithm>

namespace gateway::wire::cohere {
namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isTaken(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

} // namespace

ToolNames::ToolNames(const ChatRequest &request)
{
    std::set<std::string_view> taken;
    std::vector<std::string_view> refused; // in the order of the request, so that the same names come of it again
    const auto see = [&](Chars name) {
        const bool good = !name.empty() && !isDigit(name.raw.front()) && std::ranges::all_of(name.raw, isTaken);
        if (good)
            taken.insert(name.raw);
        else if (!name.empty())
            refused.push_back(name.raw);
    };
    for (const ChatTool &tool : request.tools)
        see(tool.name);
    for (const ChatMessage &message : request.messages)
        for (const ChatPart &part : message.parts)
            if (const auto *call = std::get_if<ToolCallPart>(&part))
                see(call->name);
    for (const std::string_view name : refused)
        change(name, taken);
}

void ToolNames::change(std::string_view name, const std::set<std::string_view> &taken)
{
    if (m_sent.contains(name))
        return;
    std::string sent(name);
    for (char &c : sent)
        if (!isTaken(c))
            c = '_';
    if (isDigit(sent.front()))
        sent.insert(0, 1, '_');
    const std::string stem = sent;
    // The count goes on from name to name: thousands that differ in a dash alone cost no more than others.
    for (std::size_t number = m_sent.size() + 1; taken.contains(sent) || m_asked.contains(sent); ++number)
        sent = stem + '_' + std::to_string(number);
    m_asked.emplace(sent, name);
    m_sent.emplace(name, std::move(sent));
}

Chars ToolNames::lookUp(const Map &map, Chars name)
{
    const auto found = map.find(name.raw);
    return found == map.end() ? name : Chars {found->second};
}

} // namespace gateway::wire::cohere
