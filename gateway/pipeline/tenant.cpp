// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/tenant.h"

#include "gateway/pipeline/exchange.h"

namespace gateway::pipeline {

std::string tenantOf(const Exchange &x)
{
    const bool ownKey = x.key && x.key->team.empty();
    std::string tenant(ownKey ? "key" : "team");
    tenant.append(1, '\0').append(ownKey ? x.key->id : x.record.team).append(1, '\0');
    return tenant;
}

} // namespace gateway::pipeline
