// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace gateway {

/// How long a budget lasts before it begins anew (config.md, "per").
enum class Period : std::uint8_t { Hour, Day, Week, Month, Total };
std::string_view toText(Period period); ///< "hour"

/// Hours, days, weeks and months as a time zone's people count them: a day is 23 or 25 hours long where the clocks
/// change, and an hour that comes twice is two hours. Weeks begin on Monday (ISO 8601). Immutable, thread-safe.
class Calendar
{
public:
    /// @param zone  IANA name ("Europe/Berlin"); an unknown one is UTC
    explicit Calendar(std::string_view zone);
    ~Calendar();
    Calendar(Calendar &&) noexcept;
    Calendar &operator=(Calendar &&) noexcept;

    struct Window
    {
        WallTime from = WallTime::min(); ///< inclusive
        WallTime to = WallTime::max();   ///< exclusive
        [[nodiscard]] bool contains(WallTime time) const { return time >= from && time < to; }
        bool operator==(const Window &) const = default;
    };
    /// The hour, day, week or month that a moment lies in; Total: all time.
    [[nodiscard]] Window window(Period period, WallTime at) const;

    [[nodiscard]] const std::string &zone() const;
    /// "1 Dec 2026 00:00 Europe/Berlin": for people.
    [[nodiscard]] std::string toText(WallTime at) const;

    /// Minutes since midnight, the day of the week (Monday is 1), of the month and the month, on the zone's clocks.
    struct LocalTime { int minuteOfDay = 0; int dayOfWeek = 1; int day = 1; int month = 1; };
    [[nodiscard]] LocalTime local(WallTime at) const;

private:
    struct Zone;
    std::unique_ptr<const Zone> m_zone;
};

} // namespace gateway
