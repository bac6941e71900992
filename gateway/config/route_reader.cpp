// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/entity_reader.h"

#include "gateway/config/cache_text.h"
#include "gateway/config/names.h"
#include "gateway/config/plan_text.h"
#include "gateway/config/quota_text.h"
#include "gateway/core/text.h"

#include <fmt/format.h>

namespace gateway::config {

namespace {

void readHedge(Reading &reading, const Node &node, const std::string &field, Hedge &out)
{
    MapReader map(reading, node, field, "hedge");
    map.read("after", out.after);
    map.finish();
}

void readShadow(Reading &reading, const Node &node, const std::string &field, Shadow &out)
{
    MapReader map(reading, node, field, "shadow");
    map.read("provider", out.provider);
    map.read("model", out.model);
    map.read("sample", out.sample);
    map.finish();
}

void readQueue(Reading &reading, const Node &node, const std::string &field, Queue &out)
{
    MapReader map(reading, node, field, "queue");
    map.read("max", out.max);
    map.read("timeout", out.timeout);
    map.finish();
}

} // namespace

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
    map.readChoice("rescue", route.rescue, {Rescue::Error, Rescue::Continue});
    if (const Node *hedge = map.takeMap("hedge"))
        readHedge(reading, *hedge, map.at("hedge"), route.hedge.emplace());
    if (const Node *shadow = map.takeMap("shadow"))
        readShadow(reading, *shadow, map.at("shadow"), route.shadow.emplace());
    if (const Node *queue = map.takeMap("queue"))
        readQueue(reading, *queue, map.at("queue"), route.queue);
    map.readChoice("unsupported", route.unsupported, {Unsupported::Drop, Unsupported::Reject});
    map.readChoice("on_content_policy", route.onContentPolicy, {OnContentPolicy::Return, OnContentPolicy::Fallback});
    if (const Node *cache = map.takeMap("cache"))
        route.cache = readRouteCache(reading, *cache, map.at("cache"));
    if (const Node *promptCache = map.takeMap("prompt_cache"))
        route.promptCache = readPromptCache(reading, *promptCache, map.at("prompt_cache"));
    map.read("privacy", route.privacy);
    readQuota(reading, map, route.quota);
    map.finish();
    return route;
}

} // namespace gateway::config
