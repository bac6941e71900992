// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/alerts/watch.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace gateway::alerts {

/// How often alerts are evaluated, at whole multiples of it: both where the gateway runs and over its history, so that one says
/// what the other would have done.
inline constexpr std::chrono::seconds evaluatedEvery {10};

/// All alerts: calls and states come in, and at each moment what fires, is over, and is to be told comes out. Pure: no clock of
/// its own, no I/O. On one thread at a time.
class AlertEngine
{
public:
    explicit AlertEngine(std::string_view zone = "UTC") : m_calendar(zone) {}

    /// What holds from now on. An alert that measures the same goes on where it was; others begin anew, and what fires of what is
    /// gone is over.
    /// @param zone  whose clocks quiet hours and days go by
    [[nodiscard]] std::vector<AlertEvent> configure(const std::vector<config::Alert> &alerts, std::string_view zone, WallTime at);

    void add(const AlertCall &call);
    [[nodiscard]] std::vector<AlertEvent> evaluate(WallTime at, std::span<const AlertGauge> gauges);

    /// How long the windows are of alerts that are new, and so lack what came before; nullopt: none is.
    [[nodiscard]] std::optional<config::Millis> unprimed() const;
    void prime(const AlertCall &call); ///< a former call, for those
    void primed();

    /// Alerts that compare with former days, so that setHistory() is to be told.
    [[nodiscard]] std::vector<config::Alert> historical() const;
    void setHistory(const std::string &alert, std::map<std::string, HourValues, std::less<>> history);

    /// What fired, was muted and counted before the gateway was started.
    void restore(const std::vector<AlertFiring> &firings, const std::vector<AlertMute> &mutes, std::int64_t lastNumber);

    /// @param until  nullopt: it is not muted any more
    void mute(const std::string &alert, const std::optional<std::string> &subject, std::optional<WallTime> until);
    /// @return whether it fires there
    bool acknowledge(const std::string &alert, const std::string &subject, const std::string &by);

    /// Those that are not well, and of others the first hundred of each alert.
    [[nodiscard]] std::vector<AlertStatus> states(WallTime at) const;
    [[nodiscard]] std::vector<AlertMute> mutes(WallTime at) const;   ///< that last
    [[nodiscard]] std::vector<std::string> quiet(WallTime at) const; ///< ids of alerts whose quiet hours it is
    /// How many subjects of each alert fire, by its id.
    [[nodiscard]] std::vector<std::pair<const config::Alert *, std::size_t>> firing() const;
    [[nodiscard]] bool empty() const { return m_watches.empty(); }

private:
    struct Entry
    {
        Watch watch;
        bool primed = false;
    };
    Watch *find(const std::string &alert);
    [[nodiscard]] std::optional<WallTime> mutedUntil(const std::string &alert, const std::string &subject, WallTime at) const;

    Calendar m_calendar;
    std::vector<Entry> m_watches;
    std::map<std::pair<std::string, std::optional<std::string>>, WallTime> m_mutes;
    std::int64_t m_lastNumber = 0;
};

} // namespace gateway::alerts
