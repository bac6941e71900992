// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/entity_writer.h"

#include "gateway/config/map_writer.h"
#include "gateway/config/plan_text.h"
#include "gateway/config/quota_text.h"

namespace gateway::config {

Node toNode(const Route &route, const WriteOptions &options)
{
    const Route standard;
    MapWriter map(options);
    if (options.stored) {
        map.write("id", route.id);
        map.writeChoice("origin", route.origin, Origin::Database);
    }
    map.write("name", route.name);
    map.write("aliases", route.aliases);
    map.write("enabled", route.enabled, standard.enabled);
    map.addAlways("plan", planNode(route.plan, route.retry, options));
    map.add("retry", retryNode(route.retry, standard.retry, options));
    if (route.fallbackOn != standard.fallbackOn)
        map.addAlways("fallback_on", map.list(route.fallbackOn.items));
    map.writeChoice("rescue", route.rescue, standard.rescue);
    map.writeChoice("unsupported", route.unsupported, standard.unsupported);
    map.writeChoice("on_content_policy", route.onContentPolicy, standard.onContentPolicy);
    writeQuota(map, route.quota);
    return map.take();
}

} // namespace gateway::config
