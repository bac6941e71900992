// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/bedrock/request_writer.h"

#include "gateway/wire/anthropic/answer_schema.h"
#include "gateway/core/text.h"
#include "gateway/wire/bedrock/message_writer.h"
#include "gateway/wire/bedrock/thinking_plan.h"
#include "gateway/wire/bedrock/tool_plan.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/json_number.h"
#include "gateway/wire/neutral/blank_text.h"

#include <algorithm>
#include <array>

namespace gateway::wire::bedrock {
namespace {

constexpr std::string_view noParameter = "bedrock has no such parameter";

/// What Converse takes in requestMetadata.
bool isTag(std::string_view text)
{
    constexpr std::size_t longest = 256;
    const auto fits = [](char c) {
        return (c >= '0' && c <= '9') || (asciiLower(c) >= 'a' && asciiLower(c) <= 'z') || std::string_view(" :_@$#=/+,-.").find(c) != std::string_view::npos;
    };
    return text.size() <= longest && std::ranges::all_of(text, fits);
}

class Writer
{
public:
    Writer(const ChatRequest &request, const WriteOptions &options)
        : m_request(request), m_rules(options.rules), m_context(options.rules), m_tools(planTools(request, m_context)),
          m_thinking(planThinking(request, options.defaultMaxTokens, m_tools.answer == ToolPlan::Answer::ByTool, m_context))
    {
        if (m_thinking.claude && m_tools.forced()) {
            m_context.lose("tool_choice", "a model that thinks may not be forced to call a tool");
            m_tools.choice = ToolPlan::Choice::Auto;
        }
    }

    WrittenRequest write()
    {
        WrittenRequest written;
        JsonWriter json(written.body);
        json.object();
        writeMessages(json, m_request, {.thinks = m_thinking.claude, .instructions = instructionsOf(m_tools, m_request)}, m_context);
        inferenceConfig(json);
        writeToolConfig(json, m_tools, m_request, !m_tools.single, m_context);
        outputConfig(json);
        additionalFields(json);
        rest(json);
        json.endObject();
        written.losses = std::move(m_context.losses);
        written.renamed = std::move(m_context.renamed);
        written.schemaByTool = m_tools.answer == ToolPlan::Answer::ByTool;
        written.schemaTool = m_tools.schemaTool;
        return written;
    }

private:
    void inferenceConfig(JsonWriter &json)
    {
        json.object("inferenceConfig");
        if (m_thinking.maxTokens)
            json.member("maxTokens", *m_thinking.maxTokens);
        sampling(json);
        stopSequences(json);
        json.endObject();
    }

    void sampling(JsonWriter &json)
    {
        const Json temperature = m_request.temperature;
        if (!m_thinking.sampling) {
            const std::string_view why = m_rules.temperature ? "a model that thinks takes no sampling parameters" : "the model takes no sampling parameters";
            if (!temperature.empty() && doubleOf(temperature.raw) != 1)
                m_context.lose("temperature", std::string(why));
            return drop("top_p", m_request.topP, why);
        }
        if (!temperature.empty()) {
            const bool high = doubleOf(temperature.raw) > 1;
            if (high)
                m_context.lose("temperature", "bedrock's ends at 1: sent as 1");
            json.member("temperature", high ? Json {"1"} : temperature);
        }
        if (m_rules.family == Family::Claude && m_rules.claude.oneOfTwo && !temperature.empty())
            drop("top_p", m_request.topP, "the model takes temperature or top_p, not both");
        else
            json.memberIf("topP", m_request.topP);
    }

    void stopSequences(JsonWriter &json)
    {
        std::vector<Chars> sent;
        for (Chars each : m_request.stop) {
            if (each.empty() || (m_rules.family == Family::Claude && isBlank(each)))
                m_context.lose("stop", "the model takes no sequence of white space alone");
            else
                sent.push_back(each);
        }
        if (sent.size() > m_rules.stopSequences) {
            m_context.lose("stop", m_rules.stopSequences ? "the model takes " + std::to_string(m_rules.stopSequences) : "the model takes none");
            sent.resize(m_rules.stopSequences);
        }
        if (sent.empty())
            return;
        m_stops = true;
        json.array("stopSequences");
        for (Chars each : sent)
            json.value(each);
        json.endArray();
    }

    void outputConfig(JsonWriter &json)
    {
        if (m_tools.answer != ToolPlan::Answer::Native)
            return;
        const ResponseFormat &format = *m_request.responseFormat;
        json.object("outputConfig").object("textFormat").textMember("type", "json_schema").object("structure").object("jsonSchema");
        anthropic::AnswerSchema held {.json = format.schema.empty() ? R"({"type":"object"})" : std::string(format.schema.raw)};
        if (m_rules.family == Family::Claude)
            held = anthropic::answerSchema(held.json);
        for (const std::string &word : held.told)
            m_context.lose("response_format.json_schema." + word, "Claude does not hold answers to it: the model reads it in a description");
        json.textMember("schema", held.json).memberIf("name", format.name).memberIf("description", format.description);
        json.endObject().endObject().endObject().endObject();
    }

    /// What is the model's own, not Converse's.
    void additionalFields(JsonWriter &json)
    {
        std::string fields;
        JsonWriter more(fields);
        if (!m_request.topK.empty()) {
            if (m_rules.family == Family::Claude && m_thinking.sampling)
                more.member("top_k", m_request.topK);
            else if (m_rules.family == Family::Nova && m_thinking.sampling)
                more.object("inferenceConfig").member("topK", m_request.topK).endObject();
            else
                drop("top_k", m_request.topK, "the model takes none");
        }
        writeThinking(more, m_thinking, m_rules);
        if (m_tools.single)
            singleCall(more);
        if (!fields.empty())
            json.object("additionalModelRequestFields").value(Json {fields}).endObject();
        if (m_stops && m_rules.family == Family::Claude) // which of them it was
            json.array("additionalModelResponseFieldPaths").text(m_request.stream ? "/delta/stop_sequence" : "/stop_sequence").endArray();
    }

    /// Claude's own choice, which stands in the place of Converse's: the two may not meet.
    void singleCall(JsonWriter &more)
    {
        using Choice = ToolPlan::Choice;
        more.object("tool_choice");
        switch (m_tools.choice) {
        case Choice::None:
        case Choice::Auto: more.textMember("type", "auto"); break;
        case Choice::Any: more.textMember("type", "any"); break;
        case Choice::Tool: more.textMember("type", "tool").textMember("name", m_tools.named.empty() ? m_tools.schemaTool : m_context.name(m_tools.named)); break;
        }
        more.member("disable_parallel_tool_use", true).endObject();
    }

    void rest(JsonWriter &json)
    {
        metadata(json);
        const std::string_view tier = m_request.serviceTier.raw;
        if (tier == "default" || tier == "priority" || tier == "flex")
            json.object("serviceTier").textMember("type", tier).endObject();
        else if (!tier.empty() && tier != "auto")
            m_context.lose("service_tier", "bedrock has no tier of that name");
        drop("seed", m_request.seed, noParameter);
        drop("frequency_penalty", m_request.frequencyPenalty, noParameter);
        drop("presence_penalty", m_request.presencePenalty, noParameter);
        drop("logit_bias", m_request.logitBias, noParameter);
        if (m_request.logprobs.raw != "false")
            drop("logprobs", m_request.logprobs, noParameter);
        drop("top_logprobs", m_request.topLogprobs, noParameter);
        if (m_request.choices.value_or(1) > 1)
            m_context.lose("n", "bedrock gives one answer");
        drop("user", Json {m_request.user.raw}, noParameter);
        drop("verbosity", Json {m_request.verbosity.raw}, noParameter);
        for (const UnknownMember &member : m_request.unknown)
            drop(member.shownName(), member.value, noParameter);
    }

    /// Strings alone, sixteen of them, of few characters.
    void metadata(JsonWriter &json)
    {
        constexpr std::size_t most = 16;
        std::vector<std::pair<std::string, std::string>> tags;
        JsonCursor in(m_request.metadata.raw);
        in.members([&](std::string_view key) {
            std::string_view raw;
            const bool text = in.type() == JsonCursor::Type::String;
            if (!(text ? in.string(raw) : in.skip()))
                return false;
            std::string name = unescapeJson(key), value = unescapeJson(raw);
            if (text && !name.empty() && isTag(name) && isTag(value) && tags.size() < most)
                tags.emplace_back(std::move(name), std::move(value));
            else
                m_context.lose("metadata", "bedrock takes sixteen short strings of plain characters");
            return true;
        });
        if (tags.empty())
            return;
        json.object("requestMetadata");
        for (const auto &[name, value] : tags)
            json.textMember(name, value);
        json.endObject();
    }

    void drop(std::string_view name, Json value, std::string_view why)
    {
        if (!value.empty())
            m_context.lose(std::string(name), std::string(why));
    }

    const ChatRequest &m_request;
    const ModelRules &m_rules;
    WriteContext m_context;
    ToolPlan m_tools;
    ThinkingPlan m_thinking;
    bool m_stops = false;
};

} // namespace

WrittenRequest writeRequest(const ChatRequest &request, const WriteOptions &options)
{
    return Writer(request, options).write();
}

} // namespace gateway::wire::bedrock
