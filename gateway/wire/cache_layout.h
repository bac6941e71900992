// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/pooled_containers.h"
#include "gateway/wire/wire_format.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace gateway::wire {

/// Where a provider's body has what its cache of prompts goes by: tools, then the system's text, then messages. Views into
/// the body, which outlives it.
struct CacheLayout
{
    struct Tool
    {
        std::string_view text;      ///< the whole element
        std::string_view name {};   ///< as written; empty: it has none
        bool deferred = false;      ///< not in the prompt until it is searched for: it may have no mark
    };
    struct Message
    {
        bool assistant = false;
        std::uint64_t digest = 0;   ///< of its whole text; of this process alone
        std::uint32_t blocks = 0;
        std::string_view place {};  ///< its last block that a mark may stand at, or its text where that is a string; empty: there is none
    };

    PooledVector<Tool> tools {};
    std::string_view system {};      ///< the value; empty: there is none
    std::string_view systemPlace {}; ///< as Message::place
    PooledVector<Message> messages {};
    bool marked = false;             ///< somebody set marks already
};

/// Whether a format has marks for its provider's cache.
constexpr bool hasCacheMarks(WireFormat format)
{
    return format == WireFormat::Anthropic || format == WireFormat::BedrockConverse;
}

/// Reads where they are, in one pass. No mark may stand at an empty text, nor at a thought (Anthropic, "What can be cached").
/// @param format  one that has marks
/// @return nullopt: it is no body of that format
std::optional<CacheLayout> cacheLayout(std::string_view body, WireFormat format);

} // namespace gateway::wire
