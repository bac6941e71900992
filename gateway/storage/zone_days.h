// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"

#include <QTimeZone>

#include <cstdint>
#include <string>

namespace gateway::storage {

/// Days and months of a time zone. The last day asked for is remembered: records come in order. One thread.
class ZoneDays
{
public:
    /// @param zone  IANA name; an unknown one is UTC
    explicit ZoneDays(const std::string &zone);

    struct Day
    {
        std::int64_t fromUs = 0, toUs = 0; ///< [from, to): 23 or 25 hours long where the clocks change
        std::int64_t day = 0;              ///< 20261122
        std::int64_t month = 0;            ///< 202611
    };
    const Day &at(std::int64_t us);

    /// The same time of day one day before.
    [[nodiscard]] std::int64_t dayBefore(std::int64_t us) const;

private:
    QTimeZone m_zone;
    Day m_day;
};

} // namespace gateway::storage
