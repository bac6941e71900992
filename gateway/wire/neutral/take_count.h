// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/json_cursor.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace gateway::wire {

/// Takes a count of tokens; any other value (null above all) is passed over and leaves `out` as it is. Kept within 0 and
/// 10^12, so that sums of what a provider made up stay numbers. False: bad JSON.
inline bool takeCount(JsonCursor &in, std::optional<std::int64_t> &out)
{
    const auto value = in.integer();
    if (!value)
        return in.skip();
    out = std::clamp<std::int64_t>(*value, 0, 1'000'000'000'000);
    return true;
}

} // namespace gateway::wire
