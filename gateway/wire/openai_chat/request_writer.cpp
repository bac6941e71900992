// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/openai_chat/request_writer.h"

#include "gateway/wire/json_writer.h"
#include "gateway/wire/openai_chat/message_writer.h"
#include "gateway/wire/openai_chat/tool_choice_words.h"
#include "gateway/wire/reasoning_effort.h"

namespace gateway::wire::openai_chat {
namespace {

class Writer
{
public:
    Writer(const ChatRequest &request, std::string_view model) : m_request(request), m_model(model), m_json(m_written.body) {}

    WrittenRequest write()
    {
        m_json.object().textMember("model", m_model);
        writeMessages(m_json, m_request, m_written.losses);
        tools();
        numbers();
        format();
        rest();
        m_json.endObject();
        return std::move(m_written);
    }

private:
    void tools()
    {
        bool any = false;
        for (const ChatTool &tool : m_request.tools) {
            if (!tool.native.empty()) {
                m_written.losses.push_back({.what = "tools", .why = "a tool that only its own provider knows"});
                continue;
            }
            if (!any)
                m_json.array("tools");
            any = true;
            m_json.object().textMember("type", "function").object("function").member("name", tool.name).memberIf("description", tool.description);
            m_json.memberIf("parameters", tool.parameters);
            if (tool.strict)
                m_json.member("strict", *tool.strict);
            m_json.endObject().memberIf("cache_control", tool.cacheControl).endObject();
        }
        if (!any)
            return;
        m_json.endArray();
        toolChoice();
        if (m_request.parallelToolCalls)
            m_json.member("parallel_tool_calls", *m_request.parallelToolCalls);
    }

    void toolChoice()
    {
        using Mode = ToolChoice::Mode;
        if (!m_request.toolChoice)
            return;
        const ToolChoice &choice = *m_request.toolChoice;
        switch (choice.mode) {
        case Mode::Auto:
        case Mode::None:
        case Mode::Required: m_json.textMember("tool_choice", toolChoiceWord(choice.mode)); return;
        case Mode::Named:
            m_json.object("tool_choice").textMember("type", "function").object("function");
            m_json.member("name", choice.names.empty() ? Chars {} : choice.names.front()).endObject().endObject();
            return;
        case Mode::Allowed:
            m_json.object("tool_choice").textMember("type", "allowed_tools").object("allowed_tools");
            m_json.textMember("mode", choice.allowedRequired ? "required" : "auto").array("tools");
            for (Chars name : choice.names)
                m_json.object().textMember("type", "function").object("function").member("name", name).endObject().endObject();
            m_json.endArray().endObject().endObject();
            return;
        }
    }

    void numbers()
    {
        if (m_request.maxTokens)
            m_json.member("max_tokens", *m_request.maxTokens);
        if (m_request.choices)
            m_json.member("n", *m_request.choices);
        m_json.memberIf("temperature", m_request.temperature).memberIf("top_p", m_request.topP).memberIf("top_k", m_request.topK);
        m_json.memberIf("seed", m_request.seed).memberIf("frequency_penalty", m_request.frequencyPenalty);
        m_json.memberIf("presence_penalty", m_request.presencePenalty).memberIf("logit_bias", m_request.logitBias);
        m_json.memberIf("logprobs", m_request.logprobs).memberIf("top_logprobs", m_request.topLogprobs);
        if (m_request.stop.empty())
            return;
        constexpr std::size_t most = 4; // OpenAI's limit
        m_json.array("stop");
        for (std::size_t i = 0; i < m_request.stop.size() && i < most; ++i)
            m_json.value(m_request.stop[i]);
        m_json.endArray();
        if (m_request.stop.size() > most)
            m_written.losses.push_back({.what = "stop_sequences", .why = "openai takes four"});
    }

    void format()
    {
        if (const auto &reasoning = m_request.reasoning) {
            if (reasoning->effort)
                // Anthropic's "max" is OpenAI's "xhigh".
                m_json.textMember("reasoning_effort", toText(*reasoning->effort == Reasoning::Effort::Max ? Reasoning::Effort::XHigh : *reasoning->effort));
            else if (reasoning->budgetTokens)
                m_json.textMember("reasoning_effort", toText(effortOf(*reasoning->budgetTokens)));
        }
        if (!m_request.responseFormat)
            return;
        const ResponseFormat &format = *m_request.responseFormat;
        m_json.object("response_format");
        switch (format.kind) {
        case ResponseFormat::Kind::Text: m_json.textMember("type", "text"); break;
        case ResponseFormat::Kind::JsonObject: m_json.textMember("type", "json_object"); break;
        case ResponseFormat::Kind::JsonSchema:
            m_json.textMember("type", "json_schema").object("json_schema").member("name", format.name.empty() ? Chars {"answer"} : format.name);
            m_json.memberIf("description", format.description).memberIf("schema", format.schema);
            if (format.strict)
                m_json.member("strict", *format.strict);
            m_json.endObject();
            break;
        }
        m_json.endObject();
    }

    void rest()
    {
        m_json.memberIf("user", m_request.user).memberIf("service_tier", m_request.serviceTier).memberIf("verbosity", m_request.verbosity);
        m_json.memberIf("metadata", m_request.metadata);
        if (m_request.stream)
            m_json.member("stream", true).object("stream_options").member("include_usage", true).endObject();
        for (const UnknownMember &member : m_request.unknown)
            if (!member.value.empty())
                m_written.losses.push_back({.what = std::string(member.shownName()), .why = "openai has no such parameter"});
    }

    const ChatRequest &m_request;
    std::string_view m_model;
    WrittenRequest m_written;
    JsonWriter m_json;
};

} // namespace

WrittenRequest writeRequest(const ChatRequest &request, std::string_view model)
{
    return Writer(request, model).write();
}

} // namespace gateway::wire::openai_chat
