// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/providers/provider_table.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The rewriting itself, on a tree, for the events and answers of which answer_rewrite.cpp found that they need it.
namespace gateway::providers {

/// What a stream's later events depend on.
struct StreamMemory
{
    struct ToolCall
    {
        std::optional<std::int64_t> upstreamIndex;
        std::string id;
    };
    std::set<std::int64_t> rolesSeen;                       ///< choices whose role was given
    std::map<std::int64_t, std::vector<ToolCall>> toolCalls;///< by choice, in the order in which they were opened
};

/// Words in quotes that other servers use as a finish_reason.
std::span<const std::string_view> foreignFinishWords();

/// A chunk as OpenAI would have sent it; nullopt: nothing to change, or not readable.
std::optional<std::string> fixChunk(std::string_view data, const AnswerFixes &fixes, StreamMemory &memory);

/// A whole answer likewise.
std::optional<std::string> fixAnswer(std::string_view body, bool chat, const AnswerFixes &fixes);

} // namespace gateway::providers
