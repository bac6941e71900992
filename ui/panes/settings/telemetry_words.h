// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/telemetry_status.h"
#include "ui/widgets/icons.h"

#include <QString>

/// How it goes where calls are sent beside the window, in words. Pure.
namespace ui::settings {

struct TelemetryState
{
    widgets::Icon icon = widgets::Icon::None;
    widgets::Role role = widgets::Role::Muted;
    QString words;
    bool operator==(const TelemetryState &) const = default;
};

/// @param status  nullopt: the gateway does not tell
TelemetryState stateOf(const std::optional<gateway::CollectorStatus> &status);
TelemetryState stateOf(const gateway::config::LogSink &sink, const std::optional<gateway::SinkStatus> &status);

/// What goes to the collector beside spans and figures: "2 headers; what was asked and answered goes too".
QString collectorExtras(const gateway::config::TelemetrySettings &telemetry);
/// "/var/log/signalbox", or "s3://bucket/prefix at http://127.0.0.1:9000".
QString placeOf(const gateway::config::LogSink &sink);

/// Whether a secret of `before` is not in `after` any more: then nothing can bring it back.
bool losesSecrets(const gateway::config::TelemetrySettings &before, const gateway::config::TelemetrySettings &after);

} // namespace ui::settings
