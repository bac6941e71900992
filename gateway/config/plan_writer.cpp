// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/plan_text.h"

#include "gateway/config/condition_text.h"
#include "gateway/config/map_writer.h"
#include "gateway/config/names.h"

#include <fmt/format.h>

namespace gateway::config {

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

namespace {

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
    map.write("rpm", target.rpm);
    map.write("tpm", target.tpm);
    map.write("region", target.region);
    return map.take();
}

struct FormWriter
{
    const Retry &routeRetry;
    const WriteOptions &options;

    Node operator()(const TargetNode &target) const { return targetNode(target, routeRetry, options); }

    Node operator()(const FallbackNode &fallback) const
    {
        Node list = Node::sequence();
        for (const PlanNode &child : fallback.children)
            list.items.push_back(write(child));
        return wrapped("fallback", std::move(list));
    }

    Node operator()(const SplitNode &split) const
    {
        Node list = Node::sequence();
        for (const SplitBranch &branch : split.branches)
            list.items.push_back(weighted(branch.weight, branch.to));
        return wrapped("split", std::move(list));
    }

    Node operator()(const RouteNode &route) const { return wrapped("route", MapWriter(options).text(route.route)); }

    Node operator()(const BalanceNode &balance) const
    {
        Node among = Node::sequence();
        for (const BalanceBranch &branch : balance.among)
            among.items.push_back(branch.weight == 1 ? write(branch.to) : weighted(branch.weight, branch.to));
        MapWriter map(options);
        map.addAlways("by", Node::string(std::string(toText(balance.by))));
        map.write("hash_on", balance.hashOn);
        map.addAlways("among", std::move(among));
        return wrapped("balance", map.take());
    }

    Node operator()(const WhenNode &when) const
    {
        Node list = Node::sequence();
        for (const WhenBranch &branch : when.branches) {
            Node item = Node::map();
            item.add("if", toNode(branch.condition, options));
            item.add("then", write(branch.then));
            list.items.push_back(std::move(item));
        }
        Node map = wrapped("when", std::move(list));
        addOptional(map, "else", when.otherwise);
        return map;
    }

    Node operator()(const LimitNode &limit) const
    {
        MapWriter map(options);
        map.write("rpm", limit.rpm);
        map.write("tpm", limit.tpm);
        map.write("tpd", limit.tpd);
        map.write("parallel", limit.parallel);
        map.write("amount", limit.amount);
        map.writeChoice("per", limit.per, Period::Day);
        map.writeChoice("each", limit.each, LimitEach::Route);
        Node inner = map.take();
        addOptional(inner, "then", limit.then);
        addOptional(inner, "else", limit.otherwise);
        return wrapped("limit", std::move(inner));
    }

    [[nodiscard]] Node write(const PlanNode &plan) const { return planNode(plan, routeRetry, options); }

    [[nodiscard]] Node weighted(int weight, const PlanNode &to) const
    {
        Node item = Node::map();
        item.add("weight", Node::plain(fmt::format("{}", weight)));
        item.add("to", write(to));
        return item;
    }

    void addOptional(Node &map, std::string key, const Boxed<PlanNode> &plan) const
    {
        if (plan)
            map.add(std::move(key), write(*plan));
    }

    static Node wrapped(std::string key, Node value)
    {
        Node map = Node::map();
        map.add(std::move(key), std::move(value));
        return map;
    }
};

} // namespace

Node planNode(const PlanNode &plan, const Retry &routeRetry, const WriteOptions &options)
{
    return std::visit(FormWriter {routeRetry, options}, plan.node);
}

} // namespace gateway::config
