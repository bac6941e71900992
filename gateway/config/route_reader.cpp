// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/entity_reader.h"

#include "gateway/config/names.h"
#include "gateway/config/not_built.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace gateway::config {

namespace {

/// Over what is in `out`: a target's retry changes single fields of its route's.
void readRetry(Reading &reading, const Node &node, const std::string &field, Retry &out)
{
    MapReader map(reading, node, field, "retry");
    map.read("attempts", out.attempts);
    map.read("on", out.on.items);
    if (const Node *backoff = map.takeMap("backoff")) {
        MapReader inner(reading, *backoff, map.at("backoff"), "backoff");
        inner.read("base", out.backoff.base);
        inner.read("max", out.backoff.max);
        inner.finish();
    }
    map.finish();
}

TargetNode readTarget(Reading &reading, const Node &node, const std::string &field, const Retry &routeRetry)
{
    TargetNode target;
    MapReader map(reading, node, field, "target");
    map.read("provider", target.provider);
    map.read("model", target.model);
    map.read("credential", target.credential);
    if (const Node *timeouts = map.takeMap("timeouts")) {
        MapReader inner(reading, *timeouts, map.at("timeouts"), "timeouts");
        inner.read("connect", target.timeouts.connect);
        inner.read("first_byte", target.timeouts.firstByte);
        inner.read("idle", target.timeouts.idle);
        inner.read("total", target.timeouts.total);
        inner.finish();
    }
    if (const Node *retry = map.takeMap("retry")) {
        target.retry = routeRetry;
        readRetry(reading, *retry, map.at("retry"), *target.retry);
    }
    map.read("override", target.override_);
    map.read("defaults", target.defaults);
    map.read("drop", target.drop);
    for (const std::string_view form : {"fallback", "split", "route"})
        map.take(form); // not there, but offered for a misspelt one
    map.finish();
    return target;
}

PlanNode readPlan(Reading &reading, const Node &node, const std::string &field, const Retry &routeRetry);

FallbackNode readFallback(Reading &reading, MapReader &parent, const Retry &routeRetry)
{
    FallbackNode fallback;
    if (const Node *list = parent.takeSequence("fallback")) {
        for (const Node &item : list->items)
            fallback.children.push_back(readPlan(reading, item, fmt::format("{}[{}]", parent.at("fallback"), fallback.children.size()), routeRetry));
    }
    return fallback;
}

SplitNode readSplit(Reading &reading, MapReader &parent, const Retry &routeRetry)
{
    SplitNode split;
    const Node *list = parent.takeSequence("split");
    if (list == nullptr)
        return split;
    for (const Node &item : list->items) {
        SplitBranch branch;
        MapReader map(reading, item, fmt::format("{}[{}]", parent.at("split"), split.branches.size()), "split branch");
        map.read("weight", branch.weight);
        if (const Node *to = map.take("to"))
            branch.to = readPlan(reading, *to, map.at("to"), routeRetry);
        else if (map.isMap())
            reading.error(item, map.at("to"), "a branch of a split needs `to`: a target or another plan node");
        map.finish();
        split.branches.push_back(std::move(branch));
    }
    return split;
}

PlanNode readPlan(Reading &reading, const Node &node, const std::string &field, const Retry &routeRetry)
{
    constexpr std::array<std::string_view, 3> forms {"fallback", "split", "route"};
    PlanNode plan;
    std::vector<std::string_view> found;
    bool notBuilt = false;
    for (const Entry &entry : node.entries) {
        if (std::find(forms.begin(), forms.end(), entry.key) != forms.end())
            found.push_back(entry.key);
        notBuilt = notBuilt || findNotBuilt("plan", entry.key) != nullptr;
    }
    if (node.kind != Node::Kind::Map || (found.empty() && !notBuilt)) {
        if (node.kind == Node::Kind::Map && !node.entries.empty()) {
            plan.node = readTarget(reading, node, field, routeRetry);
            return plan;
        }
        reading.error(node, field, fmt::format("`{}` must be a target {{ provider: NAME, model: NAME }}, or a map with one of fallback, split, route{}", field,
                                               node.kind == Node::Kind::Scalar ? fmt::format("; this is the text {}", jsonQuoted(truncatedUtf8(node.text, 60))) : ""));
        return plan;
    }
    if (found.size() > 1)
        reading.error(node, field, fmt::format("`{}` has both `{}` and `{}`; a plan node is one of them, with others inside it", field, found[0], found[1]));
    MapReader map(reading, node, field, "plan");
    const std::string_view form = found.empty() ? std::string_view() : found[0];
    if (form == "fallback") {
        plan.node = readFallback(reading, map, routeRetry);
    } else if (form == "split") {
        plan.node = readSplit(reading, map, routeRetry);
    } else if (form == "route") {
        RouteNode route;
        map.read("route", route.route);
        plan.node = std::move(route);
    }
    if (found.size() < 2)
        map.finish();
    return plan;
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
    map.readChoice("rescue", route.rescue, {Rescue::Error});
    map.readChoice("unsupported", route.unsupported, {Unsupported::Drop, Unsupported::Reject});
    map.readChoice("on_content_policy", route.onContentPolicy, {OnContentPolicy::Return, OnContentPolicy::Fallback});
    map.finish();
    return route;
}

} // namespace gateway::config
