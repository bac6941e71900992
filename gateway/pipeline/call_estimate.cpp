// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/call_estimate.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/quota_hold.h"
#include "gateway/routing/plan_entries.h"
#include "gateway/wire/token_estimate.h"

#include <algorithm>
#include <cmath>

namespace gateway::pipeline {

namespace {

constexpr std::int64_t usualAnswer = 256;      // config.md, "The estimate": where the route has answered nothing yet
constexpr std::int64_t usualMaximum = 4096;    // where neither the caller nor the catalogue says how long an answer may be

bool answersInText(Endpoint endpoint)
{
    switch (endpoint) {
    case Endpoint::ChatCompletions:
    case Endpoint::Completions:
    case Endpoint::Messages:
    case Endpoint::Responses:
    case Endpoint::GenerateContent:
        return true;
    default:
        return false;
    }
}

} // namespace

CallEstimate estimateOf(const Exchange &x)
{
    const bool unknown = x.endpoint == Endpoint::CountTokens || x.endpoint == Endpoint::Passthrough || x.endpoint == Endpoint::Realtime || x.stored;
    if (unknown)
        return {.isBilled = false};
    const UsageMeans::Means means = x.route ? x.worker.usage.of(x.route->line, x.endpoint) : UsageMeans::Means();
    CallEstimate estimate {.answers = std::max<std::int64_t>(x.scan.n, 1), .wantsCeiling = x.config->quotas.exact};
    estimate.input = std::max<std::int64_t>(std::llround(static_cast<double>(x.promptTokens) * means.input), 1);
    estimate.mostInput = std::max(estimate.input, wire::mostTokens(x.scan.prompt));
    if (x.scan.maxTokens)
        estimate.mostOutput = *x.scan.maxTokens * estimate.answers;
    if (estimate.mostOutput)
        estimate.output = *estimate.mostOutput;
    else if (means.output >= 0)
        estimate.output = std::llround(means.output);
    else
        estimate.output = answersInText(x.endpoint) ? usualAnswer * estimate.answers : 0;
    if (!answersInText(x.endpoint))
        estimate.mostOutput = estimate.output;
    return estimate;
}

CostEstimate costOf(const CallEstimate &call, const std::optional<Prices> &prices, std::optional<std::int64_t> maxOutput)
{
    if (!call.isBilled)
        return {};
    if (!prices)
        return {.priceKnown = false};
    const std::int64_t most = call.mostOutput.value_or(maxOutput.value_or(usualMaximum) * call.answers);
    CostEstimate costs {.cost = cost(*prices, {.input = call.input, .output = call.output})};
    costs.ceiling = costs.cost;
    if (!call.wantsCeiling)
        return costs;
    // Writing all of it to a cache is the dearest that a provider can do with a prompt.
    for (const TokenUsage &usage : {TokenUsage {.input = call.mostInput, .output = most}, TokenUsage {.input = call.mostInput, .output = most, .cacheWrite1h = call.mostInput}})
        costs.ceiling = std::max(costs.ceiling, cost(*prices, usage));
    return costs;
}

namespace {

CostEstimate workedOut(Exchange &x, const CallEstimate &call, const routing::Target &target)
{
    const CompiledTarget &compiled = x.config->targets[target.index];
    if (!call.isBilled)
        return {};
    if (!compiled.wildcard)
        return costOf(call, compiled.prices, compiled.maxOutput);
    std::string filled;
    const std::string_view model = routing::modelOf(target, x.star, filled);
    return costOf(call, x.worker.prices.find(x.config, target.provider, model), x.worker.prices.maxOutput(x.config, target.provider, model));
}

} // namespace

CostEstimate costAt(Exchange &x, const routing::Target &target)
{
    if (const auto known = x.quota->knownCost(target.index))
        return *known;
    const CostEstimate costs = workedOut(x, x.quota->estimate(), target);
    x.quota->keepCost(target.index, costs);
    return costs;
}

CostEstimate costAtEntry(Exchange &x)
{
    std::optional<CostEstimate> least;
    routing::eachEntry(x.plan->root, [&](const routing::Target &target) {
        const CostEstimate here = costAt(x, target);
        if (!least || (here.priceKnown && (!least->priceKnown || here.cost < least->cost)))
            least = here;
    });
    return least.value_or(CostEstimate());
}

} // namespace gateway::pipeline
