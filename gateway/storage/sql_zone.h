// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/zone_days.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::storage {

/// Times as queries read and write them, in the gateway's time zone. What was asked for last is remembered: rows come in
/// order. One thread.
class SqlZone
{
public:
    /// @param zone  IANA name; an unknown one is UTC
    void set(const std::string &zone);

    std::string_view day(std::int64_t us);  ///< "2026-11-17", in the zone; until the next call
    std::string_view hour(std::int64_t us); ///< "2026-11-17 14:00", likewise
    static std::string time(std::int64_t us); ///< "2026-11-17T13:32:06.418Z"

    /// Microseconds since 1970 of "2026-11-17" (its first moment), "2026-11-17 14:00" or "…14:00:01.5" in the zone, or of a time
    /// that says its own ("…T13:00:00Z", "…+01:00"). nullopt: it is none of these.
    [[nodiscard]] std::optional<std::int64_t> us(std::string_view text) const;

private:
    std::string m_zoneName;
    QTimeZone m_zone = QTimeZone::utc();
    ZoneDays m_days {"UTC"};
    std::int64_t m_day = 0;      ///< 20261117
    std::string m_dayText;
    std::int64_t m_quarter = -1; ///< no zone is off by less than a quarter of an hour
    std::string m_hourText;
};

} // namespace gateway::storage
