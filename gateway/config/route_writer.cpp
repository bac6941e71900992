// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/entity_writer.h"

#include "gateway/config/map_writer.h"

namespace gateway::config {

namespace {

Node retryNode(const Retry &retry, const Retry &standard, const WriteOptions &options)
{
    MapWriter map(options);
    map.write("attempts", retry.attempts, standard.attempts);
    if (retry.on != standard.on)
        map.addAlways("on", map.list(retry.on.items));
    MapWriter backoff(options);
    backoff.write("base", retry.backoff.base, standard.backoff.base);
    backoff.write("max", retry.backoff.max, standard.backoff.max);
    map.add("backoff", backoff.take());
    return map.take();
}

Node targetNode(const TargetNode &target, const Retry &routeRetry, const WriteOptions &options)
{
    MapWriter map(options);
    map.write("provider", target.provider);
    map.write("model", target.model);
    map.write("credential", target.credential);
    MapWriter timeouts(options);
    timeouts.write("connect", target.timeouts.connect);
    timeouts.write("first_byte", target.timeouts.firstByte);
    timeouts.write("idle", target.timeouts.idle);
    timeouts.write("total", target.timeouts.total);
    map.add("timeouts", timeouts.take());
    if (target.retry)
        map.addAlways("retry", retryNode(*target.retry, routeRetry, options)); // empty: as the route's, said all the same
    map.write("override", target.override_);
    map.write("defaults", target.defaults);
    map.write("drop", target.drop);
    return map.take();
}

Node planNode(const PlanNode &plan, const Retry &routeRetry, const WriteOptions &options);

struct FormWriter
{
    const Retry &routeRetry;
    const WriteOptions &options;

    Node operator()(const TargetNode &target) const { return targetNode(target, routeRetry, options); }

    Node operator()(const FallbackNode &fallback) const
    {
        Node list = Node::sequence();
        for (const PlanNode &child : fallback.children)
            list.items.push_back(planNode(child, routeRetry, options));
        return wrapped("fallback", std::move(list));
    }

    Node operator()(const SplitNode &split) const
    {
        Node list = Node::sequence();
        for (const SplitBranch &branch : split.branches) {
            Node item = Node::map();
            item.add("weight", Node::plain(std::to_string(branch.weight)));
            item.add("to", planNode(branch.to, routeRetry, options));
            list.items.push_back(std::move(item));
        }
        return wrapped("split", std::move(list));
    }

    Node operator()(const RouteNode &route) const { return wrapped("route", MapWriter(options).text(route.route)); }

    static Node wrapped(std::string key, Node value)
    {
        Node map = Node::map();
        map.add(std::move(key), std::move(value));
        return map;
    }
};

Node planNode(const PlanNode &plan, const Retry &routeRetry, const WriteOptions &options)
{
    return std::visit(FormWriter {routeRetry, options}, plan.node);
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
    map.writeChoice("unsupported", route.unsupported, standard.unsupported);
    map.writeChoice("on_content_policy", route.onContentPolicy, standard.onContentPolicy);
    return map.take();
}

} // namespace gateway::config
