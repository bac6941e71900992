// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/count/count_stage.h"

#include "gateway/pipeline/exchange.h"

#include <fmt/format.h>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Verdict;

namespace {

const routing::Target *firstTarget(const routing::Node &node)
{
    if (const auto *target = std::get_if<std::shared_ptr<const routing::Target>>(&node.value))
        return target->get();
    if (const auto *chain = std::get_if<routing::Fallback>(&node.value))
        return chain->children.empty() ? nullptr : firstTarget(chain->children.front());
    if (const auto *split = std::get_if<routing::Split>(&node.value))
        return split->branches.empty() ? nullptr : firstTarget(split->branches.front().to);
    return firstTarget(*std::get<std::shared_ptr<const routing::Node>>(node.value));
}

bool countsItself(const Exchange &x)
{
    const routing::Target *target = firstTarget(x.plan->root);
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
