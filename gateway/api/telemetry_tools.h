// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/core/telemetry_status.h"

#include <QObject>

#include <vector>

namespace gateway::api {

using gateway::CollectorStatus;
using gateway::SinkStatus;

/// Where calls go beside the window, and how that goes: a part of the facade, and a child object of the gateway that it belongs to.
/// What goes where says the configuration (telemetry).
class TelemetryTools : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    /// null: that gateway has none
    static TelemetryTools *of(const Gateway &gateway) { return gateway.findChild<TelemetryTools *>(QString(), Qt::FindDirectChildrenOnly); }

    [[nodiscard]] virtual CollectorStatus collector() const = 0;          ///< as it is now; quick
    [[nodiscard]] virtual std::vector<SinkStatus> sinks() const = 0;      ///< the same, by name; also those that are switched off
};

} // namespace gateway::api
