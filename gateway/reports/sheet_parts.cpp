// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/reports/sheet_parts.h"

#include "gateway/core/figure_text.h"
#include "gateway/core/text.h"
#include "gateway/reports/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace gateway::reports {

namespace {

constexpr std::size_t daysWithNames = 10;
constexpr std::size_t longestName = 60;
constexpr std::array<std::pair<ErrorClass, std::string_view>, errorClassCount> errorWords {{{ErrorClass::RateLimit, "Rate limit"},
                                                                                             {ErrorClass::Server, "Provider's error"},
                                                                                             {ErrorClass::Timeout, "Timeout"},
                                                                                             {ErrorClass::Connect, "No connection"},
                                                                                             {ErrorClass::Cut, "Cut off"},
                                                                                             {ErrorClass::Client, "Caller's error"},
                                                                                             {ErrorClass::Other, "Other"}}};

double dollars(Money money)
{
    return static_cast<double>(money.nanos()) / 1e9;
}

double ratio(Money part, Money of)
{
    return of > Money() ? dollars(part) / dollars(of) : 0;
}

std::string shortened(std::string_view name)
{
    const std::string valid = toValidUtf8(name);
    return valid.size() <= longestName ? valid : std::string(truncatedUtf8(valid, longestName)) + "\u2026";
}

std::string nameOr(const std::string &name, std::string_view none)
{
    return name.empty() ? std::string(none) : shortened(name);
}

/// @param fewerIsGood  whether a rise is bad news, where it is news at all
SheetTile tile(std::string label, std::string value, double now, double before, bool fewerIsGood)
{
    SheetTile made {.label = std::move(label), .value = std::move(value), .change = before > 0 || now > 0 ? changeText(now, before) : std::string()};
    constexpr double worthwhile = 0.05;
    if (fewerIsGood && before > 0 && std::abs(now / before - 1) >= worthwhile)
        made.tone = now > before ? SheetTile::Tone::Bad : SheetTile::Tone::Good;
    return made;
}

SheetTile latencyTile(std::string label, std::optional<std::int64_t> now, std::optional<std::int64_t> before)
{
    SheetTile made {.label = std::move(label), .value = now ? latencyText(*now) : std::string(unknown)};
    if (!now || !before)
        return made;
    return tile(made.label, made.value, static_cast<double>(*now), static_cast<double>(*before), true);
}

/// Share by share, in points: a rise from 1 to 2 per cent is no "+100 %".
SheetTile errorTile(const SeriesTotals &now, const SeriesTotals &before)
{
    SheetTile made {.label = "Errors", .value = now.calls == 0 ? std::string(unknown) : shareText(share(now.failed, now.calls))};
    if (now.calls == 0 || before.calls == 0)
        return made;
    const double by = (share(now.failed, now.calls) - share(before.failed, before.calls)) * 100;
    constexpr double leastPoints = 0.05;
    if (std::abs(by) < leastPoints) {
        made.change = "no change";
        return made;
    }
    made.change = fmt::format("{}{:.1f} points", by > 0 ? "+" : "\u2212", std::abs(by));
    made.tone = by > 0 ? SheetTile::Tone::Bad : SheetTile::Tone::Good;
    return made;
}

void add(std::vector<SheetBlock> &blocks, SheetTable table)
{
    if (!table.rows.empty())
        blocks.emplace_back(std::move(table));
}

SheetTable groupTable(std::string title, std::string column, const std::vector<ReportRow> &rows, std::string_view none)
{
    SheetTable table {.title = std::move(title), .columns = {{.title = std::move(column)}, {.title = "Cost", .number = true}, {.title = "Share", .number = true}, {.title = "Change", .number = true}, {.title = "Calls", .number = true}, {.title = "Tokens", .number = true}}};
    const bool onlyNone = std::ranges::all_of(rows, [](const ReportRow &row) { return row.kind == ReportRow::Kind::None; });
    if (onlyNone)
        return table;
    CostFigures sum, sumBefore;
    for (const ReportRow &row : rows) {
        sum.add(row.now);
        sumBefore.add(row.before);
    }
    const auto line = [&](std::string name, const CostFigures &now, const CostFigures &before) {
        return SheetRow {.cells = {std::move(name), moneyText(now.cost), shareText(ratio(now.cost, sum.cost)), now.cost == Money() && before.cost == Money() ? std::string(unknown) : changeText(dollars(now.cost), dollars(before.cost)), countText(now.calls), countText(now.tokens())}};
    };
    for (const ReportRow &row : rows) {
        SheetRow made = line(shortened(rowName(row, none)), row.now, row.before);
        made.share = ratio(row.now.cost, sum.cost);
        table.rows.push_back(std::move(made));
    }
    table.rows.push_back(line("All", sum, sumBefore));
    table.rows.back().strong = true;
    return table;
}

SheetTable errorTable(const ReportData &data)
{
    SheetTable table {.title = "Errors by cause", .columns = {{.title = "Cause"}, {.title = "Calls", .number = true}, {.title = "Of all calls", .number = true}, {.title = "Before", .number = true}}};
    for (const auto &[kind, word] : errorWords) {
        const std::uint64_t now = data.now.errors[static_cast<std::size_t>(kind)], before = data.before.errors[static_cast<std::size_t>(kind)];
        if (now == 0 && before == 0)
            continue;
        table.rows.push_back({.cells = {std::string(word), countText(now), shareText(share(now, data.now.calls)), countText(before)}, .share = share(now, data.now.failed)});
    }
    if (table.rows.empty())
        return table;
    table.rows.push_back({.cells = {"All", countText(data.now.failed), shareText(share(data.now.failed, data.now.calls)), countText(data.before.failed)}, .strong = true});
    return table;
}

std::string perText(const ReportBudget &budget, const std::string &zone)
{
    std::string text = budget.per == Period::Total ? std::string("in total") : fmt::format("a {}", toText(budget.per));
    if (!budget.endpoint.empty())
        text += fmt::format(" for {}", budget.endpoint);
    if (budget.fullest)
        text += fmt::format(", the fullest: {}", budget.per == Period::Hour ? reportMomentText(budget.from, zone) : reportDayText(budget.from, zone));
    return text;
}

SheetTable budgetTable(const ReportData &data)
{
    SheetTable table {.title = "Budgets", .columns = {{.title = "Budget"}, {.title = "Limit", .number = true}, {.title = "Used", .number = true}, {.title = "Of it", .number = true}, {.title = "At its end, as it goes", .number = true}}};
    for (const ReportBudget &budget : data.budgets) {
        const double used = ratio(budget.used, budget.amount);
        std::string forecast(unknown);
        if (budget.forecast)
            forecast = fmt::format("{} ({})", moneyText(*budget.forecast), shareText(ratio(*budget.forecast, budget.amount)));
        table.rows.push_back({.cells = {fmt::format("{}, {}", toValidUtf8(budget.whose), perText(budget, data.time.zone)), moneyText(budget.amount), moneyText(budget.used), budget.amount > Money() ? shareText(used) : std::string(unknown), std::move(forecast)},
                              .share = std::min(used, 1.0)});
    }
    return table;
}

SheetTable callTable(const ReportData &data)
{
    SheetTable table {.title = "Calls that cost most", .columns = {{.title = "When", .whole = true}, {.title = "Model"}, {.title = "Key"}, {.title = "Customer"}, {.title = "Tokens", .number = true}, {.title = "Cost", .number = true}, {.title = "Call", .whole = true}}};
    for (const ReportCall &call : data.largest)
        table.rows.push_back({.cells = {reportMomentText(call.at, data.time.zone), nameOr(call.model, unknown), nameOr(call.key, unknown), nameOr(call.customer, unknown), countText(call.tokens), moneyText(call.cost), call.id}});
    return table;
}

SheetTable unpricedTable(const ReportData &data)
{
    SheetTable table {.title = "Without a price", .columns = {{.title = "Model"}, {.title = "Calls without a price", .number = true}, {.title = "Tokens", .number = true}}};
    for (const ReportRow &row : data.unpriced)
        table.rows.push_back({.cells = {shortened(rowName(row, "no model")), countText(row.now.unpriced), countText(row.now.tokens())}});
    return table;
}

/// Of many bars the highest alone has its value above it, and some have their days below.
void thinOut(std::vector<SheetBar> &bars)
{
    constexpr std::size_t labels = 8;
    if (bars.size() <= daysWithNames)
        return;
    const std::size_t every = (bars.size() + labels - 1) / labels;
    const auto highest = std::ranges::max_element(bars, {}, &SheetBar::value) - bars.begin();
    for (std::size_t i = 0; i < bars.size(); ++i) {
        if (i % every != 0)
            bars[i].label.clear();
        if (i != static_cast<std::size_t>(highest))
            bars[i].text.clear();
    }
}

/// Round steps from 0 on, four to six of them.
std::vector<SheetTick> ticksTo(double most)
{
    if (most <= 0)
        return {{.value = 0, .text = "$0"}, {.value = 1, .text = "$1"}};
    constexpr double wanted = 4;
    const double rough = most / wanted;
    const double magnitude = std::pow(10, std::floor(std::log10(rough)));
    double step = magnitude * 10;
    for (const double factor : {5.0, 2.5, 2.0, 1.0}) {
        if (magnitude * factor >= rough)
            step = magnitude * factor;
    }
    const int places = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)) + (step / magnitude == 2.5 ? 1 : 0));
    std::vector<SheetTick> ticks;
    for (int i = 0; i == 0 || ticks.back().value < most * (1 - 1e-9); ++i)
        ticks.push_back({.value = step * i, .text = i == 0 ? std::string("$0") : step >= 1 ? fmt::format("${}", grouped(fmt::format("{:.{}f}", step * i, places))) : fmt::format("${:.{}f}", step * i, places)});
    return ticks;
}

} // namespace

SheetTiles tilesOf(const ReportData &data)
{
    const SeriesTotals &now = data.now, &before = data.before;
    const auto number = [](std::uint64_t value) { return static_cast<double>(value); };
    const std::uint64_t tokens = now.inputTokens + now.outputTokens;
    SheetTiles made;
    made.tiles = {tile("Cost", moneyText(now.cost), dollars(now.cost), dollars(before.cost), false),
                  tile("Calls", countShort(now.calls), number(now.calls), number(before.calls), false),
                  errorTile(now, before),
                  tile("Tokens", countShort(tokens), number(tokens), number(before.inputTokens + before.outputTokens), false),
                  latencyTile("Half of the calls within", now.p50Us, before.p50Us),
                  latencyTile("95 of 100 within", now.p95Us, before.p95Us),
                  latencyTile("First token, 95 of 100", now.ttftP95Us, before.ttftP95Us)};
    SheetTile cache {.label = "Saved by the cache", .value = data.cache.looked == 0 ? std::string(unknown) : moneyText(data.cache.saved)};
    if (data.cache.looked > 0)
        cache.change = fmt::format("{} of {} calls", countText(data.cache.hits), countText(data.cache.looked));
    made.tiles.push_back(std::move(cache));
    return made;
}

SheetBars daysOf(const ReportData &data)
{
    const std::string label = data.time.kind == ReportTime::Kind::Days ? std::string("this time") : data.time.words;
    SheetBars bars {.title = "Cost by day, US dollars", .legend = label, .legendBefore = data.time.wordsBefore};
    double most = 0;
    for (std::size_t i = 0; i < data.days.size(); ++i) {
        const std::string day = reportDayText(data.days[i].at, data.time.zone); // "Mon 16 Nov"
        SheetBar bar {.label = data.days.size() <= daysWithNames ? day : day.substr(4), .value = dollars(data.days[i].figures.cost), .text = moneyText(data.days[i].figures.cost)};
        if (i < data.daysBefore.size()) {
            bar.before = dollars(data.daysBefore[i].figures.cost);
            bar.hasBefore = true;
        }
        most = std::max({most, bar.value, bar.before});
        bars.bars.push_back(std::move(bar));
    }
    bars.ticks = ticksTo(most);
    thinOut(bars.bars);
    return bars;
}

void addTables(const ReportData &data, std::vector<SheetBlock> &blocks)
{
    add(blocks, groupTable("By team", "Team", data.teams, "without a team"));
    add(blocks, groupTable("By model", "Model", data.models, "no model"));
    add(blocks, groupTable("By key", "Key", data.keys, "without a key"));
    add(blocks, groupTable("By route", "Route", data.routes, "without a route"));
    add(blocks, groupTable("By customer", "Customer", data.customers, "without a customer"));
    add(blocks, budgetTable(data));
    add(blocks, errorTable(data));
    add(blocks, callTable(data));
    add(blocks, unpricedTable(data));
}

} // namespace gateway::reports
