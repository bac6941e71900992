// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/prompt.h"
#include "gateway/pipeline/compiled_prompt.h"
#include "gateway/stages/prompt/prompt_request.h"

#include <string_view>
#include <vector>

namespace gateway::stages {

/// The request of OpenAI's older completions that a prompt's version makes of a caller's: promptRequest() says how.
/// @param messages  the version's, with the values put in
/// @param body      the caller's; may have no prompt
/// @return BadRequest: it is no object, or its prompt is made of token ids
Result<PromptRequest> completionRequest(const config::PromptVersion &version, const std::vector<pipeline::CompiledPrompt::Message> &messages, std::string_view body);

} // namespace gateway::stages
