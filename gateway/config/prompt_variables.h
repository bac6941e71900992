// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/prompt.h"
#include "gateway/core/error.h"

#include <nlohmann/json_fwd.hpp>

/// What a version's templates are filled with.
namespace gateway::config {

/// The variables of a version: those that it declares, or else a required text for every name that a template looks up
/// outside of its sections, and an optional one of any type for those of its sections.
std::vector<PromptVariable> variablesOf(const PromptVersion &version);

/// Why this value may not be given for that variable, in words; nullopt: it may.
std::optional<std::string> valueProblem(const PromptVariable &variable, const nlohmann::json &value);

/// The values that a version is rendered with: what was given, checked, and the defaults of what was not.
/// @param given  an object
/// @return BadRequest with `where` "prompt_variables.NAME": one is missing, unknown, or not as it is declared
Result<nlohmann::json> filledVariables(const PromptVersion &version, const nlohmann::json &given);

} // namespace gateway::config
