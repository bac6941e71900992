// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/money.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A provider's bill beside the call log. Plain values: billing makes them, api hands on, ui shows them.
namespace gateway::billing {

inline constexpr std::size_t largestExport = 64U << 20U; ///< bytes

/// What of a day and a model stands on a bill or in the log. An absent figure is not known, which is not zero.
struct Figures
{
    std::optional<std::int64_t> calls {};
    std::optional<std::int64_t> input {};  ///< tokens, what a cache gave or took included
    std::optional<std::int64_t> output {};
    std::optional<Money> cost {};

    void add(const Figures &other); ///< what either knows
    [[nodiscard]] bool empty() const;
    bool operator==(const Figures &) const = default;
};

/// Why bill and log differ, as far as the figures tell. In this order the first that fits is told.
enum class Cause : std::uint8_t {
    Same,        ///< within the tolerance
    NotLogged,   ///< only on the bill: it did not go through this gateway, or its records are gone
    NotBilled,   ///< only in the log
    Unpriced,    ///< the log has calls whose price is not known
    DayBorder,   ///< the day before or after is off by as much the other way: counted on different days
    MoreBilled,  ///< the bill has more tokens: calls beside the gateway, or ends that it did not see
    MoreLogged,  ///< the log has more tokens: calls that the provider did not bill, or estimated tokens
    OtherPrice,  ///< the same tokens at another price
    Unclear,     ///< the costs differ, and the bill has no tokens to tell more by
};
inline constexpr std::size_t causeCount = 9;
std::string_view toText(Cause cause); ///< "not_logged"

struct ReconciledRow
{
    std::chrono::sys_days day {};
    std::string model {};          ///< the log's name where it has one, else the bill's
    Figures billed {}, logged {};
    Cause cause = Cause::Same;
    std::string why {};            ///< for a person, with figures; empty where they are the same
    /// What the bill is above the log; nullopt where the bill has no costs.
    [[nodiscard]] std::optional<Money> drift() const;
};

struct Reconciliation
{
    std::vector<ReconciledRow> rows {};   ///< by day, then by model
    Figures billed {}, logged {};         ///< of all rows
    std::vector<std::pair<Cause, Money>> byCause {}; ///< what the rows of each cause are off by together; causes that have rows
    std::vector<std::string> notes {};    ///< of the bill
    [[nodiscard]] std::optional<Money> drift() const;
};

struct Tolerance
{
    double share = 0.005;                       ///< of the larger side
    Money amount = Money::fromNanos(10'000'000); ///< a cent: bills are rounded
};

} // namespace gateway::billing
