// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/providers/message_fixes.h"

#include "gateway/core/json_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>

namespace gateway::providers {
namespace {

using Json = nlohmann::ordered_json;

std::string roleOf(const Json &message)
{
    return textOf(message, "role");
}

void changeRoles(Json &messages, const MessageFixes &fixes)
{
    for (Json &message : messages) {
        const std::string role = roleOf(message);
        if (fixes.systemToUser && (role == "system" || role == "developer"))
            message["role"] = "user";
        else if (fixes.developerToSystem && role == "developer")
            message["role"] = "system";
    }
}

void mapToolIds(Json &messages)
{
    for (Json &message : messages) {
        if (message.contains("tool_call_id") && message["tool_call_id"].is_string())
            message["tool_call_id"] = mistralToolId(message["tool_call_id"].get<std::string>());
        const auto calls = message.find("tool_calls");
        if (calls == message.end() || !calls->is_array())
            continue;
        for (Json &call : *calls) {
            if (call.is_object() && call.contains("id") && call["id"].is_string())
                call["id"] = mistralToolId(call["id"].get<std::string>());
        }
    }
}

/// Mistral: its own tool ids, no user turn straight after a tool's, and a last assistant turn is a prefix.
void fixMistral(Json &messages)
{
    mapToolIds(messages);
    Json fixed = Json::array();
    for (Json &message : messages) {
        if (roleOf(message) == "user" && !fixed.empty() && roleOf(fixed.back()) == "tool")
            fixed.push_back({{"role", "assistant"}, {"content", "OK."}});
        fixed.push_back(std::move(message));
    }
    if (!fixed.empty() && roleOf(fixed.back()) == "assistant" && !fixed.back().contains("tool_calls"))
        fixed.back()["prefix"] = true;
    messages = std::move(fixed);
}

Json asParts(Json content)
{
    if (content.is_array())
        return content;
    Json parts = Json::array();
    if (content.is_string())
        parts.push_back({{"type", "text"}, {"text", std::move(content)}});
    return parts;
}

Json joined(Json first, Json second)
{
    if (first.is_null())
        return second;
    if (second.is_null())
        return first;
    if (first.is_string() && second.is_string())
        return first.get<std::string>() + "\n\n" + second.get<std::string>();
    Json parts = asParts(std::move(first));
    for (Json &part : asParts(std::move(second)))
        parts.push_back(std::move(part));
    return parts;
}

/// Perplexity: behind the system turns, user and assistant alternate, from user on; there are no tools.
void fixPerplexity(Json &messages)
{
    Json fixed = Json::array();
    for (Json &message : messages) {
        std::string role = roleOf(message);
        if (role == "tool" || role == "function")
            role = "user"; // a tool's result is still something that the model should know
        message["role"] = role;
        for (const char *name : {"tool_calls", "tool_call_id", "function_call", "name"})
            message.erase(name);
        const bool empty = !message.contains("content") || message["content"].is_null();
        if (role == "assistant" && empty)
            continue;
        if (!fixed.empty() && roleOf(fixed.back()) == role)
            fixed.back()["content"] = joined(std::move(fixed.back()["content"]), std::move(message["content"]));
        else
            fixed.push_back(std::move(message));
    }
    const auto first = std::find_if(fixed.begin(), fixed.end(), [](const Json &message) { return roleOf(message) != "system"; });
    if (first != fixed.end() && roleOf(*first) == "assistant")
        fixed.insert(first, Json {{"role", "user"}, {"content", "."}});
    messages = std::move(fixed);
}

/// DeepSeek: reasoning goes back only within the tool loop that is under way; in earlier turns it is refused or paid for
/// in vain.
void fixDeepSeek(Json &messages)
{
    std::size_t lastUser = 0;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (roleOf(messages[i]) == "user")
            lastUser = i;
    }
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (i < lastUser || !messages[i].contains("tool_calls"))
            messages[i].erase("reasoning_content");
    }
}

bool isFilled(const Json &value)
{
    return !value.is_null() && !((value.is_array() || value.is_object() || value.is_string()) && value.empty());
}

/// Takes out what the provider would refuse: other providers' thoughts, annotations and the like in a history.
void keepOnly(Json &messages, std::span<const std::string_view> members, std::vector<std::string> &dropped)
{
    const auto known = [&](const std::string &name) { return std::ranges::find(members, name) != members.end(); };
    for (Json &message : messages) {
        if (!known("refusal") && !message.contains("content") && !textOf(message, "refusal").empty())
            message["content"] = textOf(message, "refusal");
        Json kept = Json::object();
        for (auto &[name, value] : message.items()) {
            if (known(name)) {
                kept[name] = std::move(value);
                continue;
            }
            const std::string place = "messages." + name;
            if (isFilled(value) && std::ranges::find(dropped, place) == dropped.end())
                dropped.push_back(place);
        }
        message = std::move(kept);
    }
}

void tellSchema(Json &messages, std::string_view schema)
{
    const Json told {{"role", "system"}, {"content", "Answer with one JSON object and nothing else. It has to meet this JSON schema: " + std::string(schema)}};
    messages.insert(messages.begin(), told);
}

void dropSeals(Json &messages)
{
    for (Json &message : messages) {
        message.erase("reasoning_details");
        const auto calls = message.find("tool_calls");
        if (calls == message.end() || !calls->is_array())
            continue;
        for (Json &call : *calls) {
            if (call.is_object())
                call.erase("extra_content");
        }
    }
}

void removeNames(Json &messages)
{
    for (Json &message : messages)
        message.erase("name");
}

} // namespace

MessageFixes MessageFixes::neededFor(const ProviderKind &kind, const ModelRule *rule, const wire::MessageTraits &traits)
{
    MessageFixes fixes;
    fixes.systemToUser = rule && rule->noSystemRole && (traits.system || traits.developer);
    fixes.developerToSystem = !fixes.systemToUser && !kind.dialect.developerRole && traits.developer;
    fixes.dropSeals = traits.seals && !kind.dialect.sealsBack;
    bool needed = false;
    switch (kind.dialect.fix) {
    case RequestFix::None: break;
    case RequestFix::Mistral: needed = traits.tools || traits.lastIsAssistant; break;
    case RequestFix::Perplexity: needed = traits.repeats || traits.tools || traits.firstIsAssistant; break;
    case RequestFix::DeepSeek: needed = traits.reasoning; break;
    case RequestFix::Groq: needed = traits.names; break;
    }
    if (needed)
        fixes.fix = kind.dialect.fix;
    if (traits.extras)
        fixes.members = kind.dialect.messageMembers;
    return fixes;
}

std::optional<FixedMessages> fixMessages(std::string_view text, const MessageFixes &fixes)
{
    // The scan has bounded the nesting; whatever is no array of objects is the provider's to refuse.
    Json messages = Json::parse(text, nullptr, false);
    const auto isObject = [](const Json &message) { return message.is_object(); };
    if (!messages.is_array() || !std::all_of(messages.begin(), messages.end(), isObject))
        return std::nullopt;
    const Json before = messages;
    FixedMessages fixed;
    changeRoles(messages, fixes);
    if (!fixes.members.empty())
        keepOnly(messages, fixes.members, fixed.dropped);
    if (fixes.dropSeals)
        dropSeals(messages);
    switch (fixes.fix) {
    case RequestFix::None: break;
    case RequestFix::Mistral: fixMistral(messages); break;
    case RequestFix::Perplexity: fixPerplexity(messages); break;
    case RequestFix::DeepSeek: fixDeepSeek(messages); break;
    case RequestFix::Groq: removeNames(messages); break;
    }
    if (!fixes.schema.empty())
        tellSchema(messages, fixes.schema);
    if (!fixes.openMark.empty() && !messages.empty())
        messages.back()[std::string(fixes.openMark)] = true;
    if (messages == before)
        return std::nullopt;
    fixed.json = messages.dump(-1, ' ', false, Json::error_handler_t::replace);
    return fixed;
}

std::string mistralToolId(std::string_view id)
{
    constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    constexpr std::size_t length = 9;
    if (id.size() == length && id.find_first_not_of(digits) == std::string_view::npos)
        return std::string(id);
    std::uint64_t hash = 14695981039346656037ULL; // FNV-1a; 53 bits of it are used
    for (const char c : id)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    std::string mapped;
    for (std::size_t i = 0; i < length; ++i) {
        mapped += digits[hash % digits.size()];
        hash /= digits.size();
    }
    return mapped;
}

} // namespace gateway::providers
