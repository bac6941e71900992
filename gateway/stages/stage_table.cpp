// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/stage_table.h"

#include "gateway/pipeline/runner.h"
#include "gateway/stages/account/account.h"
#include "gateway/stages/attempts/attempts.h"
#include "gateway/stages/auth/auth_stage.h"
#include "gateway/stages/cache/cache_answerer.h"
#include "gateway/stages/count/count_stage.h"
#include "gateway/stages/log/log_stage.h"
#include "gateway/stages/models/models_stage.h"
#include "gateway/stages/privacy/privacy_answerer.h"
#include "gateway/stages/privacy/repair_answerer.h"
#include "gateway/stages/prompt/prompt_expansion.h"
#include "gateway/stages/quota/quota_stage.h"
#include "gateway/stages/resolve/resolve_stage.h"

namespace gateway::stages {

pipeline::StageList stageTable(pipeline::Services &services)
{
    pipeline::StageList list;
    list.stages.push_back(std::make_unique<AuthStage>(services));   // who calls
    list.stages.push_back(std::make_unique<LogStage>());            // its own calls: answered elsewhere
    list.stages.push_back(std::make_unique<ModelsStage>(services)); // what it may use: answered here
    list.stages.push_back(std::make_unique<ResolveStage>(std::make_unique<PromptExpansion>())); // what is asked, and where it goes
    list.stages.push_back(std::make_unique<CountStage>());          // tokens that nobody upstream can count
    list.stages.push_back(std::make_unique<QuotaStage>(services));  // whether its scopes have room for it
    auto asks = std::make_unique<RepairAnswerer>(std::make_unique<Attempts>()); // upstream, decode, relay; once more where an answer is not fit
    auto answers = std::make_unique<CacheAnswerer>(services.keyHasher, std::move(asks)); // kept answers
    list.attempts = std::make_unique<PrivacyAnswerer>(std::move(answers)); // what may leave, and what comes back
    list.account = std::make_unique<Account>(services);             // usage, cost, figures, the record
    return list;
}

std::unique_ptr<pipeline::HttpHandler> makeHandler(pipeline::Services &services, pipeline::Upstream &upstream, pipeline::Timers &timers, std::size_t index)
{
    auto worker = std::make_unique<pipeline::Worker>(services, upstream, timers, index);
    return std::make_unique<pipeline::Runner>(std::move(worker), stageTable(services));
}

} // namespace gateway::stages
