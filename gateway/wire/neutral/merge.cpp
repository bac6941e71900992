// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/neutral/merge.h"

#include <algorithm>
#include <utility>

namespace gateway::wire {
namespace {

bool given(const Json &json) { return !json.empty(); }
bool given(const Chars &chars) { return !chars.empty(); }
template <typename T>
bool given(const std::optional<T> &value) { return value.has_value(); }
template <typename T>
bool given(const std::vector<T> &list) { return !list.empty(); }

/// Every parameter of a request with its name at OpenAI; visit(name, member) for each. Messages, model and streaming are
/// no parameters.
template <typename Request, typename Visit>
void parameters(Request &request, Visit &&visit)
{
    visit("tools", request.tools);
    visit("tool_choice", request.toolChoice);
    visit("parallel_tool_calls", request.parallelToolCalls);
    visit("response_format", request.responseFormat);
    visit("reasoning_effort", request.reasoning);
    visit("max_tokens", request.maxTokens);
    visit("n", request.choices);
    visit("stop", request.stop);
    visit("temperature", request.temperature);
    visit("top_p", request.topP);
    visit("top_k", request.topK);
    visit("seed", request.seed);
    visit("frequency_penalty", request.frequencyPenalty);
    visit("presence_penalty", request.presencePenalty);
    visit("logit_bias", request.logitBias);
    visit("logprobs", request.logprobs);
    visit("top_logprobs", request.topLogprobs);
    visit("user", request.user);
    visit("service_tier", request.serviceTier);
    visit("verbosity", request.verbosity);
    visit("metadata", request.metadata);
}

bool isNamed(std::string_view asked, std::string_view name)
{
    return asked == name || (name == "max_tokens" && asked == "max_completion_tokens") || (name == "reasoning_effort" && asked == "reasoning");
}

void mergeUnknown(ChatRequest &request, const UnknownMember &member, Merge how)
{
    const auto there = std::ranges::find(request.unknown, member.name, &UnknownMember::name);
    if (there == request.unknown.end())
        request.unknown.push_back(member);
    else if (how == Merge::Replace)
        there->value = member.value;
}

} // namespace

void mergeParameters(ChatRequest &request, ChatRequest settings, Merge how)
{
    const auto take = [&](std::string_view, auto &into, auto &from) {
        if (given(from) && (how == Merge::Replace || !given(into)))
            into = std::move(from);
    };
    parameters(settings, [&](std::string_view name, auto &from) {
        parameters(request, [&](std::string_view other, auto &into) {
            if constexpr (std::is_same_v<decltype(into), decltype(from)>) {
                if (name == other)
                    take(name, into, from);
            }
        });
    });
    for (const UnknownMember &member : settings.unknown)
        mergeUnknown(request, member, how);
    request.adopt(std::move(settings));
}

bool dropParameter(ChatRequest &request, std::string_view name)
{
    bool there = std::erase_if(request.unknown, [&](const UnknownMember &member) { return member.name == name; }) > 0;
    parameters(request, [&](std::string_view known, auto &member) {
        if (!isNamed(name, known) || !given(member))
            return;
        member = {};
        there = true;
    });
    return there;
}

} // namespace gateway::wire
