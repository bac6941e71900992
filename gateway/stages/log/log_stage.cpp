// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/log/log_stage.h"

#include "gateway/pipeline/exchange.h"

namespace gateway::stages {

pipeline::Verdict LogStage::onRequest(pipeline::Exchange &x)
{
    using Purpose = pipeline::Exchange::Purpose;
    return x.purpose == Purpose::LogRead || x.purpose == Purpose::Feedback ? pipeline::Verdict::ask() : pipeline::Verdict::proceed();
}

} // namespace gateway::stages
