// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/balance.h"

#include "gateway/routing/plan_memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace gateway::routing {

namespace {

using config::BalanceBy;

constexpr double unknown = std::numeric_limits<double>::infinity();

/// Draws one of those that were not given, by weight.
std::optional<std::size_t> drawn(const Balance &balance, const Given &given, Random &random)
{
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < balance.among.size(); ++i)
        total += given.has(i) ? 0 : static_cast<std::uint64_t>(balance.among[i].weight);
    if (total == 0)
        return std::nullopt;
    std::uint64_t at = random.below(total);
    for (std::size_t i = 0; i < balance.among.size(); ++i) {
        if (given.has(i))
            continue;
        const auto weight = static_cast<std::uint64_t>(balance.among[i].weight);
        if (at < weight)
            return i;
        at -= weight;
    }
    return std::nullopt;
}

/// The one with the least of something; of equal ones any.
template <typename Measure>
std::optional<std::size_t> least(const Balance &balance, const Given &given, Random &random, const Measure &measure)
{
    std::optional<std::size_t> best;
    double bestMeasure = 0;
    std::uint64_t equals = 0;
    for (std::size_t i = 0; i < balance.among.size(); ++i) {
        if (given.has(i))
            continue;
        const double found = measure(balance.among[i]);
        if (best && found > bestMeasure)
            continue;
        equals = best && found == bestMeasure ? equals + 1 : 1;
        if (equals == 1 || random.below(equals) == 0)
            best = i;
        bestMeasure = found;
    }
    return best;
}

/// The promise of peak EWMA balancing, as Finagle has it: what a call costs there in time, times those that wait for it.
double load(const Choice &choice, const Outlook &outlook)
{
    constexpr double worstSuccess = 0.05;
    constexpr double penalty = 1e6;
    if (!choice.judgedBy)
        return unknown;
    const Figures figures = figuresOf(*choice.judgedBy, outlook);
    const auto seconds = expectedSeconds(figures, outlook.facts.call());
    // Whoever fails fast must not look fast: errors count twice over.
    const double success = std::max(worstSuccess, 1 - figures.errorRate);
    if (!seconds)
        return figures.inFlight > 0 ? penalty * figures.inFlight : figures.errorRate > 0 ? penalty * figures.errorRate : 0;
    return *seconds * (figures.inFlight + 1) / (success * success);
}

std::optional<std::size_t> ofTwo(const Balance &balance, const Given &given, const Outlook &outlook)
{
    std::array<std::size_t, 32> left {};
    std::size_t count = 0;
    for (std::size_t i = 0; i < balance.among.size() && count < left.size(); ++i) {
        if (!given.has(i))
            left[count++] = i;
    }
    if (count == 0)
        return std::nullopt;
    const std::size_t first = outlook.random.below(count);
    if (count == 1)
        return left[first];
    const std::size_t second = (first + 1 + outlook.random.below(count - 1)) % count;
    return load(balance.among[left[first]], outlook) <= load(balance.among[left[second]], outlook) ? left[first] : left[second];
}

std::optional<std::size_t> inTurn(const Balance &balance, const Given &given, const Outlook &outlook)
{
    const std::size_t count = balance.among.size();
    if (given.mask != 0) {
        for (std::size_t step = 1; step < count; ++step) {
            const std::size_t index = (given.last + step) % count;
            if (!given.has(index))
                return index;
        }
        return std::nullopt;
    }
    if (count == 0)
        return std::nullopt;
    PlanMemory *memory = outlook.around.memory;
    const std::uint64_t turn = !memory ? outlook.random.next() : outlook.dry ? memory->nextTurn(balance.id) : memory->turn(balance.id);
    std::uint64_t total = 0;
    for (const Choice &choice : balance.among)
        total += static_cast<std::uint64_t>(choice.weight);
    if (total == count)
        return turn % count;
    // Steps of the golden section pass over the weights evenly: no run of calls to one, however heavy it is.
    __extension__ using Wide = unsigned __int128;
    auto at = static_cast<std::uint64_t>(Wide {turn * 0x9E3779B97F4A7C15ULL} * total >> 64);
    for (std::size_t i = 0; i < count; ++i) {
        const auto weight = static_cast<std::uint64_t>(balance.among[i].weight);
        if (at < weight)
            return i;
        at -= weight;
    }
    return count - 1;
}

/// Weighted rendezvous hashing: each choice draws a number from the value and itself, so that the others change nothing.
std::optional<std::size_t> byHash(const Balance &balance, const Given &given, Outlook &outlook)
{
    const FieldValue value = balance.hashOn ? outlook.facts.value(*balance.hashOn) : FieldValue();
    if (value.kind == FieldValue::Kind::Absent || value.kind == FieldValue::Kind::Null)
        return drawn(balance, given, outlook.random);
    std::uint64_t key = 0;
    if (value.kind == FieldValue::Kind::Number && value.text.empty())
        key = stableId(fmt::format("{}", value.number));
    else if (value.kind == FieldValue::Kind::Bool)
        key = stableId(value.truth ? "true" : "false");
    else
        key = stableId(outlook.facts.plainText(value));
    std::optional<std::size_t> best;
    double bestScore = 0;
    for (std::size_t i = 0; i < balance.among.size(); ++i) {
        if (given.has(i))
            continue;
        const std::uint64_t hash = Random::mixed(key ^ Random::mixed(balance.among[i].identity));
        const double share = (static_cast<double>(hash >> 11) + 0.5) * 0x1p-53; // within (0, 1)
        const double score = -std::log(share) / balance.among[i].weight;
        if (!best || score < bestScore) {
            best = i;
            bestScore = score;
        }
    }
    return best;
}

double costMeasure(const Choice &choice, Outlook &outlook)
{
    const auto cost = choice.judgedBy ? expectedCost(*choice.judgedBy, outlook) : std::nullopt;
    return cost ? static_cast<double>(cost->nanos()) : unknown;
}

/// Less is better; where the shares are equal, what was asked less of late.
double usageMeasure(const Choice &choice, const Outlook &outlook)
{
    if (!choice.judgedBy)
        return unknown;
    const Figures figures = figuresOf(*choice.judgedBy, outlook);
    constexpr double negligible = 1e-12; // for a token: no share of any limit that is declared
    return figures.used + negligible * static_cast<double>(figures.tokensLastMinute);
}

double busyMeasure(const Choice &choice, const Outlook &outlook)
{
    return choice.judgedBy ? figuresOf(*choice.judgedBy, outlook).inFlight : unknown;
}

} // namespace

std::optional<std::size_t> chooseNext(const Balance &balance, const Given &given, Outlook &outlook)
{
    switch (balance.by) {
    case BalanceBy::Latency: return ofTwo(balance, given, outlook);
    case BalanceBy::Cost: return least(balance, given, outlook.random, [&](const Choice &choice) { return costMeasure(choice, outlook); });
    case BalanceBy::LeastBusy: return least(balance, given, outlook.random, [&](const Choice &choice) { return busyMeasure(choice, outlook); });
    case BalanceBy::Usage: return least(balance, given, outlook.random, [&](const Choice &choice) { return usageMeasure(choice, outlook); });
    case BalanceBy::Weight: return drawn(balance, given, outlook.random);
    case BalanceBy::RoundRobin: return inTurn(balance, given, outlook);
    case BalanceBy::Hash: return byHash(balance, given, outlook);
    }
    return std::nullopt;
}

std::string figureOf(const Balance &balance, const Choice &choice, Outlook &outlook)
{
    if (!choice.judgedBy)
        return "no target";
    switch (balance.by) {
    case BalanceBy::Latency: {
        const Figures figures = figuresOf(*choice.judgedBy, outlook);
        const auto seconds = expectedSeconds(figures, outlook.facts.call());
        return fmt::format("{}, {} in flight{}", seconds ? fmt::format("{:.2f} s", *seconds) : std::string("no figures yet"), figures.inFlight,
                           figures.errorRate >= 0.005 ? fmt::format(", {:.0f} % errors", figures.errorRate * 100) : std::string());
    }
    case BalanceBy::Cost: {
        const auto cost = expectedCost(*choice.judgedBy, outlook);
        return cost ? cost->toDecimal() + " USD" : "price unknown";
    }
    case BalanceBy::LeastBusy: return fmt::format("{} in flight", figuresOf(*choice.judgedBy, outlook).inFlight);
    case BalanceBy::Usage: {
        const Figures figures = figuresOf(*choice.judgedBy, outlook);
        return fmt::format("{:.0f} % of its limit, {} tokens in the last minute", figures.used * 100, figures.tokensLastMinute);
    }
    case BalanceBy::Weight:
    case BalanceBy::RoundRobin:
    case BalanceBy::Hash: return fmt::format("weight {}", choice.weight);
    }
    return {};
}

std::optional<Money> expectedCost(const Target &target, Outlook &outlook)
{
    const CallFacts &call = outlook.facts.call();
    TokenUsage usage;
    usage.input = call.inputTokens;
    usage.output = call.outputTokens;
    if (target.prices || !outlook.around.prices || target.model.find('*') == std::string::npos)
        return cost(target.prices, usage);
    std::string room;
    return cost(outlook.around.prices->pricesOf(target, modelOf(target, outlook.star, room)), usage);
}

Figures figuresOf(const Target &target, const Outlook &outlook)
{
    Figures all;
    all.used = std::numeric_limits<double>::max();
    const std::uint64_t model = modelIdOf(target, outlook.star);
    int counted = 0;
    const auto least = [](std::optional<double> &best, const std::optional<double> &found) {
        if (found)
            best = std::min(best.value_or(*found), *found);
    };
    for (const CredentialRef &credential : target.credentials) {
        const Figures one = outlook.around.health.figures({&target, &credential, model}, outlook.now);
        least(all.firstToken, one.firstToken);
        least(all.whole, one.whole);
        if (one.tokensPerSecond)
            all.tokensPerSecond = std::max(all.tokensPerSecond.value_or(0), *one.tokensPerSecond);
        all.inFlight += one.inFlight;
        all.errorRate += one.errorRate;
        all.tokensLastMinute += one.tokensLastMinute;
        all.used = std::min(all.used, one.used);
        ++counted;
    }
    if (counted == 0)
        return {};
    all.errorRate /= counted;
    return all;
}

std::optional<double> expectedSeconds(const Figures &figures, const CallFacts &call)
{
    if (!call.stream && figures.whole)
        return figures.whole;
    if (!figures.firstToken)
        return figures.whole;
    const double rate = figures.tokensPerSecond.value_or(0);
    return *figures.firstToken + (rate > 0 ? static_cast<double>(call.outputTokens) / rate : 0);
}

} // namespace gateway::routing
