// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/anthropic/model_rules.h"
#include "gateway/wire/bedrock/tool_names.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace gateway::wire::bedrock {

enum class Family : std::uint8_t { Claude, Nova, Llama, Mistral, Titan, GptOss, Other };

/// What a model on Bedrock takes of Converse, told by its id or ARN (wire.md 2). One that is not known is taken to know
/// all that Converse has, and nothing that only some models have.
struct ModelRules
{
    enum class Thinking : std::uint8_t {
        None,
        Claude,    ///< additionalModelRequestFields.thinking, as `claude` has it
        Nova,      ///< reasoningConfig {type, maxReasoningEffort}
        GptOss     ///< reasoning_effort
    };
    enum class Force : std::uint8_t {
        No,  ///< a tool may be called, never must
        Any, ///< some tool must be called
        Tool ///< or a certain one
    };
    Family family = Family::Other;
    Thinking thinking = Thinking::None;
    anthropic::ModelRules claude {};  ///< for Claude alone
    bool systemPrompt = true;         ///< else what it would say goes before the user's first words
    bool tools = true;                ///< else calls and results of the history are told in words
    Force force = Force::Tool;
    ToolIds toolIds = ToolIds::Common;
    bool resultStatus = false;        ///< toolResult.status
    bool resultMedia = false;         ///< images and documents in a toolResult
    bool structuredOutput = false;    ///< outputConfig.textFormat
    bool cachePoints = false;         ///< in system and messages
    bool cachedTools = false;         ///< and in toolConfig
    bool cacheHour = false;           ///< cachePoint.ttl
    bool temperature = true;          ///< temperature and topP
    std::size_t stopSequences = std::numeric_limits<std::size_t>::max(); ///< how many
    std::int64_t maxOutput = std::numeric_limits<std::int64_t>::max();   ///< tokens that it writes at most, where that is known
};

/// @param model  as in the address: `us.anthropic.claude-sonnet-4-5-20250929-v1:0`, `arn:aws:bedrock:...`
ModelRules rulesOf(std::string_view model);

} // namespace gateway::wire::bedrock
