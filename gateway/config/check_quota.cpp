// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/quota_text.h"

#include "gateway/config/check.h"
#include "gateway/core/call_record.h"
#include "gateway/core/text.h"

#include <fmt/format.h>
#include <map>

namespace gateway::config {

namespace {

constexpr std::int64_t most = std::int64_t {1} << 50;

void checkEndpoint(Checks &checks, const std::string &rule, const std::string &endpoint)
{
    if (endpoint.empty() || endpointOf(endpoint))
        return;
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i < endpointCount; ++i)
        words.push_back(toText(static_cast<Endpoint>(i)));
    checks.error(rule + ".endpoint", fmt::format("{} is no endpoint; these are: {}", jsonQuoted(endpoint), fmt::join(words, ", ")));
}

void checkPositive(Checks &checks, const std::string &field, std::string_view name, const std::optional<std::int64_t> &value)
{
    if (value && (*value < 1 || *value > most)) // names of fields are only made where they are told: there may be very many keys
        checks.range(fmt::format("{}.{}", field, name), *value, 1, most);
}

} // namespace

void checkBudget(Checks &checks, const std::string &field, const Budget &budget)
{
    if (!budget.amount)
        checks.error(field + ".amount", fmt::format("`{}.amount` is missing: how many dollars may be spent", field));
    else if (*budget.amount < Money())
        checks.error(field + ".amount", fmt::format("`{}.amount` is less than nothing", field));
    if (!budget.timeZone.empty())
        checks.zone(field + ".time_zone", budget.timeZone);
    if (budget.raise && budget.amount && budget.raise->to < *budget.amount)
        checks.error(field + ".raise.to", fmt::format("`{}.raise.to` is below the amount that it raises", field));
    checkEndpoint(checks, field, budget.endpoint);
}

void checkLimit(Checks &checks, const std::string &field, const Limit &limit)
{
    if (!limit.rpm && !limit.tpm && !limit.tpd && !limit.parallel)
        checks.error(field, fmt::format("`{}` limits nothing; give it rpm, tpm, tpd or parallel", field));
    checkPositive(checks, field, "rpm", limit.rpm);
    checkPositive(checks, field, "tpm", limit.tpm);
    checkPositive(checks, field, "tpd", limit.tpd);
    checkPositive(checks, field, "parallel", limit.parallel);
    checkEndpoint(checks, field, limit.endpoint);
}

void checkQuota(Checks &checks, const std::string &field, const Quota &quota)
{
    std::map<std::tuple<Period, std::string, std::string>, std::size_t> seen; // they would share one account
    for (std::size_t i = 0; i < quota.budgets.size(); ++i) {
        const Budget &budget = quota.budgets[i];
        const std::string place = fmt::format("{}.budgets[{}]", field, i);
        checkBudget(checks, place, budget);
        const auto [other, fresh] = seen.try_emplace({budget.per, budget.timeZone, budget.endpoint}, i);
        if (!fresh)
            checks.error(place, fmt::format("`{}` and `{}.budgets[{}]` are both per {}; keep the smaller one", place, field, other->second, toText(budget.per)));
    }
    for (std::size_t i = 0; i < quota.limits.size(); ++i)
        checkLimit(checks, fmt::format("{}.limits[{}]", field, i), quota.limits[i]);
}

} // namespace gateway::config
