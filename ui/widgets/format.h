// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/money.h"

#include <QString>

#include <chrono>
#include <cstdint>
#include <optional>

/// Values as text, the one place for it (design: ui.md section 5). Numbers are in the C-like form of the pictures with
/// QLocale's grouping; what is not known is "—", never 0. Any thread.
namespace ui::widgets {

/// "—"
QString unknownText();

/// "$12.40", "$1,200" only where asked; below a dollar as many places as say something ("$0.0042"); "<$0.0001"; "$0".
QString money(gateway::Money amount);
QString money(const std::optional<gateway::Money> &amount);
/// Always two places: totals that stand in one column or tile ("$131.60", "$0.00" for exactly nothing).
QString moneyTotal(gateway::Money amount);
/// "$0.20 / 1M tok"
QString pricePerMillion(const std::optional<gateway::Money> &price);

/// "840 ms", "2.41 s", "21.4 s", "1 m 12 s". Microseconds.
QString latency(std::int64_t micros);
QString latency(const std::optional<std::int64_t> &micros);
QString latency(const std::optional<gateway::Duration> &duration);

/// A share of `of` in per cent: "0.41 %", "23.6 %", "100 %"; never "0 %" where part > 0 ("<0.01 %"), nor "100 %" where
/// part < of; "—" where of is 0.
QString share(std::uint64_t part, std::uint64_t of);
/// The same for a share from 0 to 1.
QString share(double value);
QString share(const std::optional<double> &value);

/// "15,120"
QString count(std::uint64_t number);
/// "4.20", "38.1", "1,204": calls a second, without the unit.
QString rate(double perSecond);
/// "1.2 MB", "640 B"
QString bytes(std::uint64_t size);

/// Wall times in the zone the window uses (the local one).
QString timeOfDay(gateway::WallTime at);              ///< "14:32:06"
QString timeOfDayMillis(gateway::WallTime at);        ///< "14:32:06.418"
QString hourMinute(gateway::WallTime at);             ///< "14:32"
QString dayText(gateway::WallTime at);                ///< "31 Dec 2027"
QString dateTimeUtc(gateway::WallTime at);            ///< "2026-11-17 13:32:06.418 UTC", for tool tips
/// "not yet" for the epoch, "14:32:06" today, "yesterday 09:12", "3 Nov 09:12", "3 Nov 2025".
QString moment(gateway::WallTime at, gateway::WallTime now);
/// "just now", "12 s ago", "4 min ago", "3 h ago", "41 d ago".
QString ago(gateway::WallTime at, gateway::WallTime now);
/// "12 s", "4 min", "3 h", "41 d": the largest unit, for countdowns and ages.
QString span(gateway::Duration duration);
/// Round duration of a setting, in the largest unit that says it exactly: "20 s", "5 min", "90 s", "7 d".
QString setting(std::chrono::milliseconds duration);
/// Reads "20 s", "250ms", "7d", "10 min", "1 h", or a bare number of seconds.
std::optional<std::chrono::milliseconds> parseSetting(const QString &text);

} // namespace ui::widgets
