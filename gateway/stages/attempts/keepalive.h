// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/pipeline/http.h"
#include "gateway/pipeline/task.h"

namespace gateway::pipeline {
struct Exchange;
}

namespace gateway::stages {

/// Keeps a silent stream open: a caller who asked for one gets its 200 and a comment whenever nothing has gone out for
/// gateway.keepalive, so that hops in between do not hang up (architecture.md, step 9). Comments commit to nothing:
/// retry and fallback stay allowed.
class Keepalive
{
public:
    explicit Keepalive(pipeline::Exchange &x);

    /// When the next comment is due; pipeline::never where none is, or another one sends them.
    [[nodiscard]] SteadyTime due() const { return m_held ? pipeline::never : m_due; }
    /// While several tries are under way at a time, none of them sends comments, but whoever started them, at heldDue().
    void hold(bool held) { m_held = held; }
    [[nodiscard]] SteadyTime heldDue() const { return m_due; }
    /// Sends a comment. False: the caller has left.
    pipeline::Task<bool> beat();
    /// Something went out just now.
    void sent();
    /// Waits, with comments in between. False: the caller has left.
    pipeline::Task<bool> pause(Duration duration);

private:
    pipeline::Exchange &m_x;
    Duration m_interval {};
    SteadyTime m_due;
    bool m_held = false;
};

} // namespace gateway::stages
