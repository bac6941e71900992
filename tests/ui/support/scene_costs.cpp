// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/scene_costs.h"

#include "gateway/core/cost_sums.h"
#include "tests/support/cost_facts.h"
#include "tests/ui/support/fake_gateway.h"
#include "tests/ui/support/scene_log.h"

#include <QDateTime>
#include <QTimeZone>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

using namespace gateway;
using namespace std::chrono_literals;

namespace tests {
namespace {

/// What a kind of call cost in November, in cents, and what one of them does in a millionth of a dollar.
struct Share
{
    const char *team, *key, *customer, *route, *provider, *model;
    Endpoint endpoint;
    std::int64_t cents, micros;
};

constexpr Endpoint chat = Endpoint::ChatCompletions;
constexpr Share shares[] {
    {"search", "search-backend", "acme", "gpt-4o", "openai", "gpt-4o", chat, 51240, 2900}, {"search", "search-backend", "globex", "smart", "claude", "claude-sonnet-4", chat, 18830, 4100},
    {"search", "search-eval", "", "canary", "openai", "gpt-5", chat, 6102, 6300}, {"search", "search-eval", "", "canary", "claude", "claude-opus-4", chat, 4211, 16000},
    {"search", "search-backend", "acme", "smart", "gemini", "gemini-2.5-flash", chat, 2200, 300}, {"search", "search-indexer", "", "embeddings", "openai", "embed-3-small", Endpoint::Embeddings, 1634, 9},
    {"support", "support-bot", "acme", "gpt-4o", "openai", "gpt-4o", chat, 30126, 2700}, {"support", "support-bot", "initech", "smart", "claude", "claude-sonnet-4", chat, 26218, 4000},
    {"support", "support-triage", "initech", "smart", "claude", "claude-opus-4", chat, 8847, 15000}, {"support", "support-bot", "globex", "smart", "gemini", "gemini-2.5-flash", chat, 4000, 320},
    {"support", "support-triage", "", "smart", "together", "llama-3.3-70b", chat, 1949, 210}, {"growth", "growth-campaigns", "acme", "gpt-4o", "openai", "gpt-4o", chat, 24690, 2500},
    {"growth", "growth-web", "globex", "smart", "claude", "claude-sonnet-4", chat, 7825, 3900}, {"growth", "growth-web", "", "smart", "gemini", "gemini-2.5-flash", chat, 4011, 280},
    {"growth", "growth-campaigns", "", "smart", "claude", "claude-opus-4", chat, 2000, 15500}, {"growth", "growth-web", "", "smart", "together", "llama-3.3-70b", chat, 1300, 200},
    {"research", "research-notebooks", "", "smart", "claude", "claude-opus-4", chat, 26244, 17000}, {"research", "research-notebooks", "", "gpt-4o", "openai", "gpt-4o", chat, 6180, 3100},
    {"research", "research-evals", "", "canary", "claude", "claude-sonnet-4", chat, 4071, 4400}, {"research", "research-evals", "", "smart", "gemini", "gemini-2.5-flash", chat, 1200, 330},
    {"research", "research-evals", "", "canary", "openai", "gpt-5", chat, 1000, 6100}, {"platform", "platform-internal", "", "gpt-4o", "openai", "gpt-4o", chat, 6858, 2400},
    {"platform", "platform-ci", "", "smart", "gemini", "gemini-2.5-flash", chat, 4016, 260}, {"platform", "platform-ci", "", "smart", "claude", "claude-sonnet-4", chat, 3000, 3800},
    {"platform", "platform-ci", "", "smart", "together", "llama-3.3-70b", chat, 1400, 190}, {"", "", "", "gpt-4o", "openai", "gpt-4o", chat, 2234, 2600},
};

/// A number from 0 to 1 for a seed: the same on every machine.
double noise(std::uint64_t seed)
{
    seed = (seed + 0x9E3779B97F4A7C15ULL) * 0xBF58476D1CE4E5B9ULL;
    seed = (seed ^ (seed >> 27)) * 0x94D049BB133111EBULL;
    return static_cast<double>((seed ^ (seed >> 31)) >> 11) / 9007199254740992.0;
}

struct Slot
{
    WallTime at;
    double weight; ///< of an hour in the middle of a working day: 1
    bool november;
};

/// Hours, and of the last three the five minutes.
std::vector<Slot> slots()
{
    const QTimeZone berlin("Europe/Berlin");
    const WallTime now = FakeGateway::sceneTime();
    std::vector<Slot> made;
    for (WallTime at = std::chrono::sys_days(std::chrono::September / 25 / 2026); at <= now;) {
        const bool fine = at >= std::chrono::floor<std::chrono::hours>(now - 3h);
        const QDateTime local = QDateTime::fromSecsSinceEpoch(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count(), berlin);
        const double hour = local.time().hour() + local.time().minute() / 60.0;
        const double daily = 0.25 + std::exp(-std::pow((hour - 13.5) / 4.2, 2));
        const double weekly = local.date().dayOfWeek() >= 6 ? 0.33 : 1;
        const double growth = 0.85 + 0.15 * double(local.date().dayOfYear() - 268) / 54;
        const auto day = std::uint64_t(local.date().dayOfYear());
        made.push_back({at, daily * weekly * growth * (0.88 + 0.24 * noise(day)) * (fine ? 1.0 / 12 : 1), local.date().month() == 11});
        at += fine ? std::chrono::seconds(5min) : std::chrono::seconds(1h);
    }
    return made;
}

CostCell cellOf(const Share &share, const Slot &slot, std::int64_t nanos)
{
    CostCell cell;
    cell.like.startedAt = slot.at;
    cell.like.team = share.team;
    cell.like.key = share.key;
    cell.like.customer = share.customer;
    cell.like.route = share.route;
    cell.like.askedModel = share.route;
    cell.like.provider = share.provider;
    cell.like.model = share.model;
    cell.like.endpoint = share.endpoint;
    cell.like.tags = share.key == std::string_view("platform-ci") ? "batch,eu" : "";
    cell.like.httpStatus = 200;
    cell.like.cost = Money::fromNanos(nanos);
    cell.figures.cost = Money::fromNanos(nanos);
    cell.figures.calls = static_cast<std::uint64_t>(std::max<std::int64_t>(1, nanos / 1000 / share.micros));
    cell.figures.input = cell.figures.calls * 940;
    cell.figures.output = share.endpoint == Endpoint::Embeddings ? 0 : cell.figures.calls * 260;
    return cell;
}

std::optional<std::size_t> bucketOf(const std::vector<WallTime> &borders, WallTime at)
{
    const auto after = std::ranges::upper_bound(borders, at);
    if (after == borders.begin() || after == borders.end())
        return std::nullopt;
    return static_cast<std::size_t>(after - borders.begin()) - 1;
}

} // namespace

std::vector<CostCell> sceneCostCells()
{
    const std::vector<Slot> times = slots();
    std::vector<CostCell> cells;
    std::uint64_t seed = 0;
    for (const Share &share : shares) {
        ++seed;
        std::vector<double> weights;
        double november = 0;
        for (const Slot &slot : times) {
            const auto hour = std::uint64_t(slot.at.time_since_epoch() / 1h);
            weights.push_back(slot.weight * (0.75 + 0.5 * noise(seed * 100'003 + hour)));
            november += slot.november ? weights.back() : 0;
        }
        const std::int64_t whole = share.cents * 10'000'000;
        std::int64_t left = whole;
        for (std::size_t i = 0; i < times.size(); ++i) {
            const bool last = i + 1 == times.size();
            const std::int64_t nanos = last ? left : std::llround(double(whole) * weights[i] / november);
            left -= times[i].november ? nanos : 0;
            cells.push_back(cellOf(share, times[i], nanos));
        }
    }
    return cells;
}

Costs sceneCosts(const std::vector<CostCell> &cells, const CostQuery &query)
{
    CostSums sums(query);
    std::map<std::string, std::int64_t> numbers;
    std::vector<std::string> names {""};
    const auto number = [&](const std::string &name) -> std::int64_t {
        if (name.empty())
            return CostSums::none;
        const auto [at, added] = numbers.try_emplace(name, static_cast<std::int64_t>(names.size()));
        if (added)
            names.push_back(name);
        return at->second;
    };
    std::set<std::string> customers;
    for (const CostCell &cell : cells) {
        if (!matches(query.filter.root(), cell.like))
            continue;
        const std::int64_t by = number(valueOf(cell.like, query.by)), then = query.then ? number(valueOf(cell.like, *query.then)) : CostSums::none;
        if (const auto bucket = bucketOf(query.borders, cell.like.startedAt)) {
            static_cast<void>(sums.add(*bucket, by, then, cell.figures));
            customers.insert(cell.like.customer);
        }
        if (const auto bucket = bucketOf(query.before, cell.like.startedAt))
            static_cast<void>(sums.addBefore(*bucket, by, then, cell.figures));
    }
    Costs costs = *std::move(sums).finish([&](CostField, std::int64_t of) -> Result<std::string> { return names[static_cast<std::size_t>(of)]; });
    customers.erase("");
    if (query.customers)
        costs.customers = customers.size();
    return costs;
}

} // namespace tests
