// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

/// How it goes where calls are sent beside the window (`telemetry`). Plain values. Problems are in words, without secrets; empty:
/// it is well, or off.
namespace gateway {

struct CollectorStatus
{
    bool on = false;              ///< there is a collector
    std::uint64_t sent = 0;       ///< calls, since the start
    std::uint64_t waiting = 0;    ///< calls in the log that it is still to get
    std::uint64_t lost = 0;       ///< calls that it refused, or that were passed over; since the start
    std::string problem {};
};

struct SinkStatus
{
    std::string name {};
    std::uint64_t sent = 0;       ///< calls that are there, since the start
    std::optional<std::uint64_t> waiting {}; ///< calls in the log that are still to come there, about; nullopt: not known yet
    std::uint64_t dropped = 0;    ///< calls that the log removed before they were there, since the start, about
    std::string problem {};
};

} // namespace gateway
