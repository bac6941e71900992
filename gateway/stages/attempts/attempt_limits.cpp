// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/attempt_limits.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/stages/attempts/attempt_book.h"

#include <algorithm>

namespace gateway::stages {

SteadyTime after(SteadyTime from, Duration limit)
{
    return limit < pipeline::never - from ? from + limit : pipeline::never;
}

pipeline::UpstreamLimits limitsOf(const pipeline::Exchange &x, const AttemptBook &book)
{
    const pipeline::TimeLimits &own = book.target().limits;
    pipeline::UpstreamLimits limits;
    limits.connect = own.connect;
    limits.idle = own.total;
    limits.deadline = std::min(after(book.startedAt(), own.total), x.deadline);
    limits.maxHead = static_cast<std::size_t>(x.config->gateway.maxHeader);
    limits.maxBody = static_cast<std::size_t>(x.config->gateway.maxAnswer);
    return limits;
}

} // namespace gateway::stages
