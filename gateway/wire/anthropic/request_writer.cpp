// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/anthropic/request_writer.h"

#include "gateway/wire/anthropic/answer_schema.h"
#include "gateway/wire/anthropic/message_writer.h"
#include "gateway/wire/json_number.h"
#include "gateway/wire/json_writer.h"
#include "gateway/wire/neutral/tell_loss.h"
#include "gateway/wire/reasoning_effort.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace gateway::wire::anthropic {
namespace {

constexpr std::string_view openSchema = R"({"type":"object","additionalProperties":true})";

class Writer
{
public:
    Writer(const ChatRequest &request, const WriteOptions &options) : m_request(request), m_options(options), m_json(m_written.body) { settle(); }

    WrittenRequest write()
    {
        m_json.object();
        if (!m_options.model.empty())
            m_json.textMember("model", m_options.model);
        m_json.member("max_tokens", m_maxTokens);
        writeMessages(m_json, m_request, m_thinks, m_written.losses);
        tools();
        sampling();
        thinking();
        rest();
        if (m_request.stream)
            m_json.member("stream", true);
        m_json.endObject();
        return std::move(m_written);
    }

private:
    /// What hangs together: thought and its budget, the room for both, and how an answer by schema is asked for.
    void settle()
    {
        using Kind = ResponseFormat::Kind;
        using Thinking = ModelRules::Thinking;
        const ModelRules &rules = m_options.rules;
        m_maxTokens = std::clamp<std::int64_t>(m_request.maxTokens.value_or(m_options.defaultMaxTokens), 1, rules.maxOutput);
        if (m_request.maxTokens && *m_request.maxTokens > m_maxTokens)
            lose("max_tokens", "the model writes " + std::to_string(rules.maxOutput) + " tokens at most");

        const auto &format = m_request.responseFormat;
        const bool native = format && format->kind == Kind::JsonSchema && rules.structuredOutput;
        m_schemaByTool = format && format->kind != Kind::Text && !native;

        const bool wanted = m_request.reasoning && (m_request.reasoning->adaptive || m_request.reasoning->budgetTokens.value_or(0) > 0
                                                    || m_request.reasoning->effort.value_or(Reasoning::Effort::None) != Reasoning::Effort::None);
        m_thinks = wanted && rules.thinking != Thinking::None;
        if (wanted && !m_thinks)
            lose("reasoning_effort", "the model does not think");
        if (m_thinks && (m_schemaByTool || historyForbidsThinking(m_request))) {
            m_thinks = false;
            lose("reasoning_effort", m_schemaByTool ? "the answer's schema is asked for by a forced tool, beside which this model does not think"
                                                    : "the tool calls of the history have no signed thoughts");
        }
        if (!m_thinks || rules.thinking != Thinking::Budget)
            return;
        constexpr std::int64_t least = 1024;
        m_budget = std::max(least, m_request.reasoning->budgetTokens.value_or(budgetOf(m_request.reasoning->effort.value_or(Reasoning::Effort::Medium))));
        // The budget is part of max_tokens: room for the answer that was asked for comes on top.
        m_maxTokens = std::min(m_maxTokens + m_budget, rules.maxOutput);
        m_budget = std::min(m_budget, m_maxTokens - 1);
        if (m_budget < least) {
            m_thinks = false;
            lose("reasoning_effort", "max_tokens leaves no room to think");
        }
    }

    void tools()
    {
        const auto &choice = m_request.toolChoice;
        const bool allowed = choice && choice->mode == ToolChoice::Mode::Allowed;
        if (!m_request.tools.empty() || m_schemaByTool) {
            m_json.array("tools");
            for (const ChatTool &each : m_request.tools)
                if (!allowed || std::ranges::find(choice->names, each.name) != choice->names.end())
                    tool(each);
            if (m_schemaByTool)
                schemaTool();
            m_json.endArray();
        }
        toolChoice();
    }

    void tool(const ChatTool &tool)
    {
        if (!tool.native.empty())
            return lose("tools", "anthropic does not know this kind of tool");
        m_json.object().member("name", tool.name).memberIf("description", tool.description).key("input_schema");
        const bool strict = tool.strict.value_or(false) && m_options.rules.structuredOutput;
        if (strict && !tool.parameters.empty())
            schema(tool.parameters, "tools.function.parameters");
        else
            m_json.value(tool.parameters.empty() ? Json {R"({"type":"object","properties":{}})"} : tool.parameters);
        if (tool.strict && m_options.rules.structuredOutput)
            m_json.member("strict", *tool.strict);
        else if (tool.strict.value_or(false))
            lose("tools.function.strict", "the model has no strict tools");
        m_json.memberIf("cache_control", tool.cacheControl).endObject();
    }

    /// For models without structured output: a tool that must be called, whose input is the answer.
    void schemaTool()
    {
        const ResponseFormat &format = *m_request.responseFormat;
        m_written.schemaByTool = true;
        m_written.schemaTool = format.name.empty() ? "json_answer" : std::string(format.name.raw);
        m_json.object().member("name", Chars {m_written.schemaTool});
        m_json.member("description", format.description.empty() ? Chars {"Gives the answer. Always answer by calling this tool."} : format.description);
        m_json.member("input_schema", format.schema.empty() ? Json {openSchema} : format.schema).endObject();
    }

    void toolChoice()
    {
        using Mode = ToolChoice::Mode;
        const bool single = m_request.parallelToolCalls.has_value() && !*m_request.parallelToolCalls;
        const auto write = [&](std::string_view type, Chars name = {}) {
            m_json.object("tool_choice").textMember("type", type).memberIf("name", name);
            if (single && type != "none")
                m_json.member("disable_parallel_tool_use", true);
            m_json.endObject();
        };
        if (m_schemaByTool)
            return m_request.tools.empty() ? write("tool", {m_written.schemaTool}) : write("any");
        if (m_request.tools.empty())
            return;
        if (!m_request.toolChoice)
            return single ? write("auto") : void();
        const ToolChoice &choice = *m_request.toolChoice;
        const bool forced = choice.mode == Mode::Required || choice.mode == Mode::Named || (choice.mode == Mode::Allowed && choice.allowedRequired);
        if (forced && m_thinks) {
            lose("tool_choice", "a model that thinks may not be forced to call a tool");
            return write("auto");
        }
        switch (choice.mode) {
        case Mode::Auto: return write("auto");
        case Mode::None: return write("none");
        case Mode::Required: return write("any");
        case Mode::Named: return write("tool", choice.names.empty() ? Chars {} : choice.names.front());
        case Mode::Allowed: return write(choice.allowedRequired ? "any" : "auto");
        }
    }

    void sampling()
    {
        const ModelRules &rules = m_options.rules;
        const auto drop = [&](std::string_view name, const Json &value, std::string_view why) {
            if (!value.empty())
                lose(std::string(name), std::string(why));
        };
        if (!rules.sampling || m_thinks) {
            const std::string_view why = m_thinks ? "a model that thinks takes no sampling parameters" : "the model takes no sampling parameters";
            if (!m_request.temperature.empty() && doubleOf(m_request.temperature.raw) != 1)
                drop("temperature", m_request.temperature, why);
            drop("top_p", m_request.topP, why);
            drop("top_k", m_request.topK, why);
        } else {
            if (!m_request.temperature.empty()) {
                const bool high = doubleOf(m_request.temperature.raw) > 1;
                if (high)
                    lose("temperature", "anthropic's ends at 1: sent as 1");
                m_json.member("temperature", high ? Json {"1"} : m_request.temperature);
            }
            if (!m_request.topP.empty() && !m_request.temperature.empty() && rules.oneOfTwo)
                lose("top_p", "the model takes temperature or top_p, not both");
            else
                m_json.memberIf("top_p", m_request.topP);
            m_json.memberIf("top_k", m_request.topK);
        }
        if (!m_request.stop.empty()) {
            m_json.array("stop_sequences");
            for (Chars each : m_request.stop)
                if (unescapeJson(each.raw).find_first_not_of(" \t\r\n") != std::string::npos)
                    m_json.value(each);
                else
                    lose("stop", "anthropic takes no sequence of white space alone");
            m_json.endArray();
        }
        constexpr std::string_view none = "anthropic has no such parameter";
        drop("seed", m_request.seed, none);
        drop("frequency_penalty", m_request.frequencyPenalty, none);
        drop("presence_penalty", m_request.presencePenalty, none);
        drop("logit_bias", m_request.logitBias, none);
        if (m_request.logprobs.raw != "false")
            drop("logprobs", m_request.logprobs, none);
        drop("top_logprobs", m_request.topLogprobs, none);
        if (m_request.choices.value_or(1) > 1)
            lose("n", "anthropic gives one answer");
    }

    void thinking()
    {
        using Effort = Reasoning::Effort;
        const bool schema = m_request.responseFormat && m_request.responseFormat->kind == ResponseFormat::Kind::JsonSchema && !m_schemaByTool;
        const bool adaptive = m_thinks && m_options.rules.thinking == ModelRules::Thinking::Adaptive;
        if (m_thinks) {
            m_json.object("thinking").textMember("type", adaptive ? "adaptive" : "enabled");
            if (!adaptive)
                m_json.member("budget_tokens", m_budget);
            m_json.endObject();
        }
        std::optional<Effort> effort = adaptive ? m_request.reasoning->effort : std::nullopt;
        if (adaptive && !effort && m_request.reasoning->budgetTokens)
            effort = effortOf(*m_request.reasoning->budgetTokens);
        if (!effort && !schema)
            return;
        m_json.object("output_config");
        if (effort)
            m_json.textMember("effort", effortWord(*effort));
        if (schema)
            answerFormat();
        m_json.endObject();
    }

    void answerFormat()
    {
        m_json.object("format").textMember("type", "json_schema").key("schema");
        const Json asked = m_request.responseFormat->schema;
        schema(asked.empty() ? Json {openSchema} : asked, "response_format.json_schema");
        m_json.endObject();
    }

    /// One that the model is held to.
    void schema(Json asked, std::string_view place)
    {
        const AnswerSchema held = answerSchema(asked.raw);
        m_json.value(Json {held.json});
        for (const std::string &word : held.told)
            tellLoss(m_written.losses, fmt::format("{}.{}", place, word), "anthropic does not hold answers to it: the model reads it in a description");
    }

    std::string_view effortWord(Reasoning::Effort effort) const
    {
        using Effort = Reasoning::Effort;
        if (effort == Effort::XHigh && !m_options.rules.effortXHigh)
            return toText(Effort::High);
        return toText(effort == Effort::Minimal || effort == Effort::None ? Effort::Low : effort);
    }

    void rest()
    {
        if (!m_request.user.empty())
            m_json.object("metadata").member("user_id", m_request.user).endObject();
        if (!m_request.metadata.empty())
            lose("metadata", "anthropic keeps none");
        if (m_request.serviceTier.raw == "auto")
            m_json.textMember("service_tier", "auto");
        else if (m_request.serviceTier.raw == "default")
            m_json.textMember("service_tier", "standard_only");
        else if (!m_request.serviceTier.empty())
            lose("service_tier", "anthropic has no tier of that name");
        if (!m_request.verbosity.empty())
            lose("verbosity", "anthropic has no such parameter");
        for (const UnknownMember &member : m_request.unknown)
            if (!member.value.empty())
                lose(std::string(member.shownName()), "anthropic has no such parameter");
    }

    void lose(std::string what, std::string why) { m_written.losses.push_back({.what = std::move(what), .why = std::move(why)}); }

    const ChatRequest &m_request;
    const WriteOptions &m_options;
    WrittenRequest m_written;
    JsonWriter m_json;
    std::int64_t m_maxTokens = 0;
    std::int64_t m_budget = 0;
    bool m_thinks = false;
    bool m_schemaByTool = false;
};

} // namespace

WrittenRequest writeRequest(const ChatRequest &request, const WriteOptions &options)
{
    return Writer(request, options).write();
}

} // namespace gateway::wire::anthropic
