// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/http.h"

namespace gateway::pipeline {
struct Exchange;
}

namespace gateway::stages {

class AttemptBook;

/// `limit` from a moment on; never, where that is out of the clock's range.
SteadyTime after(SteadyTime from, Duration limit);

/// What net/ holds an attempt to. Silence is not among it: whoever reads the answer measures that, from its first content on.
pipeline::UpstreamLimits limitsOf(const pipeline::Exchange &x, const AttemptBook &book);

} // namespace gateway::stages
