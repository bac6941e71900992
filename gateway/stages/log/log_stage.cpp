// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/log/log_stage.h"

#include "gateway/pipeline/exchange.h"

namespace gateway::stages {

pipeline::Verdict LogStage::onRequest(pipeline::Exchange &x)
{
    return x.purpose == pipeline::Exchange::Purpose::LogRead ? pipeline::Verdict::ask() : pipeline::Verdict::proceed();
}

} // namespace gateway::stages
