// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/endpoint.h"
#include "gateway/core/error.h"
#include "gateway/core/loss.h"
#include "gateway/pipeline/compiled_prompt.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace gateway::stages {

/// Members of a body that are meant for the prompt stage and go no further.
inline constexpr std::string_view promptIdMember = "prompt_id", promptVariablesMember = "prompt_variables";

struct PromptRequest
{
    std::string body;
    std::vector<Loss> losses {}; ///< what of the version the caller's API has no word for
};

/// The request that a version of a prompt makes of a caller's: the version's messages with the values put in, and behind
/// them the caller's own. The version's model stands where it names one; of parameters, tools and schema the caller's own
/// stand where it gives any. A body of OpenAI's chat keeps every byte that is not replaced; the other formats go through
/// the neutral form. Of calls that count tokens the same is left as they take. Completions have no messages: their prompt is
/// what the version's say, with blank lines between them, and behind it the caller's own prompt.
/// @param endpoint   of chat, in any caller's format; one that counts its tokens; or completions. Else NotSupported
/// @param variables  an object
/// @param body       the caller's; may have no messages
/// @param pathNamesModel  of calls that count tokens: they are Gemini's
/// @return BadRequest: the values are not what the version asks for, or the body is no request
Result<PromptRequest> promptRequest(const pipeline::CompiledPrompt &prompt, const nlohmann::json &variables, std::string_view body, Endpoint endpoint,
                                    bool pathNamesModel = false);

} // namespace gateway::stages
