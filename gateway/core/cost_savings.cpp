// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/cost_savings.h"

namespace gateway {

namespace {

/// The same tokens, none of them from a cache or into one.
TokenUsage withoutPromptCache(TokenUsage usage)
{
    usage.cachedInput = usage.cacheWrite = usage.cacheWrite1h = usage.cachedAudio = 0;
    return usage;
}

void addPromptCache(SavingFigures &figures, const SavingFacts &call, const PricesNow &now)
{
    if (call.usage.cachedInput + call.usage.cacheWrite + call.usage.cacheWrite1h == 0)
        return;
    const auto prices = now.prices(call.provider, call.model);
    const auto with = cost(prices, call.usage);
    const auto without = cost(prices, withoutPromptCache(call.usage));
    if (!with || !without) {
        ++figures.unknown;
        return;
    }
    figures.promptCache += *without - *with;
    ++figures.promptCalls;
}

void addRoute(SavingFigures &figures, const SavingFacts &call, const PricesNow &now)
{
    if (call.provider.empty() || call.usage.total() == 0)
        return;
    std::pair first {std::string(call.firstProvider), std::string(call.firstModel)};
    if (first.first.empty()) {
        auto planned = call.route.empty() ? std::nullopt : now.firstChoice(call.route);
        if (!planned)
            return;
        first = std::move(*planned);
    }
    if (first.first == call.provider && first.second == call.model)
        return;
    const auto would = cost(now.prices(first.first, first.second), call.usage);
    if (!would || !call.cost) {
        ++figures.unknown;
        return;
    }
    figures.route += *would - *call.cost;
    ++figures.routeCalls;
}

} // namespace

void SavingFigures::add(const SavingFigures &other)
{
    cache += other.cache;
    promptCache += other.promptCache;
    route += other.route;
    cacheCalls += other.cacheCalls;
    promptCalls += other.promptCalls;
    routeCalls += other.routeCalls;
    unknown += other.unknown;
}

SavingFigures savingsOf(const SavingFacts &call, const PricesNow &now)
{
    SavingFigures figures;
    if (call.fromCache) {
        figures.cacheCalls = 1;
        figures.cache = call.saved.value_or(Money {});
        figures.unknown = call.saved ? 0 : 1;
        return figures;
    }
    addPromptCache(figures, call, now);
    addRoute(figures, call, now);
    return figures;
}

} // namespace gateway
