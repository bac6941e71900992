// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/prompt/prompt_expansion.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/prompt_library.h"
#include "gateway/stages/prompt/prompt_request.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace gateway::stages {

namespace {

using pipeline::Exchange;

Result<const pipeline::CompiledPrompt *> promptOf(Exchange &x, const pipeline::NamedPrompt &named)
{
    const std::string shown = jsonQuoted(truncatedUtf8(named.reference, 100));
    const auto asked = config::parsePromptReference(named.reference);
    if (!asked)
        return fail(ErrorCode::BadRequest, fmt::format("{} names no prompt. Write its name, name@3 or name@label.", shown), std::string(promptIdMember));
    if (!x.config->prompts)
        return fail(ErrorCode::UnknownPrompt, fmt::format("There is no prompt {} here; there are none.", shown), std::string(promptIdMember));
    return x.config->prompts->find(*asked, named.customer.empty() ? named.session : named.customer, x.worker.random());
}

Result<nlohmann::json> variablesOf(const wire::RequestScan &scan)
{
    if (scan.promptVariables.empty())
        return nlohmann::json::object();
    auto variables = nlohmann::json::parse(scan.promptVariables.in(scan.body), nullptr, false);
    if (variables.is_discarded())
        return fail(ErrorCode::BadRequest, "The request body is not valid JSON within \"prompt_variables\".", std::string(promptVariablesMember));
    return variables;
}

} // namespace

Result<void> PromptExpansion::expand(Exchange &x, const wire::RequestScan &scan, const pipeline::NamedPrompt &named)
{
    const auto prompt = promptOf(x, named);
    if (!prompt)
        return std::unexpected(prompt.error());
    const auto variables = variablesOf(scan);
    if (!variables)
        return std::unexpected(variables.error());
    auto made = promptRequest(**prompt, *variables, scan.body, x.endpoint);
    if (!made)
        return std::unexpected(made.error());
    if (!x.pathModel.empty() && !(*prompt)->version().model.empty())
        x.pathModel = (*prompt)->version().model;
    x.filledBody = std::move(made->body);
    x.record.prompt = (*prompt)->reference();
    x.record.losses = std::move(made->losses);
    x.lostBefore = x.record.losses.size();
    return {};
}

} // namespace gateway::stages
