// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/prompt/prompt_request.h"

#include "gateway/core/text.h"
#include "gateway/stages/prompt/completion_request.h"
#include "gateway/wire/answer_delivery.h"
#include "gateway/wire/codecs.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/json_members.h"
#include "gateway/wire/json_writer.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace gateway::stages {

namespace {

using Messages = std::vector<pipeline::CompiledPrompt::Message>;
using wire::JsonCursor;

std::string messagesText(const Messages &messages)
{
    std::string text;
    for (const auto &message : messages)
        wire::addElement(text, [&](wire::JsonWriter &json) { json.object().textMember("role", message.role).textMember("content", message.text).endObject(); });
    return text;
}

/// What stands between the brackets of an array.
std::string_view inner(std::string_view array)
{
    return trimmed(array.substr(1, array.size() - 2));
}

/// A caller's body of OpenAI's chat with the version laid over it.
class ChatBody
{
public:
    ChatBody(const config::PromptVersion &version, const Messages &messages) : m_version(version), m_messages(messagesText(messages)) {}

    Result<std::string> laidOver(std::string_view body)
    {
        auto members = wire::parseJsonMembers(body);
        auto parameters = wire::parseJsonMembers(m_version.parameters.text);
        if (!members || !parameters)
            return fail(ErrorCode::BadRequest, "The request body must be a JSON object.");
        for (wire::JsonMember &member : *members) {
            if (auto taken = take(member); !taken)
                return std::unexpected(taken.error());
        }
        add("messages", "[" + m_messages + (m_messages.empty() || m_own.empty() ? "" : ",") + m_own + "]");
        if (!m_version.model.empty())
            add("model", jsonQuoted(m_version.model));
        for (const wire::JsonMember &parameter : *parameters)
            addUnlessGiven(parameter.name, parameter.value);
        addUnlessGiven("tools", m_version.tools);
        addUnlessGiven("response_format", m_version.responseFormat.text);
        return "{" + m_out + "}";
    }

private:
    Result<> take(const wire::JsonMember &member)
    {
        if (member.name == promptIdMember || member.name == promptVariablesMember || (member.name == "model" && !m_version.model.empty()))
            return {};
        if (member.name == "messages") {
            JsonCursor cursor(member.value);
            if (cursor.type() == JsonCursor::Type::Null)
                return {};
            if (cursor.type() != JsonCursor::Type::Array)
                return fail(ErrorCode::BadRequest, "\"messages\" must be an array.", "messages");
            m_own = inner(member.value);
            return {};
        }
        add(member.name, member.value);
        m_given.push_back(member.name);
        return {};
    }

    void addUnlessGiven(std::string_view name, std::string_view value)
    {
        if (!value.empty() && std::ranges::find(m_given, name) == m_given.end() && name != "messages" && name != "model")
            add(name, value);
    }

    void add(std::string_view name, std::string_view value)
    {
        m_out.append(m_out.empty() ? "" : ",").append(jsonQuoted(name)).append(":").append(value);
    }

    const config::PromptVersion &m_version;
    std::string m_messages; ///< the version's, without brackets
    std::string m_own;      ///< the caller's, likewise
    std::string m_out;
    std::vector<std::string> m_given;
};

/// Puts what the version has where the caller's request has nothing.
template <typename T>
void fill(T &own, T &versions)
{
    const bool none = [&] {
        if constexpr (requires { own.has_value(); })
            return !own.has_value();
        else
            return own.empty();
    }();
    if (none)
        own = std::move(versions);
}

void merge(wire::ChatRequest &own, wire::ChatRequest versions)
{
    versions.messages.insert(versions.messages.end(), std::make_move_iterator(own.messages.begin()), std::make_move_iterator(own.messages.end()));
    own.messages = std::move(versions.messages);
    if (!versions.model.empty())
        own.model = versions.model;
    fill(own.tools, versions.tools);
    fill(own.toolChoice, versions.toolChoice);
    fill(own.parallelToolCalls, versions.parallelToolCalls);
    fill(own.responseFormat, versions.responseFormat);
    fill(own.reasoning, versions.reasoning);
    fill(own.maxTokens, versions.maxTokens);
    fill(own.choices, versions.choices);
    fill(own.stop, versions.stop);
    for (const auto number : {&wire::ChatRequest::temperature, &wire::ChatRequest::topP, &wire::ChatRequest::topK, &wire::ChatRequest::seed, &wire::ChatRequest::frequencyPenalty,
                              &wire::ChatRequest::presencePenalty, &wire::ChatRequest::logitBias, &wire::ChatRequest::logprobs, &wire::ChatRequest::topLogprobs, &wire::ChatRequest::metadata})
        fill(own.*number, versions.*number);
    for (const auto text : {&wire::ChatRequest::user, &wire::ChatRequest::serviceTier, &wire::ChatRequest::verbosity})
        fill(own.*text, versions.*text);
    std::erase_if(own.unknown, [](const wire::UnknownMember &member) { return member.name == promptIdMember || member.name == promptVariablesMember; });
    own.adopt(std::move(versions));
}

/// The format of a caller's body; nullopt: it is no chat.
std::optional<wire::WireFormat> formatOf(Endpoint endpoint, bool pathNamesModel)
{
    if (endpoint == Endpoint::CountTokens)
        return pathNamesModel ? wire::WireFormat::Gemini : wire::WireFormat::Anthropic;
    return wire::deliveredFormat(endpoint);
}

/// What is said in system turns and what tools there are counts, too: but Gemini's countTokens takes turns alone.
void turnIntoTurns(wire::ChatRequest &request, std::vector<Loss> &losses)
{
    for (wire::ChatMessage &message : request.messages) {
        if (message.role == wire::Role::System || message.role == wire::Role::Developer)
            message.role = wire::Role::User;
    }
    if (!request.tools.empty())
        losses.push_back({.what = "tools", .why = "countTokens counts turns alone"});
    request.tools.clear();
    request.toolChoice.reset();
}

/// The members of a request that calls which count its tokens take.
std::string countedPart(const std::string &body, bool gemini)
{
    constexpr std::array<std::string_view, 8> answering {"max_tokens", "temperature", "top_p", "top_k", "stop_sequences", "stream", "metadata", "service_tier"};
    auto members = wire::parseJsonMembers(body);
    std::string out;
    for (const wire::JsonMember &member : members ? *members : std::vector<wire::JsonMember> {}) {
        if (gemini ? member.name == "contents" : std::ranges::find(answering, member.name) == answering.end())
            out.append(out.empty() ? "" : ",").append(jsonQuoted(member.name)).append(":").append(member.value);
    }
    return "{" + out + "}";
}

/// In a format that is not OpenAI's chat.
Result<PromptRequest> throughNeutralForm(wire::WireFormat format, const std::string &laid, std::string_view body, bool counts)
{
    auto versions = wire::readRequest(wire::WireFormat::OpenAiChat, laid);
    auto own = wire::readRequest(format, body);
    if (!versions || !own)
        return std::unexpected(own ? versions.error() : own.error());
    merge(*own, std::move(*versions));
    const bool gemini = format == wire::WireFormat::Gemini;
    std::vector<Loss> losses;
    if (counts && gemini)
        turnIntoTurns(*own, losses);
    const std::string model(own->plain(own->model));
    wire::WrittenBody written = wire::writeRequest(format, *own, {.model = model, .modelInBody = !gemini});
    if (counts)
        return PromptRequest {.body = countedPart(written.body, gemini), .losses = std::move(losses)};
    return PromptRequest {.body = std::move(written.body), .losses = std::move(written.losses)};
}

} // namespace

Result<PromptRequest> promptRequest(const pipeline::CompiledPrompt &prompt, const nlohmann::json &variables, std::string_view body, Endpoint endpoint, bool pathNamesModel)
{
    const auto format = formatOf(endpoint, pathNamesModel);
    if (!format && endpoint != Endpoint::Completions)
        return fail(ErrorCode::NotSupported, "A prompt can be used where chat is asked for: chat completions, messages, responses or generateContent; where its tokens are counted; and in completions.");
    const auto messages = prompt.messages(variables);
    if (!messages)
        return std::unexpected(messages.error());
    if (!format)
        return completionRequest(prompt.version(), *messages, body);
    const bool chat = *format == wire::WireFormat::OpenAiChat;
    auto laid = ChatBody(prompt.version(), *messages).laidOver(chat ? body : "{}");
    if (!laid)
        return std::unexpected(laid.error());
    if (chat)
        return PromptRequest {.body = std::move(*laid)};
    return throughNeutralForm(*format, *laid, body, endpoint == Endpoint::CountTokens);
}

} // namespace gateway::stages
