// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/check_entries.h"

#include "gateway/config/quota_text.h"
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

} // namespace

void checkRetry(Checks &checks, const std::string &field, const Retry &retry)
{
    checks.range(field + ".attempts", retry.attempts, 1, 10);
    checkFailures(checks, field + ".on", retry.on);
    checks.duration(field + ".backoff.base", retry.backoff.base, Millis {1}, std::chrono::minutes {10});
    checks.duration(field + ".backoff.max", retry.backoff.max, retry.backoff.base, std::chrono::hours {1});
}

void checkRoutes(Checks &checks, const std::vector<Route> &routes)
{
    Uniques names; // a route's name and its aliases are asked for alike
    for (std::size_t i = 0; i < routes.size(); ++i) {
        const Route &route = routes[i];
        const std::string field = fmt::format("routes[{}]", i);
        checks.name(field + ".name", NameOf::Route, route.name);
        checkQuota(checks, field, route.quota);
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
