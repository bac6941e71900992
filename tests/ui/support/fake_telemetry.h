// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/telemetry_tools.h"

#include <utility>
#include <vector>

namespace tests {

/// How made-up collectors and log sinks go, a child of the made-up gateway.
class FakeTelemetry final : public gateway::api::TelemetryTools
{
    Q_OBJECT
public:
    using TelemetryTools::TelemetryTools;
    static FakeTelemetry &of(const gateway::api::Gateway &gateway) { return *static_cast<FakeTelemetry *>(TelemetryTools::of(gateway)); }

    void setCollector(gateway::CollectorStatus status) { m_collector = std::move(status); }
    void setSinks(std::vector<gateway::SinkStatus> statuses) { m_sinks = std::move(statuses); }

    // gateway::api::TelemetryTools
    [[nodiscard]] gateway::CollectorStatus collector() const override { return m_collector; }
    [[nodiscard]] std::vector<gateway::SinkStatus> sinks() const override { return m_sinks; }

private:
    gateway::CollectorStatus m_collector;
    std::vector<gateway::SinkStatus> m_sinks;
};

} // namespace tests
