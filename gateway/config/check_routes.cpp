// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/check_entries.h"

#include "gateway/core/text.h"

#include <fmt/format.h>

namespace gateway::config {

namespace {

void checkFailures(Checks &checks, const std::string &field, const FailureSet &failures)
{
    for (std::size_t i = 0; i < failures.items.size(); ++i) {
        if (auto problem = failureItemProblem(failures.items[i]))
            checks.error(fmt::format("{}[{}]", field, i), std::move(*problem));
    }
}

void checkRetry(Checks &checks, const std::string &field, const Retry &retry)
{
    checks.range(field + ".attempts", retry.attempts, 1, 10);
    checkFailures(checks, field + ".on", retry.on);
    checks.duration(field + ".backoff.base", retry.backoff.base, Millis {1}, std::chrono::minutes {10});
    checks.duration(field + ".backoff.max", retry.backoff.max, retry.backoff.base, std::chrono::hours {1});
}

void checkPlan(Checks &checks, const std::string &field, const PlanNode &plan);

struct PlanCheck
{
    Checks &checks;
    const std::string &field;

    void operator()(const TargetNode &target) const
    {
        if (target.provider.empty())
            checks.error(field + ".provider", "a target needs `provider`, the name of one under providers");
        if (target.model.empty())
            checks.error(field + ".model", fmt::format("the target on {} needs `model`, the provider's name for it", jsonQuoted(target.provider)));
        checks.timeouts(field + ".timeouts", target.timeouts);
        if (target.retry)
            checkRetry(checks, field + ".retry", *target.retry);
        checks.json(field + ".override", target.override_);
        checks.json(field + ".defaults", target.defaults);
    }

    void operator()(const FallbackNode &fallback) const
    {
        if (fallback.children.empty())
            checks.error(field + ".fallback", "the fallback chain is empty; give it one target or more");
        for (std::size_t i = 0; i < fallback.children.size(); ++i)
            checkPlan(checks, fmt::format("{}.fallback[{}]", field, i), fallback.children[i]);
    }

    void operator()(const SplitNode &split) const
    {
        constexpr int heaviest = 1'000'000;
        if (split.branches.empty())
            checks.error(field + ".split", "the split has no branches; give it one or more");
        for (std::size_t i = 0; i < split.branches.size(); ++i) {
            const std::string at = fmt::format("{}.split[{}]", field, i);
            checks.range(at + ".weight", split.branches[i].weight, 1, heaviest);
            checkPlan(checks, at + ".to", split.branches[i].to);
        }
    }

    void operator()(const RouteNode &route) const
    {
        if (route.route.empty())
            checks.error(field + ".route", "the name of the route is missing");
    }
};

void checkPlan(Checks &checks, const std::string &field, const PlanNode &plan)
{
    std::visit(PlanCheck {checks, field}, plan.node);
}

} // namespace

void checkRoutes(Checks &checks, const std::vector<Route> &routes)
{
    Uniques names; // a route's name and its aliases are asked for alike
    for (std::size_t i = 0; i < routes.size(); ++i) {
        const Route &route = routes[i];
        const std::string field = fmt::format("routes[{}]", i);
        checks.name(field + ".name", NameOf::Route, route.name);
        names.add(checks, field + ".name", "route", route.name);
        for (std::size_t alias = 0; alias < route.aliases.size(); ++alias) {
            const std::string at = fmt::format("{}.aliases[{}]", field, alias);
            checks.name(at, NameOf::Route, route.aliases[alias]);
            if (isWildcard(route.aliases[alias]))
                checks.error(at, "an alias cannot end in a star; make it a route of its own");
            names.add(checks, at, "route or alias", route.aliases[alias]);
        }
        checkPlan(checks, field + ".plan", route.plan);
        checkRetry(checks, field + ".retry", route.retry);
        checkFailures(checks, field + ".fallback_on", route.fallbackOn);
    }
}

} // namespace gateway::config
