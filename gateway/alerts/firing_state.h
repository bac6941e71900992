// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/alert.h"
#include "gateway/core/alert_view.h"

#include <optional>

namespace gateway::alerts {

/// Whether one subject of an alert fires: ok, pending for as long as `for` says, firing until it has been well for a while.
/// Pure: time comes in, and may jump. A plain value.
class FiringState
{
public:
    enum class Change : std::uint8_t { None, Fired, Resolved };

    /// Values may be missing for so long, as where a machine slept, before a wait for `for` begins anew.
    static constexpr config::Millis longestGap = std::chrono::minutes {5};

    /// @param beyond  the value is beyond the threshold
    /// @param well    it is back where it is over; neither: between the two, where nothing changes
    Change step(WallTime at, bool beyond, bool well, config::Millis holds, config::Millis clearHolds);
    /// It fired before the gateway was started.
    void restore(WallTime pendingSince, WallTime firedAt);

    [[nodiscard]] AlertState state() const { return m_state; }
    [[nodiscard]] WallTime since() const { return m_since; }
    [[nodiscard]] WallTime pendingSince() const { return m_pendingSince; }

private:
    AlertState m_state = AlertState::Ok;
    WallTime m_since {};
    WallTime m_pendingSince {};
    std::optional<WallTime> m_wellSince;
    std::optional<WallTime> m_last;
};

} // namespace gateway::alerts
