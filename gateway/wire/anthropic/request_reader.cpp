// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/anthropic/request_reader.h"

#include "gateway/wire/anthropic/block_reader.h"
#include "gateway/wire/reasoning_effort.h"
#include "gateway/wire/request_cursor.h"

namespace gateway::wire::anthropic {
namespace {

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
        if (key == "system")
            return readSystem(m_in, to);
        if (key == "messages")
            return readMessages(m_in, to);
        if (key == "max_tokens")
            return m_in.integer(key, to.maxTokens);
        if (key == "tools")
            return m_in.elements(key, [&] { return tool(); });
        if (key == "tool_choice")
            return toolChoice();
        if (key == "stop_sequences")
            return m_in.elements(key, [&] { return m_in.chars({}, to.stop.emplace_back()); });
        if (key == "temperature")
            return m_in.number(key, to.temperature);
        if (key == "top_p")
            return m_in.number(key, to.topP);
        if (key == "top_k")
            return m_in.number(key, to.topK);
        if (key == "metadata")
            return m_in.members(key, [&](std::string_view inner) { return inner == "user_id" ? m_in.chars(inner, to.user) : m_in.skip(); });
        if (key == "thinking")
            return thinking();
        if (key == "output_config")
            return m_in.members(key, [&](std::string_view inner) { return outputMember(inner); });
        if (key == "service_tier")
            return serviceTier();
        if (key == "stream") {
            std::optional<bool> stream;
            if (!m_in.boolean(key, stream))
                return false;
            to.stream = to.includeUsage = stream.value_or(false); // a Messages stream always tells its usage
            return true;
        }
        UnknownMember &unknown = to.unknown.emplace_back();
        unknown.name = to.keep(std::string(key));
        return m_in.any(unknown.value);
    }

    bool tool()
    {
        ChatTool &tool = m_request.tools.emplace_back();
        Chars type;
        Json whole;
        if (!m_in.any(whole))
            return false;
        RequestCursor in(whole.raw);
        const bool read = in.members({}, [&](std::string_view key) {
            if (key == "type")
                return in.chars(key, type);
            if (key == "name")
                return in.chars(key, tool.name);
            if (key == "description")
                return in.chars(key, tool.description);
            if (key == "input_schema")
                return in.object(key, tool.parameters);
            if (key == "strict")
                return in.boolean(key, tool.strict);
            return key == "cache_control" ? in.object(key, tool.cacheControl) : in.skip();
        });
        if (!read)
            return m_in.fail({}, "is no tool: it must be {\"name\": ..., \"input_schema\": {...}}");
        if (!type.empty() && type.raw != "custom")
            tool = ChatTool {.native = whole}; // web_search_20250305 and its kin
        else if (tool.name.empty())
            return m_in.fail("name", "is missing");
        return true;
    }

    bool toolChoice()
    {
        using Mode = ToolChoice::Mode;
        Chars type, name;
        std::optional<bool> single;
        const bool read = m_in.members("tool_choice", [&](std::string_view key) {
            if (key == "type")
                return m_in.chars(key, type);
            if (key == "name")
                return m_in.chars(key, name);
            return key == "disable_parallel_tool_use" ? m_in.boolean(key, single) : m_in.skip();
        });
        if (!read || type.empty())
            return read;
        if (single)
            m_request.parallelToolCalls = !*single;
        ToolChoice &choice = m_request.toolChoice.emplace();
        if (type.raw == "any")
            choice.mode = Mode::Required;
        else if (type.raw == "none")
            choice.mode = Mode::None;
        else if (type.raw == "tool" && name.empty())
            return m_in.fail("tool_choice.name", "is missing");
        else if (type.raw == "tool")
            choice = {.mode = Mode::Named, .names = {name}};
        else if (type.raw != "auto")
            return m_in.fail("tool_choice.type", "must be auto, any, tool or none");
        return true;
    }

    bool thinking()
    {
        Chars type;
        std::optional<std::int64_t> budget;
        const bool read = m_in.members("thinking", [&](std::string_view key) {
            if (key == "type")
                return m_in.chars(key, type);
            return key == "budget_tokens" ? m_in.integer(key, budget) : m_in.skip();
        });
        if (!read || type.empty())
            return read;
        if (type.raw == "adaptive")
            reasoning().adaptive = true;
        else if (type.raw == "enabled")
            reasoning().budgetTokens = budget;
        else
            reasoning().effort = Reasoning::Effort::None;
        return true;
    }

    bool outputMember(std::string_view key)
    {
        if (key == "effort") {
            Chars word;
            if (!m_in.chars(key, word))
                return false;
            const auto effort = reasoningEffort(word.raw);
            if (!word.empty() && !effort)
                return m_in.fail(key, "must be one of low, medium, high, xhigh, max");
            // An effort alone asks for no thinking: it counts where `thinking` does.
            if (effort && reasoning().effort != Reasoning::Effort::None)
                reasoning().effort = effort;
            return true;
        }
        if (key != "format")
            return m_in.skip();
        ResponseFormat &format = m_request.responseFormat.emplace(ResponseFormat {.kind = ResponseFormat::Kind::JsonSchema});
        return m_in.members(key, [&](std::string_view inner) { return inner == "schema" ? m_in.object(inner, format.schema) : m_in.skip(); });
    }

    bool serviceTier()
    {
        if (!m_in.chars("service_tier", m_request.serviceTier))
            return false;
        if (m_request.serviceTier.raw == "standard_only")
            m_request.serviceTier = {"default"};
        return true;
    }

    Reasoning &reasoning() { return m_request.reasoning ? *m_request.reasoning : m_request.reasoning.emplace(); }

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

} // namespace gateway::wire::anthropic
