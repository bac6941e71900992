// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/gemini/generation_reader.h"

#include "gateway/wire/gemini/names.h"
#include "gateway/wire/gemini/plain_schema.h"
#include "gateway/wire/json_members.h"
#include "gateway/wire/reasoning_effort.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace gateway::wire::gemini {
namespace {

using Type = JsonCursor::Type;

class Reader
{
public:
    Reader(RequestCursor &in, ChatRequest &request) : m_in(in), m_request(request) {}

    bool read(std::string_view name)
    {
        if (!m_in.members(name, [&](std::string_view key) { return member(key); }))
            return false;
        return settleFormat(name);
    }

private:
    bool member(std::string_view key)
    {
        ChatRequest &to = m_request;
        if (key == "temperature")
            return number(key, to.temperature);
        if (named(key, "topP"))
            return number(key, to.topP);
        if (named(key, "topK"))
            return number(key, to.topK);
        if (key == "seed")
            return number(key, to.seed);
        if (named(key, "presencePenalty"))
            return number(key, to.presencePenalty);
        if (named(key, "frequencyPenalty"))
            return number(key, to.frequencyPenalty);
        if (key == "logprobs")
            return number(key, to.topLogprobs);
        if (named(key, "maxOutputTokens"))
            return integer(key, to.maxTokens);
        if (named(key, "candidateCount"))
            return integer(key, to.choices);
        if (named(key, "responseLogprobs"))
            return logprobs(key);
        if (named(key, "stopSequences"))
            return stop(key);
        if (named(key, "thinkingConfig"))
            return thinking(key);
        return format(key);
    }

    bool format(std::string_view key)
    {
        if (named(key, "responseMimeType"))
            return m_in.chars(key, m_mimeType);
        if (named(key, "responseSchema"))
            return m_in.object(key, m_schema);
        if (named(key, "responseJsonSchema") || key == "_responseJsonSchema")
            return m_in.any(m_jsonSchema);
        if (named(key, "responseModalities"))
            return modalities(key);
        Json value;
        if (!m_in.any(value))
            return false;
        keep(key, value);
        return true;
    }

    /// Text alone is what there is without asking.
    bool modalities(std::string_view key)
    {
        Json value;
        if (!m_in.any(value))
            return false;
        bool others = false;
        JsonCursor in(value.raw);
        const bool list = in.type() == Type::Array && in.elements([&] {
            std::string_view word;
            if (in.type() != Type::String)
                return others = true, in.skip();
            const bool read = in.string(word);
            others = others || !equalsIgnoringCase(word, "TEXT");
            return read;
        });
        if (!list || others)
            keep(key, value);
        return true;
    }

    bool logprobs(std::string_view key)
    {
        std::optional<bool> wanted;
        if (!m_in.boolean(key, wanted))
            return false;
        if (wanted)
            m_request.logprobs = {*wanted ? "true" : "false"};
        return true;
    }

    bool stop(std::string_view key)
    {
        if (m_in.type() == Type::String)
            return m_in.chars(key, m_request.stop.emplace_back());
        return m_in.elements(key, [&] { return m_in.chars({}, m_request.stop.emplace_back()); });
    }

    bool thinking(std::string_view name)
    {
        Chars level;
        std::optional<std::int64_t> budget;
        std::optional<bool> shown;
        const bool read = m_in.members(name, [&](std::string_view key) {
            if (named(key, "thinkingLevel"))
                return m_in.chars(key, level);
            if (named(key, "thinkingBudget"))
                return integer(key, budget);
            return named(key, "includeThoughts") ? m_in.boolean(key, shown) : m_in.skip();
        });
        if (!read)
            return false;
        std::string word(level.raw);
        std::ranges::transform(word, word.begin(), asciiLower);
        const auto effort = reasoningEffort(word);
        if (!effort && !word.empty() && word != "thinking_level_unspecified")
            return m_in.fail(fmt::format("{}.thinkingLevel", name), "must be one of minimal, low, medium, high");
        if (!effort && !budget && !shown.value_or(false))
            return true;
        Reasoning &reasoning = m_request.reasoning.emplace();
        reasoning.effort = effort;
        if (budget == 0)
            reasoning.effort = Reasoning::Effort::None;
        else if (budget && *budget > 0)
            reasoning.budgetTokens = budget;
        // As it likes: -1, or where it is only asked to show its thoughts.
        reasoning.adaptive = !reasoning.effort && !reasoning.budgetTokens;
        if (shown.value_or(false))
            reasoning.summary = {"auto"};
        return true;
    }

    bool settleFormat(std::string_view name)
    {
        const std::string type = unescapeJson(m_mimeType.raw);
        if (!m_jsonSchema.empty() && JsonCursor(m_jsonSchema.raw).type() != Type::Object)
            return m_in.fail(fmt::format("{}.responseJsonSchema", name), "must be an object");
        if (!type.empty() && type != "application/json" && type != "text/plain") { // text/x.enum and what is newer
            keep("responseMimeType", {m_request.keep("\"" + std::string(m_mimeType.raw) + "\"")});
            keep("responseSchema", m_schema);
            keep("responseJsonSchema", m_jsonSchema);
            return true;
        }
        Json schema = m_jsonSchema;
        if (schema.empty() && !m_schema.empty()) {
            auto plain = plainSchema(m_schema.raw);
            if (!plain)
                return m_in.fail(fmt::format("{}.responseSchema", name), "is not valid JSON");
            schema = {m_request.keep(std::move(*plain))};
        }
        if (!schema.empty())
            m_request.responseFormat = ResponseFormat {.kind = ResponseFormat::Kind::JsonSchema, .schema = schema};
        else if (type == "application/json")
            m_request.responseFormat = ResponseFormat {.kind = ResponseFormat::Kind::JsonObject};
        return true;
    }

    /// For Gemini, and to be told where it is lost.
    void keep(std::string_view key, Json value)
    {
        if (!value.empty())
            m_request.unknown.push_back({.name = m_request.keep(fmt::format("generationConfig.{}", key)), .value = value});
    }

    /// Numbers may be strings: proto3's JSON takes both.
    bool number(std::string_view key, Json &out)
    {
        if (m_in.type() != Type::String)
            return m_in.number(key, out);
        Chars text;
        if (!m_in.chars(key, text))
            return false;
        if (JsonCursor(text.raw).type() != Type::Number || !isJson(text.raw))
            return m_in.fail(key, "must be a number");
        out = {text.raw};
        return true;
    }

    bool integer(std::string_view key, std::optional<std::int64_t> &out)
    {
        if (m_in.type() != Type::String)
            return m_in.integer(key, out);
        Json digits;
        if (!number(key, digits))
            return false;
        out = JsonCursor(digits.raw).integer();
        return out || m_in.fail(key, "must be a whole number");
    }

    RequestCursor &m_in;
    ChatRequest &m_request;
    Chars m_mimeType;
    Json m_schema, m_jsonSchema;
};

} // namespace

bool readGenerationConfig(RequestCursor &in, std::string_view name, ChatRequest &request)
{
    return Reader(in, request).read(name);
}

} // namespace gateway::wire::gemini
