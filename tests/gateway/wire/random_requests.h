// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_request.h"

#include <cstdint>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>
#include <vector>

/// Requests by chance, but the same for the same number: whatever the formats share, in every combination. Each text has a
/// word of its own ("w17"), so that one that got lost or moved is seen.
class RandomRequest
{
public:
    using ChatRequest = gateway::wire::ChatRequest;

    explicit RandomRequest(std::uint32_t seed) : m_random(seed) {}

    ChatRequest make()
    {
        using namespace gateway::wire;
        m_request = ChatRequest();
        m_calls = 0;
        if (some(2))
            addSystem(Role::System);
        if (some(8))
            addSystem(Role::Developer);
        for (int turns = 1 + below(3); turns > 0; --turns) {
            addUser();
            if (turns > 1 || some(4))
                addAssistant();
        }
        if (m_request.messages.back().role == Role::Assistant && some(2))
            addUser();
        addTools();
        addParameters();
        return std::move(m_request);
    }

private:
    using Chars = gateway::wire::Chars;
    using Json = gateway::wire::Json;

    int below(int limit) { return static_cast<int>(m_random() % static_cast<unsigned>(limit)); }
    bool some(int of) { return below(of) == 0; }
    std::string word() { return "w" + std::to_string(m_words++); }
    template <typename T>
    T pick(std::initializer_list<T> values)
    {
        return *(values.begin() + below(static_cast<int>(values.size())));
    }

    /// Between words of its own, so that nothing stands at its ends that a format would cut off.
    Chars text()
    {
        std::string raw = word();
        for (int pieces = below(4); pieces > 0; --pieces)
            raw += pick<const char *>({" ", "\\n", "\\\"", "\\\\", "\\t", "ü", "世界", "🌍", "\\u00e9", "\\ud83c\\udf0d", "\\ud83c", "\\/", "\\u2028", "<b>", "{\\\"a\\\":1}", "data: ", "[DONE]", "\\u0000"}) + word();
        return {m_request.keep(std::move(raw))};
    }

    Json json(std::string text) { return {m_request.keep(std::move(text))}; }

    /// An object as a model or a program writes it: digits and order matter.
    Json object()
    {
        std::string text = "{\"" + word() + "\":";
        text += pick<const char *>({"1", "12345678901234567890", "1e-05", "-0", "0.10", "true", "null", "[1,2,{\"x\":[]}]", "{\"b\":1,\"a\":2}", "\"\\u00e9 \\\" \\\\\""});
        return json(text + (some(3) ? ", \"z\" : [ ] }" : "}"));
    }

    Json schema()
    {
        return json(R"({"type":"object","properties":{")" + word() + R"(":{"type":"string","description":"d"},"n":{"type":["integer","null"]}},"required":["n"],"additionalProperties":false})");
    }

    Json mark() { return some(6) ? Json {R"({"type":"ephemeral"})"} : Json {}; }

    gateway::wire::MediaSource source(std::string_view type, bool mayBeUrl)
    {
        using Kind = gateway::wire::MediaSource::Kind;
        if (mayBeUrl && some(3))
            return {.kind = Kind::Url, .data = {m_request.keep("https://example.org/" + word() + ".png")}};
        return {.kind = Kind::Base64, .mediaType = {type}, .data = {m_request.keep(bytes(type == "image/png" ? "iVBORw0KGgoA" : "JVBERi0xLjcK"))}};
    }

    /// As base64: what they begin with tells what they are.
    std::string bytes(std::string begin)
    {
        begin += word();
        return begin + std::string((4 - begin.size() % 4) % 4, 'A');
    }

    void addSystem(gateway::wire::Role role)
    {
        auto &message = m_request.messages.emplace_back(gateway::wire::ChatMessage {.role = role});
        for (int parts = 1 + below(2); parts > 0; --parts)
            message.parts.emplace_back(gateway::wire::TextPart {.text = text(), .cacheControl = mark()});
    }

    void addUser()
    {
        using namespace gateway::wire;
        auto &message = m_request.messages.emplace_back(ChatMessage {.role = Role::User});
        if (some(8))
            message.name = {m_request.keep(word())};
        message.parts.emplace_back(TextPart {.text = text(), .cacheControl = mark()});
        for (int parts = below(3); parts > 0; --parts) {
            switch (below(5)) {
            case 0: message.parts.emplace_back(ImagePart {.source = source("image/png", true), .detail = some(3) ? Chars {"high"} : Chars {}, .cacheControl = mark()}); break;
            case 1: message.parts.emplace_back(AudioPart {.format = {"wav"}, .data = {m_request.keep(bytes("UklGRgAA"))}}); break;
            case 2: message.parts.emplace_back(FilePart {.source = source("application/pdf", false), .name = {m_request.keep(word() + ".pdf")}, .cacheControl = mark()}); break;
            default: message.parts.emplace_back(TextPart {.text = text()});
            }
        }
    }

    /// Thought, words and calls in the order in which models give them; then what the calls gave.
    void addAssistant()
    {
        using namespace gateway::wire;
        ChatMessage message {.role = Role::Assistant};
        if (some(3))
            message.parts.emplace_back(thought());
        const bool calls = some(2);
        if (!calls || some(2))
            message.parts.emplace_back(TextPart {.text = text()});
        if (!calls && some(6))
            message.parts.emplace_back(RefusalPart {.text = text()});
        const int first = m_calls;
        for (int count = calls ? 1 + below(3) : 0; count > 0; --count, ++m_calls) {
            const std::string id = "call_" + std::to_string(m_calls) + "_" + word();
            message.parts.emplace_back(ToolCallPart {.id = {m_request.keep(id)}, .name = {pick<std::string_view>({"get_weather", "look-up", "f"})}, .arguments = some(6) ? Json {"{}"} : object(),
                                                     .signature = some(6) ? Chars {m_request.keep("c2ln" + word())} : Chars {}});
            m_ids.push_back(id);
        }
        m_request.messages.push_back(std::move(message));
        for (int call = first; call < m_calls; ++call)
            addResult(m_ids[static_cast<std::size_t>(call)]);
    }

    gateway::wire::ThinkingPart thought()
    {
        using namespace gateway::wire;
        const auto issuer = pick({WireFormat::Anthropic, WireFormat::Gemini, WireFormat::BedrockConverse, WireFormat::OpenAiResponses});
        if (some(4))
            return {.redacted = {m_request.keep("cmVk" + word())}, .issuer = issuer};
        return {.text = text(), .signature = {m_request.keep("c2Vh" + word())}, .issuer = issuer};
    }

    void addResult(std::string_view id)
    {
        using namespace gateway::wire;
        ToolResultPart result {.callId = {m_request.keep(std::string(id))}, .isError = some(5)};
        const bool json = some(4);
        result.content.push_back({TextPart {.text = json ? m_request.keepChars(object().raw) : text(), .cacheControl = json ? Json {} : mark()}});
        if (!json && some(6))
            result.content.push_back({TextPart {.text = text()}});
        if (some(6))
            result.content.push_back({ImagePart {.source = source("image/png", false)}});
        m_request.messages.emplace_back(ChatMessage {.role = Role::Tool}).parts.emplace_back(std::move(result));
    }

    void addTools()
    {
        using Mode = gateway::wire::ToolChoice::Mode;
        const bool needed = m_calls > 0;
        if (!needed && !some(3))
            return;
        constexpr std::string_view names[] {"get_weather", "look-up", "f"};
        for (const std::string_view name : names) {
            auto &tool = m_request.tools.emplace_back();
            tool.name = {name};
            if (!some(4))
                tool.description = text();
            if (!some(3))
                tool.parameters = schema();
            if (some(4))
                tool.strict = some(2);
            tool.cacheControl = mark();
        }
        if (some(2))
            return;
        auto &choice = m_request.toolChoice.emplace();
        choice.mode = pick({Mode::Auto, Mode::None, Mode::Required, Mode::Named, Mode::Allowed});
        if (choice.mode == Mode::Named)
            choice.names = {{names[1]}};
        else if (choice.mode == Mode::Allowed)
            choice.names = {{names[0]}, {names[2]}};
        choice.allowedRequired = choice.mode == Mode::Allowed && some(2);
        if (some(3))
            m_request.parallelToolCalls = some(2);
    }

    void addParameters()
    {
        using namespace gateway::wire;
        ChatRequest &to = m_request;
        const auto number = [&](Json &out, std::initializer_list<std::string_view> values) { out = some(3) ? Json {pick(values)} : Json {}; };
        number(to.temperature, {"0", "0.2", "1", "0.70", "1e-05", "1.5"});
        number(to.topP, {"0.9", "0.95"});
        number(to.topK, {"40"});
        number(to.seed, {"42", "123456789012345678"});
        number(to.frequencyPenalty, {"0.5"});
        number(to.presencePenalty, {"0.25"});
        number(to.logitBias, {R"({"50256":-100})"});
        number(to.logprobs, {"true"});
        if (to.logprobs.raw == "true")
            number(to.topLogprobs, {"3"});
        number(to.metadata, {R"({"run":"7"})"});
        if (some(2))
            to.maxTokens = 16 + below(4000);
        if (some(5))
            to.choices = 1 + below(3);
        for (int count = some(3) ? below(7) : 0; count > 0; --count)
            to.stop.push_back(text());
        if (some(4))
            to.user = text();
        if (some(4))
            to.serviceTier = {pick<std::string_view>({"auto", "default"})};
        if (some(6))
            to.verbosity = {"low"};
        to.stream = to.includeUsage = some(2);
        if (some(4))
            to.responseFormat = ResponseFormat {.kind = ResponseFormat::Kind::JsonSchema, .name = {m_request.keep(word())}, .schema = schema(), .strict = some(2) ? std::optional(true) : std::nullopt};
        if (some(3)) {
            Reasoning &reasoning = to.reasoning.emplace();
            if (some(3))
                reasoning.budgetTokens = 1024 + below(20000);
            else
                reasoning.effort = pick({Reasoning::Effort::Low, Reasoning::Effort::Medium, Reasoning::Effort::High, Reasoning::Effort::None});
        }
        if (some(5))
            to.unknown.push_back({.name = m_request.keep("future_" + word()), .value = object()});
    }

    std::mt19937 m_random;
    ChatRequest m_request;
    int m_words = 0;
    int m_calls = 0;
    std::vector<std::string> m_ids;
};
