// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/budget_word.h"

#include "gateway/core/text.h"

#include <fmt/format.h>

namespace gateway::config {

Result<Budget> parseBudget(std::string_view text)
{
    const std::size_t slash = text.find('/');
    const auto amount = Money::parse(text.substr(0, slash));
    if (amount && *amount >= Money() && slash != std::string_view::npos) {
        for (const Period per : {Period::Hour, Period::Day, Period::Week, Period::Month, Period::Total}) {
            if (text.substr(slash + 1) == gateway::toText(per))
                return Budget {.amount = *amount, .per = per};
        }
    }
    return fail(ErrorCode::Invalid, fmt::format("{} is not a budget, such as 50/month: dollars per hour, day, week, month or total", jsonQuoted(truncatedUtf8(text, 60))));
}

} // namespace gateway::config
