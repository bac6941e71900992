// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/request_defaults.h"

#include "gateway/core/text.h"
#include "gateway/wire/body_splice.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/multipart.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace gateway::wire {

namespace {

/// What a parameter is called elsewhere; empty: it is not there.
struct Names
{
    std::string_view chat, responses, messages, gemini;
};
constexpr std::array shared {
    Names {"max_tokens", "max_output_tokens", "max_tokens", "maxOutputTokens"},
    Names {"temperature", "temperature", "temperature", "temperature"},
    Names {"top_p", "top_p", "top_p", "topP"},
    Names {"top_k", "", "top_k", "topK"},
    Names {"stop", "", "stop_sequences", "stopSequences"},
    Names {"seed", "", "", "seed"},
    Names {"presence_penalty", "", "", "presencePenalty"},
    Names {"frequency_penalty", "", "", "frequencyPenalty"},
};

std::string_view nameFor(Endpoint endpoint, std::string_view parameter)
{
    const bool ofChat = endpoint == Endpoint::ChatCompletions || endpoint == Endpoint::Completions;
    const auto found = std::ranges::find(shared, parameter, &Names::chat);
    if (found == shared.end() || ofChat)
        return ofChat ? parameter : std::string_view();
    switch (endpoint) {
    case Endpoint::Responses: return found->responses;
    case Endpoint::Messages: return found->messages;
    case Endpoint::GenerateContent: return found->gemini;
    default: return {};
    }
}

/// Only OpenAI takes one stop word that is no list.
std::string valueFor(std::string_view name, const std::string &value)
{
    const bool wantsList = name == "stop_sequences" || name == "stopSequences";
    return wantsList && value.starts_with('"') ? fmt::format("[{}]", value) : value;
}

bool saysIt(const RequestScan &scan, std::string_view name)
{
    return scan.find(name) || (name == "max_tokens" && scan.find("max_completion_tokens"));
}

/// "max_output_tokens" for maxOutputTokens: Google takes either.
std::string inSnakeCase(std::string_view name)
{
    std::string out;
    for (const char c : name) {
        const bool upper = c >= 'A' && c <= 'Z';
        out.append(upper ? 1 : 0, '_').append(1, asciiLower(c));
    }
    return out;
}

/// Gemini's parameters stand in an object of their own.
class GenerationConfig
{
public:
    explicit GenerationConfig(const RequestScan &scan) : m_member(scan.find("generationConfig"))
    {
        if (!m_member)
            m_member = scan.find("generation_config");
        m_text = m_member ? std::string(m_member->value.in(scan.body)) : "{}";
    }

    void add(std::string_view name, std::string_view value)
    {
        if (says(name) || says(inSnakeCase(name)))
            return;
        const std::size_t end = m_text.rfind('}');
        const bool empty = trimmed(std::string_view(m_text).substr(0, end)) == "{";
        m_text.insert(end, fmt::format("{}\"{}\":{}", empty ? "" : ",", name, value));
        m_changed = true;
    }

    void putInto(BodySplice &splice) const
    {
        if (m_changed)
            splice.set(m_member ? m_member->name : "generationConfig", m_text);
    }
    [[nodiscard]] bool isChanged() const { return m_changed; }

private:
    [[nodiscard]] bool says(std::string_view name) const
    {
        bool found = false;
        JsonCursor cursor(m_text);
        cursor.members([&](std::string_view key) {
            found = found || jsonStringIs(key, name);
            return cursor.skip();
        });
        return found;
    }

    const Member *m_member;
    std::string m_text;
    bool m_changed = false;
};

bool namesNoModel(const RequestScan &scan)
{
    return scan.modelValue.empty() || scan.modelValue.in(scan.body) == (scan.isForm ? "" : "\"\"");
}

} // namespace

std::optional<std::string> withDefaults(const RequestScan &scan, Endpoint endpoint, const RequestDefaults &defaults)
{
    const bool wantsModel = !defaults.model.empty() && namesNoModel(scan);
    if (scan.isForm)
        return wantsModel ? std::optional(withModelPart(scan, defaults.model)) : std::nullopt;
    BodySplice splice(scan);
    bool changed = wantsModel;
    if (wantsModel)
        splice.replaceModel(defaults.model);
    std::optional<GenerationConfig> gemini;
    if (endpoint == Endpoint::GenerateContent)
        gemini.emplace(scan);
    for (const JsonMember &parameter : defaults.parameters) {
        const std::string_view name = nameFor(endpoint, parameter.name);
        if (name.empty())
            continue;
        if (gemini) {
            gemini->add(name, valueFor(name, parameter.value));
        } else if (!saysIt(scan, name)) {
            splice.set(name, valueFor(name, parameter.value));
            changed = true;
        }
    }
    if (gemini) {
        gemini->putInto(splice);
        changed = changed || gemini->isChanged();
    }
    return changed ? std::optional(splice.build().text()) : std::nullopt;
}

} // namespace gateway::wire
