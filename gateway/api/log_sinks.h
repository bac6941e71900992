// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/log_sink_run.h"
#include "gateway/config/config.h"
#include "gateway/core/telemetry_status.h"
#include "gateway/telemetry/prometheus_text.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace gateway::api {

/// What is told of all log sinks. Any thread.
class LogSinkBoard
{
public:
    std::shared_ptr<LogSinkState> of(const std::string &sink); ///< made where it is not there
    void keepOnly(const std::vector<config::LogSink> &sinks);
    [[nodiscard]] std::vector<telemetry::Gauge> gauges() const;
    [[nodiscard]] std::vector<SinkStatus> statuses(std::uint64_t lastRow) const; ///< by name. @param lastRow  of the log, about
    [[nodiscard]] std::string problem() const; ///< of all that are not well; empty: none

private:
    mutable std::mutex m_mutex;
    std::map<std::string, std::shared_ptr<LogSinkState>, std::less<>> m_states;
};

/// All of telemetry.sinks. Lives on the control thread.
class LogSinks
{
public:
    /// @param board  outlives this
    LogSinks(LogSinkRun::Needs needs, LogSinkBoard &board) : m_needs(std::move(needs)), m_board(board) {}

    /// @param config  with its secrets in clear
    void configure(const config::Config &config);

    /// `done` on this thread, once each sink has what is stored or does not take it, or after five seconds. Not where this ends before.
    void drain(std::function<void()> done);

private:
    void forgetOthers(const std::vector<config::LogSink> &sinks);

    LogSinkRun::Needs m_needs;
    LogSinkBoard &m_board;
    std::map<std::string, std::unique_ptr<LogSinkRun>, std::less<>> m_runs;
    std::unique_ptr<QTimer> m_drainEnds;
};

} // namespace gateway::api
