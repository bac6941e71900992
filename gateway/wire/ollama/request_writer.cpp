// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/ollama/request_writer.h"

#include "gateway/wire/json_writer.h"
#include "gateway/wire/neutral/offered_tools.h"
#include "gateway/wire/neutral/parameter_losses.h"
#include "gateway/wire/neutral/tell_loss.h"
#include "gateway/wire/ollama/message_writer.h"
#include "gateway/wire/reasoning_effort.h"

namespace gateway::wire::ollama {
namespace {

class Writer
{
public:
    Writer(const ChatRequest &request, const WriteOptions &options) : m_request(request), m_options(options), m_json(m_written.body) {}

    WrittenRequest write()
    {
        m_json.object().textMember("model", m_options.model).member("stream", m_request.stream); // Ollama's own default is true
        writeMessages(m_json, m_request, m_written.losses);
        tools();
        format();
        options();
        thinking();
        m_json.endObject();
        rest();
        return std::move(m_written);
    }

private:
    void tools()
    {
        using Mode = ToolChoice::Mode;
        if (m_request.parallelToolCalls && !*m_request.parallelToolCalls)
            lose("parallel_tool_calls", "ollama has no such setting");
        const std::vector<const ChatTool *> offered = offeredTools(m_request, m_written.losses);
        const Mode mode = m_request.toolChoice ? m_request.toolChoice->mode : Mode::Auto;
        if (offered.empty() || mode == Mode::None)
            return;
        if (mode == Mode::Required || mode == Mode::Named || (mode == Mode::Allowed && m_request.toolChoice->allowedRequired))
            lose("tool_choice", "ollama cannot be made to call a tool");
        m_json.array("tools");
        for (const ChatTool *tool : offered) {
            writeFunctionTool(m_json, *tool, tool->name);
            if (tool->strict.value_or(false))
                lose("tools.function.strict", "ollama has no strict tools");
        }
        m_json.endArray();
    }

    void format()
    {
        using Kind = ResponseFormat::Kind;
        if (!m_request.responseFormat || m_request.responseFormat->kind == Kind::Text)
            return;
        const ResponseFormat &format = *m_request.responseFormat;
        if (format.schema.empty())
            m_json.textMember("format", "json");
        else
            m_json.member("format", format.schema);
        if (!format.description.empty())
            lose("response_format.json_schema.description", "ollama has no place for it");
    }

    void options()
    {
        std::string members;
        JsonWriter json(members);
        const ChatRequest &from = m_request;
        json.object();
        if (from.maxTokens)
            json.member("num_predict", *from.maxTokens);
        json.memberIf("temperature", from.temperature).memberIf("top_p", from.topP).memberIf("top_k", from.topK).memberIf("seed", from.seed);
        json.memberIf("frequency_penalty", from.frequencyPenalty).memberIf("presence_penalty", from.presencePenalty);
        if (!from.stop.empty()) {
            json.array("stop");
            for (const Chars each : from.stop)
                json.value(each);
            json.endArray();
        }
        json.endObject();
        if (members.size() > 2)
            m_json.member("options", Json {members});
    }

    void thinking()
    {
        using Effort = Reasoning::Effort;
        using Thinking = ModelRules::Thinking;
        if (!m_request.reasoning)
            return;
        const Reasoning &asked = *m_request.reasoning;
        const bool off = asked.effort == Effort::None || (!asked.effort && asked.budgetTokens.value_or(1) <= 0);
        if (!off && !asked.effort && !asked.budgetTokens && !asked.adaptive)
            return;
        switch (m_options.rules.thinking) {
        case Thinking::None:
            if (!off)
                lose("reasoning_effort", "the model does not think");
            return;
        case Thinking::Switch:
            m_json.member("think", !off);
            if (!off && (asked.effort || asked.budgetTokens))
                lose("reasoning_effort", "the model thinks or does not: how hard is its own");
            return;
        case Thinking::Levels:
            m_json.textMember("think", level(asked.effort ? *asked.effort : asked.budgetTokens ? effortOf(*asked.budgetTokens) : Effort::Medium));
            if (off)
                lose("reasoning_effort", "the model always thinks: asked for the least");
            return;
        }
    }

    static std::string_view level(Reasoning::Effort effort)
    {
        using Effort = Reasoning::Effort;
        switch (effort) {
        case Effort::None:
        case Effort::Minimal:
        case Effort::Low: return "low";
        case Effort::Medium: return "medium";
        case Effort::High:
        case Effort::XHigh:
        case Effort::Max: return "high";
        }
        return "medium";
    }

    void rest()
    {
        if (!m_request.logprobs.empty() && m_request.logprobs.raw != "false")
            lose("logprobs", "ollama's form of them is not translated");
        if (!m_request.topLogprobs.empty())
            lose("top_logprobs", "ollama's form of them is not translated");
        tellParameterLosses(m_request, "ollama has no such parameter", m_written.losses);
    }

    void lose(std::string_view what, std::string_view why) { tellLoss(m_written.losses, what, why); }

    const ChatRequest &m_request;
    const WriteOptions &m_options;
    WrittenRequest m_written;
    JsonWriter m_json;
};

} // namespace

WrittenRequest writeRequest(const ChatRequest &request, const WriteOptions &options)
{
    return Writer(request, options).write();
}

} // namespace gateway::wire::ollama
