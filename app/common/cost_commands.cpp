// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/cost_commands.h"

#include "app/common/json_fields.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>
#include <string>

namespace app {

namespace {

using nlohmann::json;

void printFigures(const std::string &name, std::size_t width, const json &figures, std::ostream &out)
{
    const auto count = [&](const char *key) { return figures[key].get<std::uint64_t>(); };
    out << fmt::format("{:<{}}  {:>10}  {:>10}  {:>12}  {:>10}  {:>16}  {:>16}\n", name, width, count("looked_at"), count("changed"), count("first_priced"), count("unknown"), textOf(figures, "before"), textOf(figures, "after"));
}

/// A call of which no attempt began has neither.
std::string nameOf(const json &row)
{
    const std::string provider = textOf(row, "provider");
    const std::string model = textOf(row, "model");
    return provider.empty() && model.empty() ? "none" : fmt::format("{}:{}", provider, model);
}

} // namespace

void printRepricing(const json &answer, std::ostream &out)
{
    constexpr std::size_t least = 5;
    const bool dryRun = answer.contains("dry_run");
    if (!dryRun && answer["run"].is_null()) {
        out << "Nothing changes by the prices of now.\n";
        return;
    }
    std::size_t width = least;
    const json rows = dryRun ? answer["data"] : json::array();
    for (const json &row : rows)
        width = std::max(width, nameOf(row).size());
    out << fmt::format("{:<{}}  {:>10}  {:>10}  {:>12}  {:>10}  {:>16}  {:>16}\n", "MODEL", width, "CALLS", "CHANGE", "FIRST PRICE", "UNKNOWN", "BEFORE, USD", "AFTER, USD");
    for (const json &row : rows)
        printFigures(nameOf(row), width, row, out);
    printFigures("all", width, dryRun ? answer["totals"] : answer["run"], out);
    if (dryRun)
        out << "Nothing was changed.\n";
    else
        out << fmt::format("Re-pricing {} is done. Logged costs, budgets and spend are as they were.\n", answer["run"]["id"].get<std::int64_t>());
}

} // namespace app
