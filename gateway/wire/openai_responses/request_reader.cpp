// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/openai_responses/request_reader.h"

#include "gateway/wire/openai_chat/tool_choice_words.h"
#include "gateway/wire/openai_responses/item_reader.h"
#include "gateway/wire/reasoning_effort.h"
#include "gateway/wire/request_cursor.h"

#include <algorithm>
#include <array>

namespace gateway::wire::openai_responses {
namespace {

/// Numbers that are only handed on. Those behind top_p are none of OpenAI's here, yet other servers of the format take them.
struct Number
{
    std::string_view name;
    Json ChatRequest::*to;
};
constexpr std::array numbers {
    Number {"temperature", &ChatRequest::temperature},
    Number {"top_p", &ChatRequest::topP},
    Number {"top_logprobs", &ChatRequest::topLogprobs},
    Number {"top_k", &ChatRequest::topK},
    Number {"seed", &ChatRequest::seed},
    Number {"frequency_penalty", &ChatRequest::frequencyPenalty},
    Number {"presence_penalty", &ChatRequest::presencePenalty},
};

/// What says no more than saying nothing does, for a call that is translated: nothing is lost with it.
bool isStandard(std::string_view name, Json value)
{
    if (name == "store" || name == "background")
        return value.raw == "false";
    return name == "stream_options" || (name == "truncation" && value.raw == R"("disabled")");
}

/// One member each: false ends the walk with the cursor's mistake.
class Reader
{
public:
    Reader(std::string_view body, ChatRequest &request) : m_in(body), m_request(request) {}

    Result<void> read()
    {
        auto read = m_in.body([&](std::string_view key) { return member(key); });
        if (read && !m_instructions.empty())
            m_request.messages.insert(m_request.messages.begin(), ChatMessage {.role = Role::System, .parts = {TextPart {.text = m_instructions}}});
        return read;
    }

private:
    bool member(std::string_view key)
    {
        ChatRequest &to = m_request;
        if (key == "model")
            return m_in.chars(key, to.model);
        if (key == "instructions")
            return m_in.chars(key, m_instructions);
        if (key == "input")
            return readInput(m_in, to);
        if (key == "tools")
            return m_in.elements(key, [&] { return tool(); });
        if (key == "tool_choice")
            return toolChoice();
        if (key == "parallel_tool_calls")
            return m_in.boolean(key, to.parallelToolCalls);
        if (key == "text")
            return m_in.members(key, [&](std::string_view inner) { return textMember(inner); });
        if (key == "reasoning")
            return m_in.members(key, [&](std::string_view inner) { return reasoningMember(inner); });
        if (key == "max_output_tokens")
            return m_in.integer(key, to.maxTokens);
        if (key == "include")
            return include();
        if (key == "user" || key == "safety_identifier")
            return m_in.chars(key, to.user);
        if (key == "service_tier")
            return m_in.chars(key, to.serviceTier);
        if (key == "metadata")
            return m_in.object(key, to.metadata);
        if (key == "stream")
            return stream();
        if (const auto number = std::ranges::find(numbers, key, &Number::name); number != numbers.end())
            return m_in.number(key, to.*(number->to));
        return unknown(key);
    }

    bool unknown(std::string_view key)
    {
        UnknownMember member {.name = key};
        if (!m_in.any(member.value))
            return false;
        if (member.value.empty() || isStandard(key, member.value))
            return true;
        member.name = m_request.keep(std::string(key));
        m_request.unknown.push_back(member);
        return true;
    }

    bool stream()
    {
        std::optional<bool> value;
        if (!m_in.boolean("stream", value))
            return false;
        m_request.stream = m_request.includeUsage = value.value_or(false); // a response's stream always tells its usage
        return true;
    }

    /// Flat; anything but a function is a tool of OpenAI's own.
    bool tool()
    {
        ChatTool &tool = m_request.tools.emplace_back();
        Json whole;
        RequestCursor ahead = m_in;
        if (m_in.type() != JsonCursor::Type::Object)
            return m_in.fail({}, "must be an object with a type");
        if (!ahead.any(whole))
            return m_in.skip();
        Chars type;
        RequestCursor head(whole.raw);
        head.members({}, [&](std::string_view key) { return key == "type" && head.type() == JsonCursor::Type::String ? head.chars(key, type) : head.skip(); });
        if (!type.empty() && type.raw != "function") {
            tool.native = whole;
            return m_in.skip();
        }
        const bool read = m_in.members({}, [&](std::string_view key) {
            if (key == "name")
                return m_in.chars(key, tool.name);
            if (key == "description")
                return m_in.chars(key, tool.description);
            if (key == "parameters")
                return m_in.object(key, tool.parameters);
            return key == "strict" ? m_in.boolean(key, tool.strict) : m_in.skip();
        });
        return read && (!tool.name.empty() || m_in.fail("name", "is missing"));
    }

    bool toolChoice()
    {
        return m_in.type() == JsonCursor::Type::Object ? toolChoiceObject() : openai_chat::readToolChoiceWord(m_in, "tool_choice", m_request.toolChoice);
    }

    /// {type: function, name}, {type: allowed_tools, mode, tools: [{type: function, name}]}, {type: a tool of OpenAI's own}.
    bool toolChoiceObject()
    {
        Json whole;
        RequestCursor ahead = m_in;
        if (!ahead.any(whole))
            return m_in.skip();
        Chars type, mode;
        ToolChoice choice {.mode = ToolChoice::Mode::Named};
        std::vector<Chars> allowed;
        const bool read = m_in.members("tool_choice", [&](std::string_view key) {
            if (key == "type")
                return m_in.chars(key, type);
            if (key == "name")
                return m_in.chars(key, choice.names.emplace_back());
            if (key == "mode")
                return m_in.chars(key, mode);
            return key == "tools" ? m_in.elements(key, [&] { return allowedTool(allowed); }) : m_in.skip();
        });
        if (!read)
            return false;
        if (type.raw == "allowed_tools") {
            m_request.toolChoice = {.mode = ToolChoice::Mode::Allowed, .allowedRequired = mode.raw == "required", .names = std::move(allowed)};
        } else if (type.raw == "function") {
            if (choice.names.empty() || choice.names.front().empty())
                return m_in.fail("tool_choice.name", "is missing");
            m_request.toolChoice = std::move(choice);
        } else {
            m_request.unknown.push_back({.name = "tool_choice", .value = whole});
        }
        return true;
    }

    bool allowedTool(std::vector<Chars> &allowed)
    {
        Chars name;
        if (!m_in.members({}, [&](std::string_view key) { return key == "name" ? m_in.chars(key, name) : m_in.skip(); }))
            return false;
        if (!name.empty())
            allowed.push_back(name);
        return true;
    }

    bool textMember(std::string_view key)
    {
        if (key == "verbosity")
            return m_in.chars(key, m_request.verbosity);
        if (key != "format")
            return m_in.skip();
        ResponseFormat format;
        Chars type;
        const bool read = m_in.members(key, [&](std::string_view inner) {
            if (inner == "type")
                return m_in.chars(inner, type);
            if (inner == "name")
                return m_in.chars(inner, format.name);
            if (inner == "description")
                return m_in.chars(inner, format.description);
            if (inner == "schema")
                return m_in.object(inner, format.schema);
            return inner == "strict" ? m_in.boolean(inner, format.strict) : m_in.skip();
        });
        if (!read || type.empty())
            return read;
        if (type.raw == "json_schema")
            format.kind = ResponseFormat::Kind::JsonSchema;
        else if (type.raw == "json_object")
            format.kind = ResponseFormat::Kind::JsonObject;
        else if (type.raw != "text")
            return m_in.fail("format.type", "must be text, json_object or json_schema");
        m_request.responseFormat = format;
        return true;
    }

    bool reasoningMember(std::string_view key)
    {
        if (key == "summary" || key == "generate_summary")
            return m_in.chars(key, reasoning().summary);
        if (key != "effort")
            return m_in.skip();
        Chars word;
        if (!m_in.chars(key, word) || word.empty())
            return !m_in.failed();
        reasoning().effort = reasoningEffort(word.raw);
        return reasoning().effort || m_in.fail(key, "must be one of none, minimal, low, medium, high, xhigh");
    }

    /// Log probabilities are asked for here. Sealed reasoning comes to every caller; the others are of OpenAI's own tools.
    bool include()
    {
        Json whole;
        RequestCursor ahead = m_in;
        ahead.any(whole);
        bool others = false;
        const bool read = m_in.elements("include", [&] {
            Chars what;
            if (!m_in.chars({}, what))
                return false;
            if (what.raw == "message.output_text.logprobs")
                m_request.logprobs = {"true"};
            else
                others = others || what.raw != "reasoning.encrypted_content";
            return true;
        });
        if (read && others)
            m_request.unknown.push_back({.name = "include", .value = whole});
        return read;
    }

    Reasoning &reasoning() { return m_request.reasoning ? *m_request.reasoning : m_request.reasoning.emplace(); }

    RequestCursor m_in;
    ChatRequest &m_request;
    Chars m_instructions;
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

} // namespace gateway::wire::openai_responses
