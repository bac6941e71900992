// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/exchange.h"

#include <string>

namespace gateway::stages {

/// A copy of a call for another target, whose answer is only logged (config.md, `shadow`). It goes out once the caller has its
/// own answer, as one attempt without a second, and is dropped rather than kept waiting: nothing of it touches the call, its budgets, or
/// what is known of its targets.
class Shadow
{
public:
    /// Whether this call is one of the share that the route wants copied. Draws anew each time.
    static bool isDrawn(pipeline::Exchange &x);

    /// To be made before the call is settled, which takes its record away.
    explicit Shadow(const pipeline::Exchange &x) : m_callId(x.record.id) {}
    /// Sends the copy, in the background. After the call's answer, while its request is still there.
    void send(pipeline::Exchange &x) const;

private:
    std::string m_callId;
};

} // namespace gateway::stages
