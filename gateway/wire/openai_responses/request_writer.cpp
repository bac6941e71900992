// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/openai_responses/request_writer.h"

#include "gateway/wire/json_writer.h"
#include "gateway/wire/openai_chat/tool_choice_words.h"
#include "gateway/wire/openai_responses/item_writer.h"
#include "gateway/wire/reasoning_effort.h"

#include <algorithm>
#include <array>

namespace gateway::wire::openai_responses {
namespace {

constexpr std::int64_t leastOutputTokens = 16; ///< OpenAI's; fewer are a 400

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Whether the model reasons, by its name: the others refuse to be asked for their sealed reasoning.
bool reasons(std::string_view model)
{
    model = model.substr(model.rfind('/') + 1); // without one: all of it
    if (model.find("-chat") != std::string_view::npos)
        return false;
    constexpr std::string_view gpt = "gpt-";
    const bool late = model.size() > gpt.size() && model.starts_with(gpt) && model[gpt.size()] >= '5' && model[gpt.size()] <= '9';
    const bool oSeries = model.size() > 1 && model[0] == 'o' && isDigit(model[1]);
    return late || oSeries || model.starts_with("grok-") || model.starts_with("codex-");
}

/// Members that callers' formats share with this one and that the neutral form does not have.
bool isShared(std::string_view name)
{
    constexpr std::array<std::string_view, 4> names {"prompt_cache_key", "prompt_cache_retention", "store", "truncation"};
    return std::ranges::find(names, name) != names.end();
}

class Writer
{
public:
    Writer(const ChatRequest &request, std::string_view model) : m_request(request), m_model(model), m_json(m_written.body) {}

    WrittenRequest write()
    {
        m_json.object().textMember("model", m_model);
        writeInput(m_json, m_request, m_written.losses);
        tools();
        numbers();
        reasoning();
        text();
        include();
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
                lose("tools", "a tool that only its own provider knows");
                continue;
            }
            if (!any)
                m_json.array("tools");
            any = true;
            if (!tool.cacheControl.empty())
                lose("cache_control", "openai's tools have no such mark");
            m_json.object().textMember("type", "function").member("name", tool.name).memberIf("description", tool.description);
            m_json.member("parameters", tool.parameters.empty() ? Json {R"({"type":"object","properties":{}})"} : tool.parameters);
            m_json.member("strict", tool.strict.value_or(false)).endObject(); // here strict is what holds where nothing is said
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
        case Mode::Required: m_json.textMember("tool_choice", openai_chat::toolChoiceWord(choice.mode)); return;
        case Mode::Named:
            m_json.object("tool_choice");
            function(choice.names.empty() ? Chars {} : choice.names.front());
            m_json.endObject();
            return;
        case Mode::Allowed:
            m_json.object("tool_choice").textMember("type", "allowed_tools").textMember("mode", choice.allowedRequired ? "required" : "auto").array("tools");
            for (Chars name : choice.names) {
                m_json.object();
                function(name);
                m_json.endObject();
            }
            m_json.endArray().endObject();
            return;
        }
    }

    void function(Chars name) { m_json.textMember("type", "function").member("name", name); }

    void numbers()
    {
        if (m_request.maxTokens) {
            if (*m_request.maxTokens < leastOutputTokens)
                lose("max_tokens", "openai's responses have 16 at least: sent as 16");
            m_json.member("max_output_tokens", std::max(*m_request.maxTokens, leastOutputTokens));
        }
        m_json.memberIf("temperature", m_request.temperature).memberIf("top_p", m_request.topP).memberIf("top_logprobs", m_request.topLogprobs);
        drop("top_k", m_request.topK);
        drop("seed", m_request.seed);
        drop("frequency_penalty", m_request.frequencyPenalty);
        drop("presence_penalty", m_request.presencePenalty);
        drop("logit_bias", m_request.logitBias);
        if (!m_request.stop.empty())
            lose("stop", std::string(none));
        if (m_request.choices.value_or(1) > 1)
            lose("n", "a response is one answer");
    }

    void reasoning()
    {
        using Effort = Reasoning::Effort;
        if (!m_request.reasoning)
            return;
        std::optional<Effort> effort = m_request.reasoning->effort;
        if (!effort && m_request.reasoning->budgetTokens)
            effort = effortOf(*m_request.reasoning->budgetTokens);
        if (!effort && m_request.reasoning->summary.empty())
            return;
        m_json.object("reasoning");
        if (effort)
            m_json.textMember("effort", toText(*effort == Effort::Max ? Effort::XHigh : *effort)); // Anthropic's "max"
        m_json.memberIf("summary", m_request.reasoning->summary).endObject();
        m_reasons = effort && *effort != Effort::None;
    }

    void text()
    {
        if (!m_request.responseFormat && m_request.verbosity.empty())
            return;
        m_json.object("text");
        if (m_request.responseFormat)
            format(*m_request.responseFormat);
        m_json.memberIf("verbosity", m_request.verbosity).endObject();
    }

    void format(const ResponseFormat &format)
    {
        m_json.object("format");
        switch (format.kind) {
        case ResponseFormat::Kind::Text: m_json.textMember("type", "text"); break;
        case ResponseFormat::Kind::JsonObject: m_json.textMember("type", "json_object"); break;
        case ResponseFormat::Kind::JsonSchema:
            m_json.textMember("type", "json_schema").member("name", format.name.empty() ? Chars {"answer"} : format.name).memberIf("description", format.description);
            m_json.member("schema", format.schema.empty() ? Json {R"({"type":"object"})"} : format.schema).member("strict", format.strict.value_or(false));
            break;
        }
        m_json.endObject();
    }

    void include()
    {
        const bool logprobs = m_request.logprobs.raw == "true";
        const bool sealed = m_reasons || reasons(m_model);
        if (!logprobs && !sealed)
            return;
        m_json.array("include");
        if (sealed)
            m_json.text("reasoning.encrypted_content");
        if (logprobs)
            m_json.text("message.output_text.logprobs");
        m_json.endArray();
    }

    void rest()
    {
        m_json.memberIf("user", m_request.user).memberIf("service_tier", m_request.serviceTier).memberIf("metadata", m_request.metadata);
        bool stored = false;
        for (const UnknownMember &member : m_request.unknown) {
            if (isShared(member.name))
                m_json.memberIf(member.name, member.value);
            else
                drop(member.shownName(), member.value);
            stored = stored || (member.name == "store" && !member.value.empty());
        }
        if (!stored)
            m_json.member("store", false);
        if (m_request.stream)
            m_json.member("stream", true);
    }

    void drop(std::string_view name, Json value)
    {
        if (!value.empty())
            lose(std::string(name), std::string(none));
    }

    void lose(std::string what, std::string why) { m_written.losses.push_back({.what = std::move(what), .why = std::move(why)}); }

    static constexpr std::string_view none = "openai's responses have no such parameter";

    const ChatRequest &m_request;
    std::string_view m_model;
    WrittenRequest m_written;
    JsonWriter m_json;
    bool m_reasons = false; ///< the caller asked for it
};

} // namespace

WrittenRequest writeRequest(const ChatRequest &request, std::string_view model)
{
    return Writer(request, model).write();
}

} // namespace gateway::wire::openai_responses
