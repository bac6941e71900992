// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/call_policy.h"

#include <algorithm>

namespace gateway::pipeline {

bool mayLogAsSent(const Exchange &x)
{
    if (policyOf(x))
        return false;
    return x.route || x.endpoint == Endpoint::Passthrough || x.stored || std::ranges::none_of(x.config->routes, [](const CompiledRoute &route) { return route.privacy != nullptr; });
}

} // namespace gateway::pipeline
