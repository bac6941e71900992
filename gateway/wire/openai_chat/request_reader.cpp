// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/openai_chat/request_reader.h"

#include "gateway/wire/openai_chat/message_reader.h"
#include "gateway/wire/openai_chat/tool_choice_words.h"
#include "gateway/wire/reasoning_effort.h"
#include "gateway/wire/request_cursor.h"

namespace gateway::wire::openai_chat {
namespace {

/// One member each: false ends the walk with the cursor's mistake.
class Reader
{
public:
    Reader(std::string_view body, ChatRequest &request) : m_in(body), m_request(request) {}

    Result<void> read()
    {
        return m_in.body([&](std::string_view key) { return member(key); });
    }

private:
    bool member(std::string_view key)
    {
        ChatRequest &to = m_request;
        if (key == "model")
            return m_in.chars(key, to.model);
        if (key == "messages")
            return readMessages(m_in, to);
        if (key == "tools")
            return m_in.elements(key, [&] { return tool(); });
        if (key == "functions")
            return m_in.elements(key, [&] { return function(to.tools.emplace_back()); });
        if (key == "tool_choice" || key == "function_call")
            return toolChoice(key);
        if (key == "parallel_tool_calls")
            return m_in.boolean(key, to.parallelToolCalls);
        if (key == "response_format")
            return responseFormat();
        if (key == "reasoning_effort")
            return effort(key);
        if (key == "reasoning")
            return m_in.members(key, [&](std::string_view inner) { return reasoningMember(inner); });
        if (key == "max_completion_tokens" || key == "max_tokens")
            return maxTokens(key);
        if (key == "n")
            return m_in.integer(key, to.choices);
        if (key == "stop")
            return stop();
        if (key == "stream")
            return flag(key, to.stream);
        if (key == "stream_options")
            return m_in.members(key, [&](std::string_view inner) { return inner == "include_usage" ? flag(inner, to.includeUsage) : m_in.skip(); });
        return sampling(key);
    }

    bool sampling(std::string_view key)
    {
        ChatRequest &to = m_request;
        if (key == "temperature")
            return m_in.number(key, to.temperature);
        if (key == "top_p")
            return m_in.number(key, to.topP);
        if (key == "top_k")
            return m_in.number(key, to.topK);
        if (key == "seed")
            return m_in.number(key, to.seed);
        if (key == "frequency_penalty")
            return m_in.number(key, to.frequencyPenalty);
        if (key == "presence_penalty")
            return m_in.number(key, to.presencePenalty);
        if (key == "logit_bias")
            return m_in.object(key, to.logitBias);
        if (key == "logprobs")
            return m_in.any(to.logprobs);
        if (key == "top_logprobs")
            return m_in.number(key, to.topLogprobs);
        if (key == "user" || key == "safety_identifier")
            return m_in.chars(key, to.user);
        if (key == "service_tier")
            return m_in.chars(key, to.serviceTier);
        if (key == "verbosity")
            return m_in.chars(key, to.verbosity);
        if (key == "metadata")
            return m_in.object(key, to.metadata);
        UnknownMember &unknown = to.unknown.emplace_back();
        unknown.name = to.keep(std::string(key));
        return m_in.any(unknown.value);
    }

    bool flag(std::string_view key, bool &out)
    {
        std::optional<bool> value;
        if (!m_in.boolean(key, value))
            return false;
        out = value.value_or(false);
        return true;
    }

    bool maxTokens(std::string_view key)
    {
        std::optional<std::int64_t> value;
        if (!m_in.integer(key, value))
            return false;
        // The newer name wins where both are there, in whichever order.
        if (value && (key == "max_completion_tokens" || !m_request.maxTokens))
            m_request.maxTokens = value;
        return true;
    }

    bool stop()
    {
        if (m_in.type() == JsonCursor::Type::Array)
            return m_in.elements("stop", [&] { return m_in.chars({}, m_request.stop.emplace_back()); });
        Chars one;
        if (!m_in.chars("stop", one))
            return false;
        if (!one.empty())
            m_request.stop.push_back(one);
        return true;
    }

    bool effort(std::string_view key)
    {
        Chars word;
        if (!m_in.chars(key, word))
            return false;
        if (word.empty())
            return true;
        const auto known = reasoningEffort(word.raw);
        if (!known)
            return m_in.fail(key, "must be one of none, minimal, low, medium, high, xhigh");
        reasoning().effort = known;
        return true;
    }

    /// OpenRouter's object.
    bool reasoningMember(std::string_view key)
    {
        if (key == "effort")
            return effort(key);
        if (key == "max_tokens")
            return m_in.integer(key, reasoning().budgetTokens);
        if (key == "enabled") {
            std::optional<bool> enabled;
            if (!m_in.boolean(key, enabled))
                return false;
            if (enabled && !reasoning().effort)
                reasoning().effort = *enabled ? Reasoning::Effort::Medium : Reasoning::Effort::None;
            return true;
        }
        return m_in.skip();
    }

    Reasoning &reasoning() { return m_request.reasoning ? *m_request.reasoning : m_request.reasoning.emplace(); }

    bool tool()
    {
        ChatTool &tool = m_request.tools.emplace_back();
        Json whole;
        if (!m_in.any(whole))
            return false;
        RequestCursor inner(whole.raw);
        Chars type;
        bool isFunction = false;
        const bool read = inner.members({}, [&](std::string_view key) {
            if (key == "type")
                return inner.chars(key, type);
            if (key == "cache_control")
                return inner.object(key, tool.cacheControl);
            if (key != "function")
                return inner.skip();
            isFunction = true;
            return functionMembers(inner, key, tool);
        });
        if (!read)
            return m_in.fail({}, "is no tool: it must be {\"type\": \"function\", \"function\": {\"name\": ...}}");
        if (!isFunction || (!type.empty() && type.raw != "function"))
            tool = ChatTool {.native = whole};
        else if (tool.name.empty())
            return m_in.fail("function.name", "is missing");
        return true;
    }

    bool function(ChatTool &tool) { return functionMembers(m_in, {}, tool) && (!tool.name.empty() || m_in.fail("name", "is missing")); }

    static bool functionMembers(RequestCursor &in, std::string_view name, ChatTool &tool)
    {
        return in.members(name, [&](std::string_view key) {
            if (key == "name")
                return in.chars(key, tool.name);
            if (key == "description")
                return in.chars(key, tool.description);
            if (key == "parameters")
                return in.object(key, tool.parameters);
            if (key == "strict")
                return in.boolean(key, tool.strict);
            return in.skip();
        });
    }

    bool toolChoice(std::string_view key)
    {
        using Mode = ToolChoice::Mode;
        if (m_in.type() == JsonCursor::Type::Object) {
            ToolChoice &choice = m_request.toolChoice.emplace();
            choice.mode = Mode::Named;
            if (!m_in.members(key, [&](std::string_view inner) { return toolChoiceMember(inner, choice); }))
                return false;
            std::erase_if(choice.names, [](Chars each) { return each.empty(); });
            return !choice.names.empty() || choice.mode == Mode::Allowed || m_in.fail("tool_choice.function.name", "is missing");
        }
        return readToolChoiceWord(m_in, key, m_request.toolChoice);
    }

    /// {type: function, function: {name}}, legacy {name}, {type: allowed_tools, allowed_tools: {mode, tools: [...]}}.
    bool toolChoiceMember(std::string_view key, ToolChoice &choice)
    {
        if (key == "name")
            return m_in.chars(key, choice.names.emplace_back());
        if (key == "function" || key == "custom")
            return m_in.members(key, [&](std::string_view inner) {
                return inner == "name" ? m_in.chars(inner, choice.names.emplace_back()) : m_in.skip();
            });
        if (key != "allowed_tools")
            return m_in.skip();
        choice.mode = ToolChoice::Mode::Allowed;
        return m_in.members(key, [&](std::string_view inner) {
            if (inner == "mode") {
                Chars mode;
                if (!m_in.chars(inner, mode))
                    return false;
                choice.allowedRequired = mode.raw == "required";
                return true;
            }
            return inner == "tools" ? m_in.elements(inner, [&] { return allowedTool(choice); }) : m_in.skip();
        });
    }

    bool allowedTool(ToolChoice &choice)
    {
        return m_in.members({}, [&](std::string_view key) {
            if (key == "function")
                return m_in.members(key, [&](std::string_view inner) {
                    return inner == "name" ? m_in.chars(inner, choice.names.emplace_back()) : m_in.skip();
                });
            return m_in.skip();
        });
    }

    bool responseFormat()
    {
        ResponseFormat format;
        Chars type;
        const bool read = m_in.members("response_format", [&](std::string_view key) {
            if (key == "type")
                return m_in.chars(key, type);
            if (key != "json_schema")
                return m_in.skip();
            return m_in.members(key, [&](std::string_view inner) { return schemaMember(inner, format); });
        });
        if (!read)
            return false;
        if (type.raw == "json_schema")
            format.kind = ResponseFormat::Kind::JsonSchema;
        else if (type.raw == "json_object")
            format.kind = ResponseFormat::Kind::JsonObject;
        else if (!type.empty() && type.raw != "text")
            return m_in.fail("response_format.type", "must be text, json_object or json_schema");
        if (!type.empty())
            m_request.responseFormat = format;
        return true;
    }

    bool schemaMember(std::string_view key, ResponseFormat &format)
    {
        if (key == "name")
            return m_in.chars(key, format.name);
        if (key == "description")
            return m_in.chars(key, format.description);
        if (key == "schema")
            return m_in.object(key, format.schema);
        if (key == "strict")
            return m_in.boolean(key, format.strict);
        return m_in.skip();
    }

    RequestCursor m_in;
    ChatRequest &m_request;
};

} // namespace

Result<ChatRequest> readRequest(std::string_view body)
{
    ChatRequest request;
    auto read = Reader(body, request).read();
    if (!read)
        return std::unexpected(std::move(read.error()));
    return request;
}

} // namespace gateway::wire::openai_chat
