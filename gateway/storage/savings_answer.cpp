// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/savings_answer.h"

#include "gateway/storage/call_finder.h"

#include <algorithm>
#include <array>
#include <map>

namespace gateway::storage {

namespace {

constexpr std::size_t bordersAtMost = 401;

/// The configuration's answers by the numbers of names: calls repeat them.
class KnownPrices
{
public:
    explicit KnownPrices(const PricesNow &now) : m_now(now) {}

    PricesNow remembering()
    {
        return {.prices = [this](std::string_view provider, std::string_view model) {
                    const auto [at, fresh] = m_prices.try_emplace({std::string(provider), std::string(model)});
                    if (fresh)
                        at->second = m_now.prices(provider, model);
                    return at->second;
                },
                .firstChoice = [this](std::string_view route) {
                    const auto [at, fresh] = m_choices.try_emplace(std::string(route));
                    if (fresh)
                        at->second = m_now.firstChoice(route);
                    return at->second;
                }};
    }

private:
    const PricesNow &m_now;
    std::map<std::pair<std::string, std::string>, std::optional<Prices>> m_prices;
    std::map<std::string, std::optional<std::pair<std::string, std::string>>> m_choices;
};

std::optional<std::size_t> columnOf(CostField field)
{
    switch (field) {
    case CostField::Team: return 0;
    case CostField::Key: return 1;
    case CostField::Route: return 2;
    case CostField::Provider: return 3;
    case CostField::Model: return 4;
    case CostField::Customer:
    case CostField::Endpoint:
    case CostField::Tags: break;
    }
    return std::nullopt;
}

enum Column : int { Started, Team, Key, Route, Provider, Model, Flags, CostOf, Input, Output, Cached, Write, Write1h, FirstProvider, FirstModel, Saved };

/// A call with one good attempt has no row in `attempts`.
constexpr std::string_view columns =
    "c.started_us, c.team, c.key, c.route, c.provider, c.model, c.flags, c.cost, c.input, c.output, c.cached, c.cache_write, c.cache_write_1h, "
    "CASE WHEN c.lone_started_us IS NULL AND c.attempts > 1 THEN (SELECT a.provider FROM attempts AS a WHERE a.row = c.row ORDER BY a.n LIMIT 1) END, "
    "CASE WHEN c.lone_started_us IS NULL AND c.attempts > 1 THEN (SELECT a.model FROM attempts AS a WHERE a.row = c.row ORDER BY a.n LIMIT 1) END, "
    "CASE WHEN c.flags & 1024 <> 0 THEN (SELECT e.saved FROM extras AS e WHERE e.row = c.row) END";

} // namespace

Result<Savings> answerSavings(ReaderSession &session, const SavingsQuery &query, const PricesNow &now)
{
    const auto by = columnOf(query.by);
    if (!by)
        return fail(ErrorCode::BadRequest, "Savings are told by team, key, route, provider or model.", "by");
    std::vector<std::int64_t> borders;
    for (const WallTime border : query.borders)
        borders.push_back(border.time_since_epoch().count());
    if (borders.size() < 2 || borders.size() > bordersAtMost || std::ranges::adjacent_find(borders, std::greater_equal {}) != borders.end())
        return fail(ErrorCode::BadRequest, "A question about savings has from 1 to 400 buckets, whose borders rise.", "borders");
    const Span span {.from = borders.front(), .to = borders.back()};
    auto finder = CallFinder::make(session, query.filter, span);
    if (!finder)
        return std::unexpected(finder.error());
    KnownPrices known(now);
    const PricesNow prices = known.remembering();
    Savings savings;
    savings.buckets.resize(borders.size() - 1);
    std::map<std::int64_t, SavingFigures> groups;
    auto read = finder->each(columns, span, [&](const Statement &row) -> Result<> {
        if (const auto paid = row.maybeInteger(CostOf))
            savings.paid += Money::fromNanos(*paid);
        if ((row.integer(Flags) & (call_flag::shadow | call_flag::test)) != 0)
            return {}; // nobody would have asked otherwise
        std::array<std::string, 5> names; // route, provider, model, first provider, first model
        constexpr std::array columnsOfNames {Route, Provider, Model, FirstProvider, FirstModel};
        for (std::size_t i = 0; i < columnsOfNames.size(); ++i) {
            auto name = session.name(row.maybeInteger(columnsOfNames[i]).value_or(0));
            if (!name)
                return std::unexpected(name.error());
            names[i] = std::move(*name);
        }
        SavingFacts facts {.route = names[0], .provider = names[1], .model = names[2], .firstProvider = names[3], .firstModel = names[4],
                           .usage = {.input = row.integer(Input), .output = row.integer(Output), .cachedInput = row.integer(Cached), .cacheWrite = row.integer(Write), .cacheWrite1h = row.integer(Write1h)}};
        const CacheOutcome cache = cacheOutcomeFrom(row.integer(Flags));
        facts.fromCache = cache == CacheOutcome::Hit || cache == CacheOutcome::Semantic;
        if (const auto nanos = row.maybeInteger(CostOf))
            facts.cost = Money::fromNanos(*nanos);
        if (const auto nanos = row.maybeInteger(Saved))
            facts.saved = Money::fromNanos(*nanos);
        const SavingFigures figures = savingsOf(facts, prices);
        if (figures == SavingFigures {})
            return {};
        const auto bucket = static_cast<std::size_t>(std::upper_bound(borders.begin() + 1, borders.end() - 1, row.integer(Started)) - borders.begin()) - 1;
        savings.buckets[bucket].add(figures);
        savings.total.add(figures);
        groups[row.maybeInteger(Team + static_cast<int>(*by)).value_or(0)].add(figures);
        return {};
    });
    if (!read)
        return std::unexpected(read.error());
    for (const auto &[number, figures] : groups) {
        auto name = session.name(number);
        if (!name)
            return std::unexpected(name.error());
        savings.groups.push_back({.name = std::move(*name), .figures = figures});
    }
    std::ranges::stable_sort(savings.groups, std::greater {}, [](const SavingsGroup &group) { return group.figures.total(); });
    return savings;
}

} // namespace gateway::storage
