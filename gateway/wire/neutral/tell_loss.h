// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/loss.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::wire {

/// Notes a loss, the same one once: a hundred turns with a name have lost "messages.name". Of a body made to have
/// thousands of kinds the first 100 are told.
inline void tellLoss(std::vector<Loss> &losses, std::string_view what, std::string_view why)
{
    constexpr std::size_t most = 100;
    const auto same = [&](const Loss &loss) { return loss.what == what && loss.why == why; };
    if (losses.size() < most && std::ranges::none_of(losses, same))
        losses.push_back({.what = std::string(what), .why = std::string(why)});
}

} // namespace gateway::wire
