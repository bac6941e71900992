// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/neutral/call_order.h"

#include <algorithm>
#include <limits>

namespace gateway::wire {

void CallOrder::add(const ToolCallPart &call)
{
    if (!call.id.empty())
        m_calls[call.id.raw] = {.number = m_count, .name = call.name};
    ++m_count;
}

Chars CallOrder::nameOf(const ToolResultPart &result) const
{
    if (!result.name.empty())
        return result.name;
    const auto call = m_calls.find(result.callId.raw);
    return call == m_calls.end() ? Chars {} : call->second.name;
}

std::vector<const ChatPart *> CallOrder::takeResults(const std::vector<ChatMessage> &messages, std::size_t &next) const
{
    std::vector<const ChatPart *> parts;
    for (; next < messages.size() && messages[next].role == Role::Tool; ++next) {
        for (const ChatPart &part : messages[next].parts)
            parts.push_back(&part);
    }
    std::ranges::stable_sort(parts, {}, [this](const ChatPart *part) {
        const auto *result = std::get_if<ToolResultPart>(part);
        const auto call = result ? m_calls.find(result->callId.raw) : m_calls.end();
        return call == m_calls.end() ? std::numeric_limits<std::size_t>::max() : call->second.number;
    });
    return parts;
}

} // namespace gateway::wire
