// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/calendar.h"
#include "gateway/core/clock.h"
#include "gateway/core/header_view.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace gateway::wire {
struct RequestScan;
}

namespace gateway::routing {

/// What a call needs of the model that answers it.
struct Needs
{
    bool vision = false, audio = false, files = false, tools = false, jsonSchema = false;
};

enum class BudgetScope : std::uint8_t { Organisation, Team, Key, Customer };

/// What routing may know of the budgets that one call is subject to. Made for the call; used on its worker.
class BudgetView
{
public:
    virtual ~BudgetView() = default;
    /// The share of that scope's fullest budget that is used up, spent and reserved: 0.8. 0: it has none.
    [[nodiscard]] virtual double used(BudgetScope scope) const = 0;
};

/// What decisions may look at of one call: views of what its exchange owns, nothing copied. A default one is a call that
/// says nothing, for plans that look at nothing.
struct CallFacts
{
    const wire::RequestScan *scan = nullptr;  ///< null: the body is no JSON (a recording)
    std::span<const HeaderView> headers {};
    std::string_view metadata {};             ///< JSON object of the call's options; goes before the body's own
    std::string_view tags {};                 ///< comma-joined
    std::string_view session {}, customer {}, key {}, team {};
    std::string_view model {};                ///< as the caller wrote it
    std::string_view endpoint {};
    std::string_view region {};               ///< that the answer must come from; empty: anywhere
    bool stream = false;
    Needs needs {};
    std::int64_t inputTokens = 0;             ///< estimate
    std::int64_t outputTokens = 256;          ///< what is to be expected
    std::optional<std::int64_t> maxOutput {}; ///< what the caller allows
    WallTime at {};                           ///< when it came
    const Calendar *calendar = nullptr;       ///< of gateway.time_zone; null: UTC's clock is not needed either
    const BudgetView *budgets = nullptr;      ///< null: nothing has a budget
};

} // namespace gateway::routing
