// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/neutral/turns.h"

#include <algorithm>
#include <utility>

namespace gateway::wire {

void addTurns(ChatMessage message, std::vector<ChatMessage> &messages)
{
    const auto others = std::ranges::stable_partition(message.parts, [](const ChatPart &part) { return std::holds_alternative<ToolResultPart>(part); });
    for (auto part = message.parts.begin(); part != others.begin(); ++part) {
        ChatMessage &turn = messages.emplace_back(ChatMessage {.role = Role::Tool});
        turn.parts.push_back(std::move(*part));
    }
    const bool hadResults = others.begin() != message.parts.begin();
    message.parts.erase(message.parts.begin(), others.begin());
    if (!message.parts.empty() || !hadResults)
        messages.push_back(std::move(message));
}

} // namespace gateway::wire
