// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/compiled_prompt.h"

#include "gateway/config/prompt_variables.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace gateway::pipeline {

namespace {

MustacheOptions::Escape escapeOf(config::PromptEscape escape)
{
    switch (escape) {
    case config::PromptEscape::None: return MustacheOptions::Escape::None;
    case config::PromptEscape::Html: return MustacheOptions::Escape::Html;
    case config::PromptEscape::Json: return MustacheOptions::Escape::Json;
    }
    return MustacheOptions::Escape::None;
}

} // namespace

Result<CompiledPrompt> CompiledPrompt::compile(const std::string &name, const config::PromptVersion &version)
{
    CompiledPrompt prompt(fmt::format("{}@{}", name, version.version), version);
    for (std::size_t i = 0; i < version.messages.size(); ++i) {
        auto parsed = MustacheTemplate::parse(version.messages[i].content);
        if (!parsed)
            return fail(ErrorCode::Invalid, parsed.error().text(), fmt::format("messages[{}].content", i));
        prompt.m_messages.push_back(std::move(*parsed));
    }
    for (const auto &[partial, text] : version.partials) {
        auto parsed = MustacheTemplate::parse(text);
        if (!parsed)
            return fail(ErrorCode::Invalid, parsed.error().text(), fmt::format("partials.{}", partial));
        prompt.m_partials.emplace(partial, std::move(*parsed));
    }
    return prompt;
}

Result<std::vector<CompiledPrompt::Message>> CompiledPrompt::messages(const nlohmann::json &given) const
{
    const auto values = config::filledVariables(m_version, given);
    if (!values)
        return std::unexpected(values.error());
    MustacheOptions options {.escape = escapeOf(m_version.escape)};
    options.partial = [this](std::string_view name) -> const MustacheTemplate * {
        const auto found = m_partials.find(name);
        return found == m_partials.end() ? nullptr : &found->second;
    };
    std::vector<Message> all;
    for (std::size_t i = 0; i < m_messages.size(); ++i) {
        auto text = render(m_messages[i], *values, options);
        if (!text)
            return fail(ErrorCode::BadRequest, fmt::format("The prompt {}, message {}, {}.", m_reference, i + 1, text.error().text()), "prompt_variables");
        all.push_back({.role = m_version.messages[i].role, .text = std::move(*text)});
    }
    return all;
}

} // namespace gateway::pipeline
