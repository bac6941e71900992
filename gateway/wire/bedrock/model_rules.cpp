// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/bedrock/model_rules.h"

#include <algorithm>
#include <initializer_list>

namespace gateway::wire::bedrock {
namespace {

using Force = ModelRules::Force;
using Thinking = ModelRules::Thinking;

/// Regions (`us.`, `global.`), versions and ARNs stand around the part that tells a model.
bool has(std::string_view model, std::initializer_list<std::string_view> parts)
{
    return std::ranges::any_of(parts, [&](std::string_view part) { return model.find(part) != std::string_view::npos; });
}

ModelRules claude(std::string_view model)
{
    if (has(model, {"claude-v", "claude-2", "claude-instant"}))
        return {.family = Family::Claude, .claude = anthropic::rulesOf("claude-2"), .tools = false, .resultStatus = true};
    const anthropic::ModelRules rules = anthropic::rulesOf(model);
    // The newest have no outputConfig here, though they have it at Anthropic.
    const bool structured = has(model, {"haiku-4-5", "sonnet-4-5", "sonnet-4-6", "opus-4-5", "opus-4-6"});
    const bool uncached = has(model, {"claude-3-haiku", "claude-3-sonnet", "claude-3-opus", "claude-3-5-sonnet-20240620"});
    return {.family = Family::Claude,
            .thinking = rules.thinking == anthropic::ModelRules::Thinking::None ? Thinking::None : Thinking::Claude,
            .claude = rules,
            .resultStatus = true,
            .resultMedia = true,
            .structuredOutput = structured,
            .cachePoints = !uncached,
            .cachedTools = !uncached,
            .cacheHour = !has(model, {"claude-3", "claude-sonnet-4-2", "claude-opus-4-2", "claude-opus-4-1"}), // 4 and a date, 4.1
            .temperature = rules.sampling,
            .maxOutput = rules.maxOutput};
}

ModelRules nova(std::string_view model)
{
    return {.family = Family::Nova,
            .thinking = has(model, {"nova-2"}) ? Thinking::Nova : Thinking::None,
            .resultStatus = true,
            .resultMedia = true,
            .cachePoints = true,
            .stopSequences = 4};
}

ModelRules llama(std::string_view model)
{
    const bool old = has(model, {"llama2", "llama3-8b", "llama3-70b"});
    ModelRules rules {.family = Family::Llama, .tools = !old && !has(model, {"llama3-2-1b", "llama3-2-3b"}), .force = Force::No};
    if (old)
        rules.maxOutput = 2048;
    return rules;
}

ModelRules mistral(std::string_view model)
{
    const bool old = has(model, {"mistral-7b", "mixtral"});
    const bool structured = has(model, {"mistral-large-3", "ministral", "magistral", "voxtral"});
    return {.family = Family::Mistral, .systemPrompt = !old, .tools = !old, .force = Force::Any, .toolIds = ToolIds::Nine, .structuredOutput = structured};
}

ModelRules titan(std::string_view model)
{
    const std::int64_t maxOutput = has(model, {"premier"}) ? 3072 : has(model, {"lite"}) ? 4096 : 8192;
    return {.family = Family::Titan, .systemPrompt = false, .tools = false, .stopSequences = 0, .maxOutput = maxOutput};
}

ModelRules other(std::string_view model)
{
    ModelRules rules;
    rules.structuredOutput = has(model, {"qwen3", "deepseek.v3", "gemma-3", "minimax", "kimi", "nemotron"});
    if (has(model, {"deepseek.r1"}))
        rules.tools = false;
    if (has(model, {"qwen."}))
        rules.stopSequences = 0;
    if (has(model, {"openai.gpt-"})) {
        rules.temperature = false;
        rules.stopSequences = 0;
    }
    return rules;
}

} // namespace

ModelRules rulesOf(std::string_view model)
{
    if (has(model, {"claude"}))
        return claude(model);
    if (has(model, {"nova-"}))
        return nova(model);
    if (has(model, {"llama"}))
        return llama(model);
    if (has(model, {"mistral", "ministral", "magistral"}))
        return mistral(model);
    if (has(model, {"titan"}))
        return titan(model);
    if (has(model, {"gpt-oss"}))
        return {.family = Family::GptOss, .thinking = Thinking::GptOss, .structuredOutput = true, .stopSequences = 0};
    return other(model);
}

} // namespace gateway::wire::bedrock
