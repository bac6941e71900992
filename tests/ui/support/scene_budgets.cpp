// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/scene_budgets.h"

#include "tests/ui/support/fake_gateway.h"
#include "tests/ui/support/scene_config.h"

#include <algorithm>
#include <cmath>

using namespace gateway;
using namespace gateway::api;
using namespace std::chrono_literals;

namespace tests {
namespace {

Money dollars(double amount) { return Money::fromNanos(std::llround(amount * 1e9)); }

config::Budget budget(double amount, Period per, std::vector<double> warnAt = {0.8, 0.95})
{
    config::Budget made;
    made.amount = dollars(amount);
    made.per = per;
    made.warnAt = std::move(warnAt);
    return made;
}

BudgetState standing(double amount, Period per, double spent, double reserved = 0)
{
    BudgetState state;
    state.amount = dollars(amount);
    state.per = per;
    state.zone = "Europe/Berlin";
    state.spent = dollars(spent);
    state.reserved = dollars(reserved);
    state.resets = Calendar(state.zone).window(per, FakeGateway::sceneTime()).to;
    for (const double mark : {0.8, 0.95}) {
        if (state.used() >= mark)
            state.mark = mark;
    }
    return state;
}

ScopeState scope(ScopeKind kind, const char *name, BudgetState state, const char *team = "")
{
    ScopeState made;
    made.kind = kind;
    made.name = name;
    made.team = team;
    made.budgets.push_back(std::move(state));
    return made;
}

LimitState limit(LimitState::What what, std::int64_t most, std::int64_t count, const char *endpoint = "")
{
    LimitState state;
    state.what = what;
    state.limit = most;
    state.count = count;
    state.endpoint = endpoint;
    return state;
}

template <typename Entries>
config::Quota &quotaIn(Entries &entries, std::string_view name)
{
    return std::ranges::find_if(entries, [name](const auto &entry) { return entry.name == name; })->quota;
}

/// Fewer calls at night and at weekends, and no two days alike.
double weightAt(WallTime at)
{
    const auto days = std::chrono::floor<std::chrono::days>(at);
    const int hour = static_cast<int>(std::chrono::floor<std::chrono::hours>(at - days).count());
    const auto weekday = std::chrono::weekday(days).iso_encoding();
    const double day = (weekday > 5 ? 0.45 : 1.15) * (1 + 0.18 * std::sin(static_cast<double>(days.time_since_epoch().count()) * 1.7));
    return day * (hour >= 6 && hour < 18 ? 1.5 : 0.5);
}

/// What comes to `spent` from the month's beginning until now.
double rateOf(double spent, std::chrono::seconds step, WallTime now)
{
    double weights = 0;
    for (WallTime at = std::chrono::sys_days {std::chrono::year {2026} / std::chrono::November / 1}; at < now; at += step)
        weights += weightAt(at);
    return spent / weights;
}

} // namespace

void addSceneQuotas(config::Config &config)
{
    config.organisation.quota.budgets = {budget(5000, Period::Month)};
    for (const auto &[team, amount] : {std::pair {"search", 1200.0}, {"support", 900.0}, {"growth", 400.0}, {"research", 800.0}, {"platform", 250.0}})
        quotaIn(config.teams, team).budgets = {budget(amount, Period::Month)};
    quotaIn(config.teams, "search").limits = {{.rpm = 600, .tpm = 200'000, .parallel = 50}, {.rpm = 3000, .endpoint = "embeddings"}};
    for (const auto &[key, amount, per] : {std::tuple {"search-rerank", 20.0, Period::Day}, {"search-backend", 50.0, Period::Day}, {"search-indexer", 10.0, Period::Day}, {"support-bot", 600.0, Period::Month}, {"platform-ci", 300.0, Period::Month}, {"search-old", 5.0, Period::Day}})
        quotaIn(config.keys, key).budgets = {budget(amount, per)};
    quotaIn(config.keys, "search-backend").limits = {{.rpm = 120}};
    quotaIn(config.providers, "openai").budgets = {budget(2500, Period::Month)};
    quotaIn(config.providers, "claude").budgets = {budget(1800, Period::Month)};
}

std::vector<ScopeState> sceneScopes()
{
    using enum ScopeKind;
    using What = LimitState::What;
    std::vector<ScopeState> scopes {
        scope(Organisation, "", standing(5000, Period::Month, 2513.48, 0.38)),
        scope(Team, "search", standing(1200, Period::Month, 842.17, 0.38)),
        scope(Team, "support", standing(900, Period::Month, 711.40)),
        scope(Team, "growth", standing(400, Period::Month, 400.02)),
        scope(Team, "research", standing(800, Period::Month, 386.95)),
        scope(Team, "platform", standing(250, Period::Month, 152.74)),
        scope(Key, "search-rerank", standing(20, Period::Day, 0), "search"),
        scope(Key, "search-backend", standing(50, Period::Day, 31.76, 0.24), "search"),
        scope(Key, "search-indexer", standing(10, Period::Day, 2.95), "search"),
        scope(Key, "support-bot", standing(600, Period::Month, 548.95), "support"),
        scope(Key, "platform-ci", standing(300, Period::Month, 96.30), "platform"),
        scope(Provider, "openai", standing(2500, Period::Month, 1312.44)),
        scope(Provider, "claude", standing(1800, Period::Month, 1049.97)),
    };
    scopes[1].limits = {limit(What::Requests, 600, 187), limit(What::Tokens, 200'000, 171'240), limit(What::Parallel, 50, 34), limit(What::Requests, 3000, 142, "embeddings")};
    scopes[7].limits = {limit(What::Requests, 120, 41)};
    return scopes;
}

bool asksForSpend(const SeriesQuery &query)
{
    return query.range.to - query.range.from >= 40h && (query.bucketSeconds == 300 || query.bucketSeconds == 3600 || query.bucketSeconds == 86400);
}

Series sceneSpend(const SeriesQuery &query, WallTime now)
{
    const UseSummary use = sceneUse();
    const std::string &filter = query.filter.text();
    std::map<std::string, double> spent; // by team, of this month
    for (const TeamUse &team : use.teams) {
        if (filter.empty() || filter == "team:\"" + team.team + "\"")
            spent[team.team] = static_cast<double>(team.spent.nanos()) / 1e9;
    }
    for (const KeyUse &key : use.keys) {
        if (filter == "key:\"" + key.keyId.substr(4) + "\"")
            spent[""] = static_cast<double>(key.spent.nanos()) / 1e9;
    }
    Series series;
    const std::chrono::seconds step {query.bucketSeconds};
    std::map<std::string, double> rates;
    for (const auto &[team, amount] : spent)
        rates[team] = rateOf(amount, step, now);
    WallTime first {query.range.from.time_since_epoch() / step * step};
    for (WallTime at = first; at < std::min(query.range.to, now); at += step) {
        SeriesBucket bucket;
        bucket.at = at;
        bucket.calls = 40;
        for (const auto &[team, rate] : rates)
            bucket.costByTeam[team] = dollars(rate * weightAt(at));
        series.buckets.push_back(std::move(bucket));
    }
    if (filter == "team:\"growth\"" && !series.buckets.empty())
        series.buckets.back().refused = 5;
    return series;
}

} // namespace tests
