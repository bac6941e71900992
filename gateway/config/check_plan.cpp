// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/check_entries.h"

#include "gateway/config/condition_fields.h"
#include "gateway/config/plan_children.h"
#include "gateway/core/text.h"

#include <fmt/format.h>

namespace gateway::config {

namespace {

constexpr int heaviest = 1'000'000;
constexpr std::int64_t mostPerMinute = 2'000'000'000;
constexpr std::size_t mostBranches = 32; // of a balance node: all of them are looked at for each call

bool looksAtWeights(BalanceBy by)
{
    return by == BalanceBy::Weight || by == BalanceBy::RoundRobin || by == BalanceBy::Hash;
}

/// What one node says itself; what is below it is checked by checkPlan().
struct NodeCheck
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
        checks.range(field + ".rpm", target.rpm.value_or(1), 1, mostPerMinute);
        checks.range(field + ".tpm", target.tpm.value_or(1), 1, mostPerMinute);
    }

    void operator()(const FallbackNode &fallback) const
    {
        if (fallback.children.empty())
            checks.error(field + ".fallback", "the fallback chain is empty; give it one target or more");
    }

    void operator()(const SplitNode &split) const
    {
        if (split.branches.empty())
            checks.error(field + ".split", "the split has no branches; give it one or more");
        for (std::size_t i = 0; i < split.branches.size(); ++i)
            checks.range(fmt::format("{}.split[{}].weight", field, i), split.branches[i].weight, 1, heaviest);
    }

    void operator()(const RouteNode &route) const
    {
        if (route.route.empty())
            checks.error(field + ".route", "the name of the route is missing");
    }

    void operator()(const BalanceNode &balance) const
    {
        const std::string at = field + ".balance";
        if (balance.among.empty())
            checks.error(at + ".among", "the balance has nothing to choose from; give `among` two targets or more");
        if (balance.among.size() > mostBranches)
            checks.error(at + ".among", fmt::format("the balance chooses among {}; at most {} are allowed", balance.among.size(), mostBranches));
        for (std::size_t i = 0; i < balance.among.size(); ++i) {
            const std::string weight = fmt::format("{}.among[{}].weight", at, i);
            checks.range(weight, balance.among[i].weight, 1, heaviest);
            if (balance.among[i].weight != 1 && !looksAtWeights(balance.by))
                checks.warn(weight, fmt::format("a balance by {} does not look at weights; choose by weight, round-robin or hash, or take it out", toText(balance.by)));
        }
        checkHash(at + ".hash_on", balance);
    }

    void checkHash(const std::string &at, const BalanceNode &balance) const
    {
        if (balance.by != BalanceBy::Hash) {
            if (!balance.hashOn.empty())
                checks.error(at, fmt::format("`hash_on` is for a balance by hash, this one is by {}", toText(balance.by)));
        } else if (balance.hashOn.empty()) {
            checks.error(at, "a balance by hash needs `hash_on`, the field whose value chooses, such as metadata.session or key");
        } else if (auto problem = conditionFieldProblem(balance.hashOn)) {
            checks.error(at, std::move(*problem));
        }
    }

    void operator()(const WhenNode &when) const
    {
        if (when.branches.empty())
            checks.error(field + ".when", "the `when` has no branches; give it one, such as { if: { metadata.tier: free }, then: PLAN }");
        for (std::size_t i = 0; i < when.branches.size(); ++i)
            checkCondition(checks, fmt::format("{}.when[{}].if", field, i), when.branches[i].condition);
    }

    void operator()(const LimitNode &limit) const
    {
        const std::string at = field + ".limit";
        constexpr std::int64_t most = 1'000'000'000'000;
        const auto one = [&](std::string_view name, const std::optional<std::int64_t> &value) {
            if (value)
                checks.range(fmt::format("{}.{}", at, name), *value, 1, most);
        };
        one("rpm", limit.rpm);
        one("tpm", limit.tpm);
        one("tpd", limit.tpd);
        one("parallel", limit.parallel);
        if (limit.amount && *limit.amount <= Money())
            checks.error(at + ".amount", fmt::format("`{}.amount` is {}; it must be more than 0 dollars", at, limit.amount->toDecimal()));
        if (!limit.rpm && !limit.tpm && !limit.tpd && !limit.parallel && !limit.amount)
            checks.error(at, "the limit limits nothing; give it one or more of rpm, tpm, tpd, parallel, amount");
        if (!limit.then)
            checks.error(at + ".then", "a limit needs `then`: where calls go while it is not used up");
    }
};

} // namespace

void checkPlan(Checks &checks, const std::string &field, const PlanNode &plan)
{
    std::visit(NodeCheck {checks, field}, plan.node);
    for (const ChildOf<const PlanNode> &child : childrenOf(plan))
        checkPlan(checks, fmt::format("{}.{}", field, child.field), *child.plan);
}

} // namespace gateway::config
