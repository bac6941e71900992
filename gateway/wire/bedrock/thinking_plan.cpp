// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/bedrock/thinking_plan.h"

#include "gateway/wire/reasoning_effort.h"

#include <algorithm>

namespace gateway::wire::bedrock {
namespace {

using Effort = Reasoning::Effort;
using Thinking = ModelRules::Thinking;

bool isSealedThought(const ChatPart &part)
{
    const auto *thought = std::get_if<ThinkingPart>(&part);
    if (!thought || (thought->signature.empty() && thought->redacted.empty()))
        return false;
    return thought->issuer == WireFormat::Anthropic || thought->issuer == WireFormat::BedrockConverse;
}

/// Claude refuses to think on behind calls that it made without a thought.
bool callsWithoutThought(const ChatRequest &request)
{
    const auto last = std::ranges::find(request.messages.rbegin(), request.messages.rend(), Role::Assistant, &ChatMessage::role);
    if (last == request.messages.rend())
        return false;
    const auto isCall = [](const ChatPart &part) { return std::holds_alternative<ToolCallPart>(part); };
    return std::ranges::any_of(last->parts, isCall) && std::ranges::none_of(last->parts, isSealedThought);
}

/// What was asked for, as one of the words; nullopt: no thinking at all.
std::optional<Effort> effortAsked(const ChatRequest &request)
{
    if (!request.reasoning)
        return std::nullopt;
    const Reasoning &asked = *request.reasoning;
    if (asked.effort)
        return *asked.effort == Effort::None ? std::nullopt : asked.effort;
    if (asked.budgetTokens)
        return *asked.budgetTokens > 0 ? std::optional(effortOf(*asked.budgetTokens)) : std::nullopt;
    return asked.adaptive ? std::optional(Effort::Medium) : std::nullopt;
}

/// The three words that Nova and gpt-oss know.
std::string_view oneOfThree(Effort effort)
{
    switch (effort) {
    case Effort::None:
    case Effort::Minimal:
    case Effort::Low: return "low";
    case Effort::Medium: return "medium";
    case Effort::High:
    case Effort::XHigh:
    case Effort::Max: return "high";
    }
    return "high";
}

std::string_view claudeWord(Effort effort, const anthropic::ModelRules &rules)
{
    if (effort == Effort::XHigh && !rules.effortXHigh)
        return toText(Effort::High);
    return toText(effort == Effort::Minimal || effort == Effort::None ? Effort::Low : effort);
}

void planClaude(ThinkingPlan &plan, const ChatRequest &request, Effort effort, bool schemaByTool, WriteContext &context)
{
    const anthropic::ModelRules &rules = context.rules.claude;
    if (schemaByTool)
        return context.lose("reasoning_effort", "the answer's schema is asked for by a forced tool, beside which this model does not think");
    if (callsWithoutThought(request))
        return context.lose("reasoning_effort", "the tool calls of the history have no signed thoughts");
    const Reasoning &asked = *request.reasoning;
    if (rules.thinking == anthropic::ModelRules::Thinking::Adaptive) {
        plan.claude = true;
        plan.sampling = false;
        if (asked.effort || asked.budgetTokens)
            plan.effort = claudeWord(effort, rules);
        return;
    }
    // The budget is part of maxTokens: room for the answer that was asked for comes on top.
    constexpr std::int64_t least = 1024;
    constexpr std::int64_t roomForAnswer = 4096;
    const std::int64_t budget = std::max(least, asked.budgetTokens.value_or(budgetOf(effort)));
    const std::int64_t room = std::min(plan.maxTokens.value_or(roomForAnswer) + std::min(budget, rules.maxOutput), rules.maxOutput);
    if (room - 1 < least)
        return context.lose("reasoning_effort", "max_tokens leaves no room to think");
    plan.claude = true;
    plan.sampling = false;
    plan.maxTokens = room;
    plan.budget = std::min(budget, room - 1);
}

} // namespace

ThinkingPlan planThinking(const ChatRequest &request, std::int64_t defaultMaxTokens, bool schemaByTool, WriteContext &context)
{
    const ModelRules &rules = context.rules;
    ThinkingPlan plan {.sampling = rules.temperature};
    if (request.maxTokens || defaultMaxTokens > 0)
        plan.maxTokens = std::clamp<std::int64_t>(request.maxTokens.value_or(defaultMaxTokens), 1, rules.maxOutput);
    if (request.maxTokens && *request.maxTokens > *plan.maxTokens)
        context.lose("max_tokens", "the model writes " + std::to_string(rules.maxOutput) + " tokens at most");

    const std::optional<Effort> effort = effortAsked(request);
    if (!effort) {
        if (request.reasoning && rules.thinking == Thinking::GptOss) {
            plan.effort = oneOfThree(Effort::Low);
            context.lose("reasoning_effort", "the model always thinks: asked for the least");
        }
        return plan;
    }
    switch (rules.thinking) {
    case Thinking::None: context.lose("reasoning_effort", "the model does not think, or cannot be told how hard"); break;
    case Thinking::Claude: planClaude(plan, request, *effort, schemaByTool, context); break;
    case Thinking::GptOss: plan.effort = oneOfThree(*effort); break;
    case Thinking::Nova:
        plan.effort = oneOfThree(*effort);
        if (plan.effort == "high") { // then nothing else may be set
            plan.sampling = false;
            plan.maxTokens.reset();
            if (request.maxTokens)
                context.lose("max_tokens", "the model takes none beside its highest effort");
        }
        break;
    }
    return plan;
}

void writeThinking(JsonWriter &json, const ThinkingPlan &plan, const ModelRules &rules)
{
    switch (rules.thinking) {
    case ModelRules::Thinking::None: return;
    case ModelRules::Thinking::Claude:
        if (!plan.claude)
            return;
        json.object("thinking").textMember("type", plan.budget ? "enabled" : "adaptive");
        if (plan.budget)
            json.member("budget_tokens", plan.budget);
        json.endObject();
        if (!plan.effort.empty())
            json.object("output_config").textMember("effort", plan.effort).endObject();
        return;
    case ModelRules::Thinking::Nova:
        if (!plan.effort.empty())
            json.object("reasoningConfig").textMember("type", "enabled").textMember("maxReasoningEffort", plan.effort).endObject();
        return;
    case ModelRules::Thinking::GptOss:
        if (!plan.effort.empty())
            json.textMember("reasoning_effort", plan.effort);
        return;
    }
}

} // namespace gateway::wire::bedrock
