// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/telemetry/stats_hub.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::telemetry {

/// A value that is not counted by workers: the store's queue, a breaker's state.
struct Gauge
{
    std::string name;      ///< without the prefix: "store_waiting_records"
    std::string help;
    std::vector<std::pair<std::string, std::string>> labels {};
    double value = 0;
};

inline constexpr std::string_view prometheusContentType = "text/plain; version=0.0.4; charset=utf-8";

/// The figures in Prometheus' text format 0.0.4. Every name starts with `signalbox_`; labels come from the
/// configuration's names alone (never from callers), so their number is bounded.
/// @param gauges  gauges of one name stand side by side
[[nodiscard]] std::string prometheusText(const StatsSnapshot &snapshot, std::span<const Gauge> gauges, std::string_view version);

} // namespace gateway::telemetry
