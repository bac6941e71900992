// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_part.h"

#include <vector>

namespace gateway::wire {

/// Adds parts to what a tool's result holds. False: one is neither text nor image nor file, which it may hold alone.
inline bool addResultContent(const std::vector<ChatPart> &parts, ToolResultPart &result)
{
    for (const ChatPart &part : parts) {
        if (const auto *text = std::get_if<TextPart>(&part))
            result.content.push_back({*text});
        else if (const auto *image = std::get_if<ImagePart>(&part))
            result.content.push_back({*image});
        else if (const auto *file = std::get_if<FilePart>(&part))
            result.content.push_back({*file});
        else
            return false;
    }
    return true;
}

} // namespace gateway::wire
