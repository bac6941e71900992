// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/cohere/request_writer.h"

#include "gateway/wire/cohere/message_writer.h"
#include "gateway/wire/json_number.h"
#include "gateway/wire/neutral/offered_tools.h"
#include "gateway/wire/neutral/parameter_losses.h"
#include "gateway/wire/neutral/tell_loss.h"
#include "gateway/wire/reasoning_effort.h"

#include <algorithm>

namespace gateway::wire::cohere {
namespace {

class Writer
{
public:
    Writer(const ChatRequest &request, const WriteOptions &options)
        : m_request(request), m_options(options), m_json(m_written.body), m_tools(offeredTools(request, m_written.losses))
    {
        m_written.toolNames = ToolNames(request);
    }

    WrittenRequest write()
    {
        m_json.object().textMember("model", m_options.model).member("stream", m_request.stream);
        writeMessages(m_json, m_request, m_written.toolNames, m_written.losses);
        tools();
        format();
        sampling();
        penalties();
        thinking();
        m_json.endObject();
        tellParameterLosses(m_request, "cohere has no such parameter", m_written.losses);
        return std::move(m_written);
    }

private:
    void tools()
    {
        if (m_request.parallelToolCalls && !*m_request.parallelToolCalls)
            lose("parallel_tool_calls", "cohere has no such setting");
        if (m_tools.empty())
            return;
        m_json.array("tools");
        for (const ChatTool *tool : m_tools)
            writeFunctionTool(m_json, *tool, m_written.toolNames.sent(tool->name));
        m_json.endArray();

        const auto isStrict = [](const ChatTool *tool) { return tool->strict.value_or(false); };
        if (std::ranges::any_of(m_tools, isStrict)) {
            m_json.member("strict_tools", true);
            if (!std::ranges::all_of(m_tools, isStrict))
                lose("tools.function.strict", "cohere's tools are all strict, or none is");
        }
        toolChoice();
    }

    void toolChoice()
    {
        using Mode = ToolChoice::Mode;
        if (!m_request.toolChoice)
            return;
        switch (m_request.toolChoice->mode) {
        case Mode::Auto: return;
        case Mode::None: m_json.textMember("tool_choice", "NONE"); return;
        case Mode::Required:
        case Mode::Named: m_json.textMember("tool_choice", "REQUIRED"); return; // a named one is the only one that is sent
        case Mode::Allowed:
            if (m_request.toolChoice->allowedRequired)
                m_json.textMember("tool_choice", "REQUIRED");
            return;
        }
    }

    void format()
    {
        using Kind = ResponseFormat::Kind;
        if (!m_request.responseFormat || m_request.responseFormat->kind == Kind::Text)
            return;
        if (!m_tools.empty())
            return lose("response_format", "cohere takes none beside tools");
        const ResponseFormat &format = *m_request.responseFormat;
        m_json.object("response_format").textMember("type", "json_object").memberIf("json_schema", format.schema).endObject();
        if (!format.description.empty())
            lose("response_format.json_schema.description", "cohere has no place for it");
    }

    void sampling()
    {
        const ChatRequest &from = m_request;
        if (from.maxTokens)
            m_json.member("max_tokens", *from.maxTokens);
        limited("temperature", "temperature", from.temperature, {"0"}, {"1"});
        limited("p", "top_p", from.topP, {"0.01"}, {"0.99"});
        limited("k", "top_k", from.topK, {"0"}, {"500"});
        m_json.memberIf("seed", from.seed);
        if (from.logprobs.raw == "true") {
            m_json.member("logprobs", true);
            lose("logprobs", "cohere's form of them is not translated");
        } else if (!from.logprobs.empty() && from.logprobs.raw != "false") {
            lose("logprobs", "cohere's is true or false");
        }
        if (!from.topLogprobs.empty())
            lose("top_logprobs", "cohere has no such parameter");
        if (from.stop.empty())
            return;
        constexpr std::size_t most = 5;
        m_json.array("stop_sequences");
        for (std::size_t i = 0; i < from.stop.size() && i < most; ++i)
            m_json.value(from.stop[i]);
        m_json.endArray();
        if (from.stop.size() > most)
            lose("stop", "cohere takes five");
    }

    /// Cohere's lie between 0 and 1, and only one of them may be there.
    void penalties()
    {
        const Json frequency = m_request.frequencyPenalty, presence = m_request.presencePenalty;
        const bool both = !frequency.empty() && !presence.empty();
        const bool frequencyCounts = doubleOf(frequency.raw) > 0, presenceCounts = doubleOf(presence.raw) > 0;
        if (!both || frequencyCounts || !presenceCounts)
            limited("frequency_penalty", "frequency_penalty", frequency, {"0"}, {"1"});
        else if (doubleOf(frequency.raw) < 0)
            lose("frequency_penalty", "cohere takes one of the penalties");
        if (!both || (!frequencyCounts && presenceCounts))
            limited("presence_penalty", "presence_penalty", presence, {"0"}, {"1"});
        else if (doubleOf(presence.raw) != 0)
            lose("presence_penalty", "cohere takes one of the penalties");
    }

    /// A number as written where it lies within the limits, else the nearer of them.
    void limited(std::string_view name, std::string_view asked, Json value, Json least, Json most)
    {
        if (value.empty())
            return;
        const double number = doubleOf(value.raw);
        const Json sent = number < doubleOf(least.raw) ? least : number > doubleOf(most.raw) ? most : value;
        m_json.member(name, sent);
        if (sent != value)
            lose(asked, "cohere's lies between " + std::string(least.raw) + " and " + std::string(most.raw) + ": sent as " + std::string(sent.raw));
    }

    void thinking()
    {
        using Effort = Reasoning::Effort;
        if (!m_request.reasoning)
            return;
        const Reasoning &asked = *m_request.reasoning;
        const bool off = asked.effort == Effort::None || (!asked.effort && asked.budgetTokens.value_or(1) <= 0);
        if (!off && !asked.effort && !asked.budgetTokens && !asked.adaptive)
            return;
        if (!m_options.rules.thinks) {
            if (!off)
                lose("reasoning_effort", "the model does not think");
            return;
        }
        m_json.object("thinking").textMember("type", off ? "disabled" : "enabled");
        if (!off && (asked.budgetTokens || asked.effort)) {
            const std::int64_t budget = asked.budgetTokens ? *asked.budgetTokens : budgetOf(*asked.effort);
            m_json.member("token_budget", std::clamp<std::int64_t>(budget, 1, m_options.rules.maxThinking));
        }
        m_json.endObject();
    }

    void lose(std::string_view what, std::string_view why) { tellLoss(m_written.losses, what, why); }

    const ChatRequest &m_request;
    const WriteOptions &m_options;
    WrittenRequest m_written;
    JsonWriter m_json;
    std::vector<const ChatTool *> m_tools;
};

} // namespace

WrittenRequest writeRequest(const ChatRequest &request, const WriteOptions &options)
{
    return Writer(request, options).write();
}

} // namespace gateway::wire::cohere
