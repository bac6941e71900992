// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/entity_writer.h"

#include "gateway/config/cache_text.h"
#include "gateway/config/map_writer.h"
#include "gateway/config/plan_text.h"
#include "gateway/config/quota_text.h"

namespace gateway::config {

namespace {

Node hedgeNode(const Hedge &hedge, const WriteOptions &options)
{
    MapWriter map(options);
    map.write("after", hedge.after, Millis::min()); // said even where it is the usual one
    return map.take();
}

Node shadowNode(const Shadow &shadow, const WriteOptions &options)
{
    MapWriter map(options);
    map.write("provider", shadow.provider);
    map.write("model", shadow.model);
    map.write("sample", shadow.sample, Shadow().sample);
    return map.take();
}

Node queueNode(const Queue &queue, const WriteOptions &options)
{
    const Queue standard;
    MapWriter map(options);
    map.write("max", queue.max, standard.max);
    map.write("timeout", queue.timeout, standard.timeout);
    return map.take();
}

} // namespace

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
    if (route.hedge)
        map.addAlways("hedge", hedgeNode(*route.hedge, options));
    if (route.shadow)
        map.addAlways("shadow", shadowNode(*route.shadow, options));
    map.add("queue", queueNode(route.queue, options));
    map.writeChoice("unsupported", route.unsupported, standard.unsupported);
    map.writeChoice("on_content_policy", route.onContentPolicy, standard.onContentPolicy);
    if (route.cache)
        map.addAlways("cache", routeCacheNode(*route.cache, options)); // said even where all of it is the usual
    map.add("prompt_cache", promptCacheNode(route.promptCache, options));
    map.write("privacy", route.privacy);
    writeQuota(map, route.quota);
    return map.take();
}

} // namespace gateway::config
