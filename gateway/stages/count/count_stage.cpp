// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/count/count_stage.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/routing/plan_nodes.h"

#include <fmt/format.h>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Verdict;

namespace {

bool countsItself(const Exchange &x)
{
    const auto target = routing::firstTarget(x.plan->root);
    const providers::ProviderSite *site = target ? &*x.config->providers[target->provider].site : nullptr;
    const wire::WireFormat callers = x.format == wire::CallerFormat::Gemini ? wire::WireFormat::Gemini : wire::WireFormat::Anthropic;
    return site && site->has(Endpoint::CountTokens) && site->format(Endpoint::CountTokens, target->model) == callers;
}

} // namespace

Verdict CountStage::onRequest(Exchange &x)
{
    if (x.endpoint != Endpoint::CountTokens || countsItself(x))
        return Verdict::proceed();
    const std::string_view name = x.format == wire::CallerFormat::Gemini ? "totalTokens" : "input_tokens";
    return Verdict::reply({.headers = "x-signalbox-estimated: true\r\n", .body = fmt::format("{{\"{}\":{}}}", name, x.promptTokens)});
}

} // namespace gateway::stages
