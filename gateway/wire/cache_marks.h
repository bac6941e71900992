// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/body_splice.h"
#include "gateway/wire/cache_layout.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace gateway::wire {

/// Where marks for a provider's cache are to stand: at most as many as Anthropic and Bedrock take, which is four.
struct CacheMarkPlan
{
    bool sortTools = false; ///< by their names, so that the same tools are always the same text
    bool tools = false;     ///< behind the last of them that may have one
    bool system = false;
    std::array<std::optional<std::size_t>, 2> messages {}; ///< into CacheLayout::messages, each with a place
    bool hour = false;      ///< kept for an hour in place of five minutes

    [[nodiscard]] bool empty() const { return !sortTools && !tools && !system && !messages[0] && !messages[1]; }
};

/// Whether the tools stand by their names already.
bool areSorted(const CacheLayout &layout);
/// Whether some tool may have a mark.
bool hasPlaceForMark(const PooledVector<CacheLayout::Tool> &tools);

/// The body with them. All else keeps its bytes: what is given is pieces of `body`, which outlives them, and of constants.
SplicedBody withCacheMarks(std::string_view body, WireFormat format, const CacheLayout &layout, const CacheMarkPlan &plan);

} // namespace gateway::wire
