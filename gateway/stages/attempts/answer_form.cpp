// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/answer_form.h"

#include "gateway/pipeline/exchange.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace gateway::stages {

void tell(pipeline::Exchange &x, Told told)
{
    x.record.dropped = std::move(told.dropped);
    if (x.lostBefore == 0) {
        x.record.losses = std::move(told.losses);
    } else {
        x.record.losses.resize(x.lostBefore);
        std::ranges::move(told.losses, std::back_inserter(x.record.losses));
    }
    x.record.providerFormat = told.format;
    x.capture.sent(std::move(told.sent));
}

} // namespace gateway::stages
