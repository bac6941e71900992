// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/calendar.h"
#include "gateway/core/money.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Budgets and limits as config.md names them: what every scope may have.
namespace gateway::config {

/// What happens to a call that a budget has no room for.
struct Breach
{
    enum class What : std::uint8_t {
        Block, ///< it is refused
        Warn,  ///< it goes, and is marked
        Route  ///< it goes by another route
    };
    What what = What::Block;
    std::string route {};                 ///< What::Route
    bool operator==(const Breach &) const = default;
};

enum class UnknownPrice : std::uint8_t { Allow, Block };
std::string_view toText(UnknownPrice unknown);

/// More money for a while.
struct Raise
{
    Money to;                             ///< the whole amount, not the difference
    std::chrono::sys_time<std::chrono::microseconds> until {};
    bool operator==(const Raise &) const = default;
};

struct Budget
{
    std::optional<Money> amount {};       ///< always there once it was read without an error
    Period per = Period::Month;
    std::string timeZone {};              ///< empty: the gateway's
    std::vector<double> warnAt {};        ///< shares of the amount, 0 to 1
    Breach onBreach {};
    bool exact = false;                   ///< calls reserve the most that they can cost
    UnknownPrice unknownPrice = UnknownPrice::Allow;
    std::optional<Raise> raise {};
    std::string endpoint {};              ///< only calls of this API; empty: all
    bool operator==(const Budget &) const = default;
};

struct Limit
{
    std::optional<std::int64_t> rpm {}, tpm {}, tpd {}, parallel {};
    std::string endpoint {};              ///< only calls of this API; empty: all
    bool operator==(const Limit &) const = default;
};

/// What a scope may spend and how fast it may call.
struct Quota
{
    std::vector<Budget> budgets {};
    std::vector<Limit> limits {};
    [[nodiscard]] bool empty() const { return budgets.empty() && limits.empty(); }
    bool operator==(const Quota &) const = default;
};

} // namespace gateway::config
