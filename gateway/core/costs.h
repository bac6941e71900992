// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_filter.h"
#include "gateway/core/clock.h"
#include "gateway/core/money.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What calls cost, by what they have in common, over a time and the time before. Plain values: storage answers, api hands
/// on, ui shows them. All sums are exact in nano-dollars: groups and buckets add up to the totals, and the totals are those
/// that Overview shows of the same time.
namespace gateway {

/// What costs can be told apart by. A call is in one group of each: Tags are all tags of a call together ("beta,eu").
enum class CostField : std::uint8_t { Team, Key, Customer, Route, Provider, Model, Endpoint, Tags };
inline constexpr std::size_t costFieldCount = 8;
std::string_view toText(CostField field); ///< "team"

enum class CostMeasure : std::uint8_t { Cost, Calls, Tokens };

struct CostFigures
{
    Money cost;                       ///< of the known prices
    std::uint64_t calls = 0;
    std::uint64_t refused = 0;        ///< of these by the gateway itself, which cost nothing
    std::uint64_t unpriced = 0;       ///< of these without a known price
    std::uint64_t input = 0, output = 0; ///< tokens

    [[nodiscard]] std::uint64_t tokens() const { return input + output; }
    [[nodiscard]] bool empty() const { return *this == CostFigures {}; }
    void add(const CostFigures &other);
    void subtract(const CostFigures &other); ///< which is a part of these
    bool operator==(const CostFigures &) const = default;
};
/// Nano-dollars, calls or tokens.
[[nodiscard]] std::int64_t measured(const CostFigures &figures, CostMeasure measure);

struct CostQuery
{
    /// Where buckets begin and the last one ends, rising: 2 to 401. Bucket i holds the calls that began from borders[i] on and
    /// before borders[i + 1].
    std::vector<WallTime> borders;
    std::vector<WallTime> before {};  ///< the same of a time to compare with; empty: none
    CallFilter filter {};             ///< empty: all
    CostField by = CostField::Team;
    std::optional<CostField> then {}; ///< what each group is told apart by; not `by`
    CostMeasure measure = CostMeasure::Cost; ///< which groups are the largest
    bool customers = false;           ///< whether to count them
};

struct CostGroup
{
    enum class Kind : std::uint8_t {
        Named,
        None, ///< calls that have none: unattributed
        Gone, ///< calls that are no longer in the log, of which sums are kept but not by this field
    };
    Kind kind = Kind::Named;
    std::string name {};              ///< Named alone
    CostFigures now {}, before {};
};

struct CostBranch : CostGroup
{
    std::vector<CostGroup> parts {};      ///< by `then`, in the order of groups; empty without it
    std::vector<CostFigures> buckets {};  ///< of the first eight that are named and of those that are not; empty: of a smaller one
};
inline constexpr std::size_t costBucketsOf = 8;

struct Costs
{
    std::vector<CostBranch> groups;   ///< named ones from the largest on, then those that are gone, unattributed last; none is empty in both times
    std::vector<CostFigures> buckets; ///< all calls, one for each bucket
    std::vector<CostFigures> before;  ///< the same of the time before
    CostFigures total, totalBefore;
    std::optional<std::uint64_t> customers {}; ///< that have calls in the time; nullopt: not asked for, or more than 100,000
};

} // namespace gateway
