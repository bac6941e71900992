// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/log_sinks.h"
#include "gateway/api/otlp_exporter.h"
#include "gateway/api/telemetry_tools.h"

#include <functional>
#include <utility>

namespace gateway::api {

/// What a gateway in this process tells of its collector and its log sinks. On the gateway's thread.
class EmbeddedTelemetry final : public TelemetryTools
{
    Q_OBJECT
public:
    /// @param counters, board  outlive this
    /// @param lastRow          of the call log, about
    EmbeddedTelemetry(const OtlpCounters &counters, const LogSinkBoard &board, std::function<std::uint64_t()> lastRow, Gateway *gateway)
        : TelemetryTools(gateway), m_counters(counters), m_board(board), m_lastRow(std::move(lastRow))
    {
    }

    [[nodiscard]] CollectorStatus collector() const override { return m_counters.status(); }
    [[nodiscard]] std::vector<SinkStatus> sinks() const override { return m_board.statuses(m_lastRow()); }

private:
    const OtlpCounters &m_counters;
    const LogSinkBoard &m_board;
    std::function<std::uint64_t()> m_lastRow;
};

} // namespace gateway::api
