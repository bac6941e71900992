// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/cache_text.h"
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

namespace {

void checkShadow(Checks &checks, const std::string &field, const Shadow &shadow)
{
    if (shadow.provider.empty())
        checks.error(field + ".provider", "a shadow needs `provider`, the name of one under providers");
    if (shadow.model.empty())
        checks.error(field + ".model", fmt::format("the shadow on {} needs `model`, the provider's name for it", jsonQuoted(shadow.provider)));
    if (!(shadow.sample > 0 && shadow.sample <= 1)) // also refuses "nan"
        checks.error(field + ".sample", fmt::format("`sample` is {}; it must be above 0 and at most 1 (0.1 is a tenth of the calls)", shadow.sample));
}

} // namespace

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
        if (route.cache)
            checkRouteCache(checks, field + ".cache", *route.cache);
        if (route.shadow)
            checkShadow(checks, field + ".shadow", *route.shadow);
        if (route.hedge)
            checks.duration(field + ".hedge.after", route.hedge->after, Millis {1}, std::chrono::minutes {10});
        checks.range(field + ".queue.max", route.queue.max, 0, 100'000);
        checks.duration(field + ".queue.timeout", route.queue.timeout, Millis {1}, std::chrono::minutes {10});
    }
}

} // namespace gateway::config
