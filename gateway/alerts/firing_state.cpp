// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/alerts/firing_state.h"

#include <algorithm>

namespace gateway::alerts {

FiringState::Change FiringState::step(WallTime at, bool beyond, bool well, config::Millis holds, config::Millis clearHolds)
{
    const bool slept = m_last && at - *m_last > longestGap;
    m_last = at;
    m_since = std::min(m_since, at); // the clock was set back: nothing lasts for longer than from now on
    m_pendingSince = std::min(m_pendingSince, at);
    if (m_wellSince)
        m_wellSince = slept ? at : std::min(*m_wellSince, at);

    if (m_state == AlertState::Firing) {
        if (!well) {
            m_wellSince.reset();
            return Change::None;
        }
        if (!m_wellSince)
            m_wellSince = at;
        if (at - *m_wellSince < clearHolds)
            return Change::None;
        m_state = AlertState::Ok;
        m_since = at;
        m_wellSince.reset();
        return Change::Resolved;
    }
    if (!beyond) {
        if (m_state == AlertState::Pending) {
            m_state = AlertState::Ok;
            m_since = at;
        }
        return Change::None;
    }
    if (m_state == AlertState::Ok || slept) {
        m_state = AlertState::Pending;
        m_since = m_pendingSince = at;
    }
    if (at - m_pendingSince < holds)
        return Change::None;
    m_state = AlertState::Firing;
    m_since = at;
    return Change::Fired;
}

void FiringState::restore(WallTime pendingSince, WallTime firedAt)
{
    m_state = AlertState::Firing;
    m_pendingSince = pendingSince;
    m_since = firedAt;
}

} // namespace gateway::alerts
