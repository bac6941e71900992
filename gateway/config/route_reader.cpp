// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/entity_reader.h"

#include "gateway/config/names.h"
#include "gateway/config/plan_text.h"
#include "gateway/config/quota_text.h"
#include "gateway/core/text.h"

#include <fmt/format.h>

namespace gateway::config {

Route readRoute(Reading &reading, const Node &node, const std::string &field)
{
    Route route;
    MapReader map(reading, node, field, "route");
    if (reading.stored()) {
        map.read("id", route.id);
        map.readChoice("origin", route.origin, {Origin::Database, Origin::File});
    } else {
        route.origin = reading.options().origin;
    }
    map.read("name", route.name);
    map.read("aliases", route.aliases);
    map.read("enabled", route.enabled);
    if (const Node *retry = map.takeMap("retry"))
        readRetry(reading, *retry, map.at("retry"), route.retry);
    if (const Node *plan = map.take("plan"))
        route.plan = readPlan(reading, *plan, map.at("plan"), route.retry);
    else if (map.isMap())
        reading.error(node, map.at("plan"), fmt::format("the route has no `plan`; give it one, such as plan: {{ provider: NAME, model: NAME }}"));
    map.read("fallback_on", route.fallbackOn.items);
    map.readChoice("rescue", route.rescue, {Rescue::Error});
    map.readChoice("unsupported", route.unsupported, {Unsupported::Drop, Unsupported::Reject});
    map.readChoice("on_content_policy", route.onContentPolicy, {OnContentPolicy::Return, OnContentPolicy::Fallback});
    readQuota(reading, map, route.quota);
    map.finish();
    return route;
}

} // namespace gateway::config
