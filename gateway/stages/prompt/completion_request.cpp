// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/prompt/completion_request.h"

#include "gateway/core/text.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/json_members.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace gateway::stages {

namespace {

using wire::JsonCursor;

constexpr std::string_view between = "\n\n";

/// What a version may have that is of chat alone.
constexpr std::array<std::string_view, 14> ofChat {"tools",      "tool_choice",        "parallel_tool_calls", "functions", "function_call", "response_format", "reasoning_effort",
                                                   "verbosity",  "logprobs",           "top_logprobs",        "modalities", "audio",        "prediction",      "web_search_options"};

std::string saidBy(const std::vector<pipeline::CompiledPrompt::Message> &messages)
{
    std::string text;
    for (const auto &message : messages)
        text.append(text.empty() ? std::string_view() : between).append(message.text);
    return text;
}

std::string joined(const std::string &versions, std::string_view own)
{
    return jsonQuoted(versions.empty() || own.empty() ? versions + std::string(own) : versions + std::string(between) + std::string(own));
}

/// The caller's prompt with the version's before it; of several, before each.
Result<std::string> promptValue(const std::string &versions, std::string_view own)
{
    JsonCursor cursor(own);
    std::string_view raw;
    if (own.empty() || cursor.type() == JsonCursor::Type::Null)
        return jsonQuoted(versions);
    if (cursor.type() == JsonCursor::Type::String && cursor.string(raw))
        return joined(versions, wire::unescapeJson(raw));
    std::string list;
    const bool good = cursor.type() == JsonCursor::Type::Array && cursor.elements([&] {
        if (cursor.type() != JsonCursor::Type::String || !cursor.string(raw))
            return false;
        list.append(list.empty() ? "" : ",").append(joined(versions, wire::unescapeJson(raw)));
        return true;
    });
    if (!good)
        return fail(ErrorCode::BadRequest, "Behind a named prompt \"prompt\" must be a string or an array of strings: token ids cannot follow a text.", "prompt");
    return list.empty() ? jsonQuoted(versions) : "[" + list + "]";
}

} // namespace

Result<PromptRequest> completionRequest(const config::PromptVersion &version, const std::vector<pipeline::CompiledPrompt::Message> &messages, std::string_view body)
{
    auto members = wire::parseJsonMembers(body);
    auto parameters = wire::parseJsonMembers(version.parameters.text);
    if (!members || !parameters)
        return fail(ErrorCode::BadRequest, "The request body must be a JSON object.");
    PromptRequest made;
    std::vector<std::string> given;
    std::string out, own;
    const auto add = [&](std::string_view name, std::string_view value) {
        out.append(out.empty() ? "" : ",").append(jsonQuoted(name)).append(":").append(value);
        given.emplace_back(name);
    };
    for (const wire::JsonMember &member : *members) {
        if (member.name == "prompt")
            own = member.value;
        else if (member.name != promptIdMember && member.name != promptVariablesMember && (member.name != "model" || version.model.empty()))
            add(member.name, member.value);
    }
    const auto prompt = promptValue(saidBy(messages), own);
    if (!prompt)
        return std::unexpected(prompt.error());
    add("prompt", *prompt);
    if (!version.model.empty())
        add("model", jsonQuoted(version.model));
    const auto lose = [&](std::string_view name) { made.losses.push_back({.what = std::string(name), .why = "completions have no such parameter"}); };
    for (const wire::JsonMember &parameter : *parameters) {
        const std::string_view name = parameter.name == "max_completion_tokens" ? std::string_view("max_tokens") : std::string_view(parameter.name);
        if (std::ranges::find(ofChat, name) != ofChat.end())
            lose(name);
        else if (std::ranges::find(given, name) == given.end() && name != "messages")
            add(name, parameter.value);
    }
    if (!version.tools.empty())
        lose("tools");
    if (!version.responseFormat.text.empty())
        lose("response_format");
    made.body = "{" + out + "}";
    return made;
}

} // namespace gateway::stages
