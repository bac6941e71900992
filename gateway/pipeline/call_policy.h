// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/exchange.h"

#include <memory>

namespace gateway::pipeline {

/// The privacy policy that a call runs under: its key's (or its team's), else its route's, else the one called default.
/// null: nobody looks at it.
[[nodiscard]] inline const std::shared_ptr<const privacy::Policy> &policyOf(const Exchange &x)
{
    if (x.key && x.key->privacy)
        return x.key->privacy;
    if (x.route && x.route->privacy)
        return x.route->privacy;
    return x.config->usualPolicy;
}

/// Whether the request may be logged as the caller sent it. Before the route is known: whether it may under every route.
[[nodiscard]] bool mayLogAsSent(const Exchange &x);

} // namespace gateway::pipeline
