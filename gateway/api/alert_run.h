// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/alerts/engine.h"
#include "gateway/storage/call_log_reader.h"

#include <optional>
#include <string>
#include <vector>

namespace gateway::api {

/// The engine on its thread, with the call log before it.
class AlertRun
{
public:
    alerts::AlertEngine engine;

    /// Reads what has come since and evaluates each moment after the last one, up to that.
    /// @param log      null: it cannot be read; `problem` says so, and what is known already is evaluated
    /// @param problem  gets why the log could not be read
    std::vector<alerts::AlertEvent> advance(storage::CallLogReader *log, WallTime moment, std::span<const alerts::AlertGauge> gauges, const std::string &zone, std::string &problem);
    /// Nothing is watched any more: what comes meanwhile is passed over.
    void rest();

private:
    Result<> begin(storage::CallLogReader &log, WallTime moment);
    Result<> prime(storage::CallLogReader &log, WallTime moment);
    Result<> readCalls(storage::CallLogReader &log, WallTime next);
    Result<> readHistory(storage::CallLogReader &log, WallTime moment, const std::string &zone);
    [[nodiscard]] std::vector<WallTime> momentsTo(WallTime moment) const;

    std::optional<std::uint64_t> m_place;      ///< rows up to this one were read
    std::optional<WallTime> m_last;            ///< moment that was evaluated
    std::vector<AlertCall> m_held;             ///< of later moments
    std::optional<std::int64_t> m_historyHour; ///< the hour in which history was read
    bool m_unread = true;                      ///< an alert is new, and its history was not read
};

} // namespace gateway::api
