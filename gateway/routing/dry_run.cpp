// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/dry_run.h"

#include <fmt/format.h>

#include <chrono>

namespace gateway::routing {

std::string restWords(const Rest &rest, SteadyTime now)
{
    const auto left = std::chrono::ceil<std::chrono::seconds>(rest.until - now).count();
    if (isIncapable(rest.why) || rest.why == Rest::Why::PlacesTaken || left <= 0)
        return std::string(toText(rest.why));
    return fmt::format("{}, for {} s more", toText(rest.why), left);
}

} // namespace gateway::routing
