// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

/// Which sums are kept of calls, beside those by team: each view is what calls have in common in it.
namespace gateway::storage {

/// A row of `dims`, in the table's order. 0: none. Aliased: the number of the name that was asked for, where it is another than
/// the route's.
enum class DimensionField : std::uint8_t { Team, Key, Route, Provider, Model, Aliased };
inline constexpr std::size_t dimensionFieldCount = 6;
using DimensionNames = std::array<std::int64_t, dimensionFieldCount>;

constexpr unsigned fieldBit(DimensionField field)
{
    return 1U << static_cast<unsigned>(field);
}

struct RollupView
{
    unsigned fields;               ///< bits of DimensionField: these are kept apart, all others are 0 in the view's rows of `dims`
    std::string_view days;         ///< its table by day of UTC
    std::string_view hours;        ///< by hour
    std::string_view minutes = {}; ///< and by minute; empty: none
};

/// Each keeps the team apart, because charts show the cost by team under every filter. From the fewest rows to the most.
/// (A model is found by its route's name too, where the caller asked for that, and by other names asked for: filter_sql.h.)
inline constexpr std::array<RollupView, 5> rollupViews {{
    {.fields = fieldBit(DimensionField::Team) | fieldBit(DimensionField::Provider), .days = "rollup_day_provider", .hours = "rollup_hour_provider", .minutes = "rollup_minute_provider"},
    {.fields = fieldBit(DimensionField::Team) | fieldBit(DimensionField::Key), .days = "rollup_day_key", .hours = "rollup_hour_key"},
    {.fields = fieldBit(DimensionField::Team) | fieldBit(DimensionField::Route), .days = "rollup_day_route", .hours = "rollup_hour_route"},
    {.fields = fieldBit(DimensionField::Team) | fieldBit(DimensionField::Route) | fieldBit(DimensionField::Model) | fieldBit(DimensionField::Aliased), .days = "rollup_day_model", .hours = "rollup_hour_model"},
    {.fields = (1U << dimensionFieldCount) - 1, .days = "rollup_day", .hours = "rollup_hour"},
}};

/// By team alone: its rows are teams, not dimensions.
inline constexpr RollupView teamRollups {.fields = fieldBit(DimensionField::Team), .days = "rollup_day_team", .hours = "rollup_hour_team", .minutes = "rollup_minute_team"};

/// What is left of the names in a view.
constexpr DimensionNames projected(const DimensionNames &names, const RollupView &view)
{
    DimensionNames left {};
    for (std::size_t i = 0; i < names.size(); ++i)
        left[i] = (view.fields >> i & 1U) != 0 ? names[i] : 0;
    return left;
}

} // namespace gateway::storage
