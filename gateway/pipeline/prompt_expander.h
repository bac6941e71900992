// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/endpoint.h"
#include "gateway/core/error.h"
#include "gateway/core/loss.h"
#include "gateway/wire/request_scan.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::pipeline {

struct CompiledConfig;

/// The prompt that a call names, and what call that is.
struct NamedPrompt
{
    std::string_view reference;    ///< "name", "name@3" or "name@label"
    std::string_view customer {};  ///< an experiment leads each to the same version
    std::string_view session {};   ///< the same, where no customer is named
    Endpoint endpoint = Endpoint::ChatCompletions;
    bool pathNamesModel = false;   ///< Gemini's and Azure's forms
    std::uint64_t chance = 0;      ///< decides in an experiment for who names neither
};

/// The request that a version of a prompt stands for.
struct ExpandedPrompt
{
    std::string body;
    std::string model {};           ///< that the version names; empty: none
    std::string reference {};       ///< "summarise@3"
    std::vector<Loss> losses {};    ///< what of the version the caller's API has no word for
};

/// Makes it. Any thread. Implemented by stages/prompt, for the stage that reads what is asked.
class PromptExpander
{
public:
    virtual ~PromptExpander() = default;
    /// @param scan  of the caller's body
    /// @return UnknownPrompt; BadRequest, whose `where` is the variable; NotSupported: the call takes no prompt
    [[nodiscard]] virtual Result<ExpandedPrompt> expand(const CompiledConfig &config, const wire::RequestScan &scan, const NamedPrompt &named) const = 0;
};

} // namespace gateway::pipeline
