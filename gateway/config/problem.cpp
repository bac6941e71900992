// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/problem.h"

#include <algorithm>
#include <fmt/format.h>

namespace gateway::config {

std::string Problem::text() const
{
    const std::string_view kind = warning ? "warning: " : "";
    if (line > 0)
        return fmt::format("{}:{}:{}: {}{}", file.empty() ? "configuration" : file, line, column, kind, message);
    if (!file.empty())
        return fmt::format("{}: {}{}{}{}", file, kind, field, field.empty() ? "" : ": ", message);
    return fmt::format("{}{}{}{}", kind, field, field.empty() ? "" : ": ", message);
}

bool anyError(const Problems &problems)
{
    return std::any_of(problems.begin(), problems.end(), [](const Problem &problem) { return !problem.warning; });
}

} // namespace gateway::config
