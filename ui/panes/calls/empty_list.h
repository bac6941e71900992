// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <functional>
#include <optional>

namespace ui::widgets {
class EmptyState;
}

namespace ui::calls {

/// Why the list of calls has no row, as it is shown.
struct EmptyList
{
    bool never = false;                    ///< no call was ever logged
    QString filter;
    bool brushed = false;                  ///< a time is chosen in the histogram
    QString when;                          ///< "in the last hour"
    std::optional<std::uint64_t> hidden;   ///< calls that the filter leaves out, where known
    bool operator==(const EmptyList &) const = default;
};

/// What the one button of the empty list does.
enum class EmptyWay { FirstRun, ClearFilter, WholeRange, LastDays };

/// @return "calls.empty", without a parent
widgets::EmptyState *makeEmptyList(const EmptyList &list, const std::function<void(EmptyWay)> &go);

} // namespace ui::calls
