// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/prompt/prompt_import.h"

#include "gateway/wire/answer_delivery.h"
#include "gateway/wire/codecs.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace gateway::stages {

namespace {

using Json = nlohmann::ordered_json;

/// What says how a call is delivered, whose it is and where it goes, not what is asked.
constexpr std::array<std::string_view, 13> leftOut {"messages", "model", "tools", "response_format", "stream", "stream_options", "user", "metadata", "signalbox", "fallbacks", "prompt_id", "prompt_variables", "store"};

/// The text as a template that gives it back: where it has what opens a tag, other marks open tags. The comment keeps the line
/// from being one of tags alone, which would go with its end.
std::string asTemplate(const std::string &text)
{
    if (text.find("{{") == std::string::npos)
        return text;
    for (const auto &[open, close] : {std::pair("<%", "%>"), std::pair("[[", "]]"), std::pair("(|", "|)"), std::pair("<<~", "~>>")}) {
        if (text.find(open) == std::string::npos)
            return fmt::format("{{{{={0} {1}=}}}}{0}!{1}{2}", open, close, text);
    }
    return fmt::format("{{{{=@@[ ]@@=}}}}@@[!]@@{}", text);
}

std::optional<std::string> textOf(const Json &content)
{
    if (content.is_string())
        return content.get<std::string>();
    if (!content.is_array())
        return std::nullopt;
    std::string text;
    for (const Json &part : content) {
        if (!part.is_object() || part.value("type", "") != "text" || !part.contains("text") || !part["text"].is_string())
            return std::nullopt;
        text += (text.empty() ? "" : "\n") + part["text"].get<std::string>();
    }
    return text;
}

Result<config::PromptMessage> messageOf(const Json &message, std::size_t number)
{
    constexpr std::array<std::string_view, 4> roles {"system", "developer", "user", "assistant"};
    const std::string role = message.is_object() && message.contains("role") && message["role"].is_string() ? message["role"].get<std::string>() : std::string();
    const auto text = message.is_object() && message.contains("content") ? textOf(message["content"]) : std::nullopt;
    const bool plain = std::ranges::find(roles, role) != roles.end() && text && !message.contains("tool_calls");
    if (!plain)
        return fail(ErrorCode::Invalid, fmt::format("Message {} of the call is more than text (a picture, a file, a tool call or its result), which a prompt cannot hold.", number), "call_id");
    return config::PromptMessage {.role = role, .content = asTemplate(*text)};
}

std::string memberText(const Json &request, const char *name)
{
    return request.contains(name) && !request[name].is_null() && !request[name].empty() ? request[name].dump() : std::string();
}

Result<config::PromptVersion> versionOf(const Json &request)
{
    config::PromptVersion version;
    if (request.contains("model") && request["model"].is_string())
        version.model = request["model"].get<std::string>();
    const Json none = Json::array();
    for (const Json &message : request.contains("messages") ? request["messages"] : none) {
        auto made = messageOf(message, version.messages.size() + 1);
        if (!made)
            return std::unexpected(made.error());
        version.messages.push_back(std::move(*made));
    }
    if (version.messages.empty())
        return fail(ErrorCode::Invalid, "The call has no messages.", "call_id");
    version.tools = memberText(request, "tools");
    version.responseFormat.text = memberText(request, "response_format");
    Json parameters = Json::object();
    for (const auto &member : request.items()) {
        if (std::ranges::find(leftOut, std::string_view(member.key())) == leftOut.end() && !member.value().is_null())
            parameters[member.key()] = member.value();
    }
    if (!parameters.empty())
        version.parameters.text = parameters.dump();
    return version;
}

} // namespace

Result<config::PromptVersion> versionFromRequest(std::string_view body, Endpoint endpoint)
{
    const auto format = wire::deliveredFormat(endpoint);
    if (!format)
        return fail(ErrorCode::NotSupported, "Only calls of chat can become prompts: chat completions, messages, responses and generateContent.", "call_id");
    std::string chat(body);
    if (*format != wire::WireFormat::OpenAiChat) {
        auto request = wire::readRequest(*format, body);
        if (!request)
            return fail(ErrorCode::Invalid, fmt::format("The call's request cannot be read: {}", request.error().message), "call_id");
        const std::string model(request->plain(request->model));
        chat = wire::writeRequest(wire::WireFormat::OpenAiChat, *request, {.model = model}).body;
    }
    const Json request = Json::parse(chat, nullptr, false);
    if (!request.is_object())
        return fail(ErrorCode::Invalid, "The call's request cannot be read: it is no JSON object.", "call_id");
    return versionOf(request);
}

} // namespace gateway::stages
