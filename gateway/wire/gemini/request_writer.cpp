// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/gemini/request_writer.h"

#include "gateway/wire/gemini/content_writer.h"
#include "gateway/wire/gemini/names.h"
#include "gateway/wire/gemini/schema_subset.h"
#include "gateway/wire/json_writer.h"
#include "gateway/wire/neutral/tell_loss.h"
#include "gateway/wire/reasoning_effort.h"

#include <algorithm>

namespace gateway::wire::gemini {
namespace {

/// How the reader keeps what only Gemini has a mode for.
constexpr std::string_view validatedMode = "toolConfig.functionCallingConfig.mode";

class Writer
{
public:
    Writer(const ChatRequest &request, const WriteOptions &options) : m_request(request), m_options(options), m_json(m_written.body) {}

    WrittenRequest write()
    {
        m_json.object();
        writeContents(m_json, m_request, m_options, m_written.losses);
        tools();
        m_json.object("generationConfig");
        sampling();
        format();
        thinking();
        carry("generationConfig.");
        m_json.endObject();
        carry({});
        m_json.endObject();
        rest();
        return std::move(m_written);
    }

private:
    void tools()
    {
        m_functions = std::ranges::any_of(m_request.tools, [](const ChatTool &tool) { return tool.native.empty(); });
        const bool any = m_functions || std::ranges::any_of(m_request.tools, isOwn);
        if (any)
            m_json.array("tools");
        if (m_functions)
            declarations();
        for (const ChatTool &tool : m_request.tools) {
            if (isOwn(tool))
                m_json.value(tool.native);
            else if (!tool.native.empty())
                lose("tools", "a tool that only its own provider knows");
        }
        if (any)
            m_json.endArray();
        toolConfig();
    }

    static bool isOwn(const ChatTool &tool) { return !tool.native.empty() && tool.nativeOf == WireFormat::Gemini; }

    void declarations()
    {
        m_json.object().array("functionDeclarations"); // all in one entry
        for (const ChatTool &tool : m_request.tools) {
            if (!tool.native.empty())
                continue;
            if (!tool.cacheControl.empty())
                tellLoss(m_written.losses, "cache_control", "the provider knows no such mark");
            m_json.object().member("name", tool.name).memberIf("description", tool.description);
            parameters(tool.parameters);
            m_json.endObject();
        }
        m_json.endArray().endObject();
    }

    void parameters(Json schema)
    {
        JsonCursor in(schema.raw);
        bool properties = false;
        const bool read = in.members([&](std::string_view key) {
            if (key != "properties" || in.type() != JsonCursor::Type::Object)
                return in.skip();
            return in.members([&](std::string_view) { return properties = true, in.skip(); });
        });
        if (!read || !properties) // an object without properties is a 400: a function without parameters has none
            return;
        if (m_options.rules.jsonSchema) {
            m_json.member("parametersJsonSchema", schema);
            return;
        }
        const std::string subset = schemaSubset(schema.raw);
        m_json.member("parameters", Json {subset});
    }

    void toolConfig()
    {
        const bool choice = choosesTools();
        if (!choice && !carries("toolConfig."))
            return;
        m_json.object("toolConfig");
        if (choice)
            toolChoice();
        carry("toolConfig.");
        m_json.endObject();
    }

    [[nodiscard]] bool strict() const
    {
        return std::ranges::any_of(m_request.tools, [](const ChatTool &tool) { return tool.strict.value_or(false); })
            || std::ranges::any_of(m_request.unknown, [](const UnknownMember &member) { return member.name == validatedMode; });
    }

    bool choosesTools()
    {
        if (m_functions && m_request.parallelToolCalls && !*m_request.parallelToolCalls)
            lose("parallel_tool_calls", "gemini has no such setting");
        return m_functions && (m_request.toolChoice || strict());
    }

    void toolChoice()
    {
        using Mode = ToolChoice::Mode;
        const Mode mode = m_request.toolChoice ? m_request.toolChoice->mode : Mode::Auto;
        m_json.object("functionCallingConfig");
        const bool named = mode == Mode::Named || mode == Mode::Allowed;
        const bool must = mode == Mode::Required || mode == Mode::Named || (mode == Mode::Allowed && m_request.toolChoice->allowedRequired);
        // Names may be given beside ANY and VALIDATED alone.
        m_json.textMember("mode", mode == Mode::None ? "NONE" : must ? "ANY" : strict() || named ? "VALIDATED" : "AUTO");
        if (named) {
            m_json.array("allowedFunctionNames");
            for (Chars name : m_request.toolChoice->names)
                m_json.value(name);
            m_json.endArray();
        }
        m_json.endObject();
    }

    void sampling()
    {
        const ChatRequest &from = m_request;
        m_json.memberIf("temperature", from.temperature).memberIf("topP", from.topP).memberIf("topK", from.topK).memberIf("seed", from.seed);
        if (from.maxTokens)
            m_json.member("maxOutputTokens", *from.maxTokens);
        if (from.choices.value_or(1) > 1)
            m_json.member("candidateCount", *from.choices);
        if (m_options.rules.penalties) {
            m_json.memberIf("frequencyPenalty", from.frequencyPenalty).memberIf("presencePenalty", from.presencePenalty);
        } else {
            drop("frequency_penalty", from.frequencyPenalty, "the model takes none");
            drop("presence_penalty", from.presencePenalty, "the model takes none");
        }
        if (from.logprobs.raw == "true") {
            m_json.member("responseLogprobs", true);
            m_json.memberIf("logprobs", from.topLogprobs);
        }
        if (from.stop.empty())
            return;
        constexpr std::size_t most = 5;
        m_json.array("stopSequences");
        for (std::size_t i = 0; i < from.stop.size() && i < most; ++i)
            m_json.value(from.stop[i]);
        m_json.endArray();
        if (from.stop.size() > most)
            lose("stop", "gemini takes five");
    }

    void format()
    {
        if (!m_request.responseFormat || m_request.responseFormat->kind == ResponseFormat::Kind::Text)
            return;
        m_json.textMember("responseMimeType", "application/json");
        const Json schema = m_request.responseFormat->schema;
        if (schema.empty())
            return;
        if (m_options.rules.jsonSchema) {
            m_json.member("responseJsonSchema", schema);
            return;
        }
        const std::string subset = schemaSubset(schema.raw);
        m_json.member("responseSchema", Json {subset});
    }

    void thinking()
    {
        using Effort = Reasoning::Effort;
        using Thinking = ModelRules::Thinking;
        if (!m_request.reasoning)
            return;
        const Reasoning &asked = *m_request.reasoning;
        const ModelRules &rules = m_options.rules;
        if (rules.thinking == Thinking::None) {
            if (asked.effort.value_or(Effort::Medium) != Effort::None)
                lose("reasoning_effort", "the model does not think");
            return;
        }
        const bool off = asked.effort == Effort::None || (!asked.effort && asked.budgetTokens == 0);
        m_json.object("thinkingConfig").member("includeThoughts", !off);
        if (rules.thinking == Thinking::Budget) {
            constexpr std::int64_t leastOfPro = 128;
            std::int64_t budget = off ? 0 : asked.budgetTokens ? *asked.budgetTokens : asked.effort ? budgetFor(*asked.effort) : -1;
            if (rules.alwaysThinks && budget >= 0)
                budget = std::max(budget, leastOfPro);
            m_json.member("thinkingBudget", budget);
        } else if (asked.effort || asked.budgetTokens) {
            m_json.textMember("thinkingLevel", levelFor(asked.effort ? *asked.effort : effortOf(*asked.budgetTokens)));
        }
        m_json.endObject();
        if (off && rules.alwaysThinks)
            lose("reasoning_effort", "the model always thinks: asked for the least");
    }

    static std::int64_t budgetFor(Reasoning::Effort effort)
    {
        using Effort = Reasoning::Effort;
        switch (effort) {
        case Effort::None: return 0;
        case Effort::Minimal:
        case Effort::Low: return 1024;
        case Effort::Medium: return 8192;
        case Effort::High:
        case Effort::XHigh:
        case Effort::Max: return 24576;
        }
        return -1;
    }

    std::string_view levelFor(Reasoning::Effort effort) const
    {
        using Effort = Reasoning::Effort;
        switch (effort) {
        case Effort::None:
        case Effort::Minimal: return m_options.rules.alwaysThinks ? "low" : "minimal";
        case Effort::Low: return "low";
        case Effort::Medium: return "medium";
        case Effort::High:
        case Effort::XHigh:
        case Effort::Max: return "high";
        }
        return "high";
    }

    void rest()
    {
        constexpr std::string_view none = "gemini has no such parameter";
        drop("logit_bias", m_request.logitBias, none);
        drop("metadata", m_request.metadata, none);
        if (!m_request.user.empty())
            lose("user", std::string(none));
        if (!m_request.serviceTier.empty() && m_request.serviceTier.raw != "auto")
            lose("service_tier", std::string(none));
        if (!m_request.verbosity.empty())
            lose("verbosity", std::string(none));
        for (const UnknownMember &member : m_request.unknown)
            if (!member.value.empty() && !isCarried(member.name) && member.name != validatedMode)
                lose(std::string(member.shownName()), std::string(none));
    }

    /// Whether a member that is not known to others goes as it is: those of Gemini's own that a caller gave.
    [[nodiscard]] bool isCarried(std::string_view name) const
    {
        for (const std::string_view place : {std::string_view("generationConfig."), std::string_view("toolConfig.")})
            if (name.starts_with(place))
                return isPlainName(name.substr(place.size()));
        return named(name, "safetySettings") || named(name, "cachedContent") || (m_options.fileUris && (named(name, "labels") || named(name, "modelArmorConfig")));
    }

    /// No part of a deeper place, and nothing that needs an escape.
    static bool isPlainName(std::string_view name)
    {
        return !name.empty() && std::ranges::all_of(name, [](char c) { return (asciiLower(c) >= 'a' && asciiLower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
    }

    /// The name within `place` ("generationConfig.", or empty: the top) under which a member goes as it is; empty: it does not.
    [[nodiscard]] std::string_view nameWithin(const UnknownMember &member, std::string_view place) const
    {
        if (member.value.empty() || !isCarried(member.name) || !member.name.starts_with(place))
            return {};
        const std::string_view name = member.name.substr(place.size());
        return name.find('.') == std::string_view::npos ? name : std::string_view {};
    }

    [[nodiscard]] bool carries(std::string_view place) const
    {
        return std::ranges::any_of(m_request.unknown, [&](const UnknownMember &member) { return !nameWithin(member, place).empty(); });
    }

    void carry(std::string_view place)
    {
        for (const UnknownMember &member : m_request.unknown)
            if (const std::string_view name = nameWithin(member, place); !name.empty())
                m_json.member(name, member.value);
    }

    void drop(std::string_view name, Json value, std::string_view why)
    {
        if (!value.empty())
            lose(std::string(name), std::string(why));
    }
    void lose(std::string what, std::string why) { m_written.losses.push_back({.what = std::move(what), .why = std::move(why)}); }

    const ChatRequest &m_request;
    const WriteOptions &m_options;
    WrittenRequest m_written;
    JsonWriter m_json;
    bool m_functions = false; ///< there are functions to call
};

} // namespace

WrittenRequest writeRequest(const ChatRequest &request, const WriteOptions &options)
{
    return Writer(request, options).write();
}

} // namespace gateway::wire::gemini
