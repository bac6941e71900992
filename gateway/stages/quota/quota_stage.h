// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/services.h"
#include "gateway/pipeline/stage.h"

namespace gateway::stages {

/// Holds calls to the budgets and limits of the scopes that they belong to: claims what a call may take in all of them or
/// in none, before it goes out (architecture.md, steps 5 and 6: one claim, so that what one scope refuses takes nothing of
/// another). Refuses with 402 or 429, or sends the call by the route that a budget names. What it claims, the call's
/// QuotaHold keeps. Costs a call that no rule holds for one look.
class QuotaStage final : public pipeline::Stage
{
public:
    explicit QuotaStage(pipeline::Services &services) : m_services(services) {}
    pipeline::Verdict onRequest(pipeline::Exchange &x) override;

private:
    pipeline::Services &m_services;
};

} // namespace gateway::stages
