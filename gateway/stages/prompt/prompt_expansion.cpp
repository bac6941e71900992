// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/prompt/prompt_expansion.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/compiled_config.h"
#include "gateway/pipeline/prompt_library.h"
#include "gateway/stages/prompt/prompt_request.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace gateway::stages {

namespace {

using pipeline::CompiledConfig;

Result<const pipeline::CompiledPrompt *> promptOf(const CompiledConfig &config, const pipeline::NamedPrompt &named)
{
    const std::string shown = jsonQuoted(truncatedUtf8(named.reference, 100));
    const auto asked = config::parsePromptReference(named.reference);
    if (!asked)
        return fail(ErrorCode::BadRequest, fmt::format("{} names no prompt. Write its name, name@3 or name@label.", shown), std::string(promptIdMember));
    if (!config.prompts)
        return fail(ErrorCode::UnknownPrompt, fmt::format("There is no prompt {} here; there are none.", shown), std::string(promptIdMember));
    return config.prompts->find(*asked, named.customer.empty() ? named.session : named.customer, named.chance);
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

Result<pipeline::ExpandedPrompt> PromptExpansion::expand(const CompiledConfig &config, const wire::RequestScan &scan, const pipeline::NamedPrompt &named) const
{
    const auto prompt = promptOf(config, named);
    if (!prompt)
        return std::unexpected(prompt.error());
    const auto variables = variablesOf(scan);
    if (!variables)
        return std::unexpected(variables.error());
    auto made = promptRequest(**prompt, *variables, scan.body, named.endpoint, named.pathNamesModel);
    if (!made)
        return std::unexpected(made.error());
    return pipeline::ExpandedPrompt {.body = std::move(made->body), .model = (*prompt)->version().model, .reference = (*prompt)->reference(), .losses = std::move(made->losses)};
}

} // namespace gateway::stages
