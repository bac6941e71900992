// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/prompt.h"
#include "gateway/core/error.h"
#include "gateway/core/mustache.h"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <string>
#include <vector>

namespace gateway::pipeline {

/// A version of a prompt with its templates read: made once, when a configuration is compiled. Immutable; any thread.
class CompiledPrompt
{
public:
    /// @param name  the prompt's
    /// @return Invalid with `where` a field of the version, where a template cannot be read
    static Result<CompiledPrompt> compile(const std::string &name, const config::PromptVersion &version);

    /// "name@3": for keys and records.
    [[nodiscard]] const std::string &reference() const { return m_reference; }
    [[nodiscard]] const config::PromptVersion &version() const { return m_version; }

    struct Message
    {
        std::string role;
        std::string text;
    };
    /// The version's messages with the values put in.
    /// @param given  the caller's, an object; checked here
    /// @return BadRequest: a value is missing, unknown, not as it is declared, or what comes of it is too large
    [[nodiscard]] Result<std::vector<Message>> messages(const nlohmann::json &given) const;

private:
    CompiledPrompt(std::string reference, config::PromptVersion version) : m_reference(std::move(reference)), m_version(std::move(version)) {}

    std::string m_reference;
    config::PromptVersion m_version;
    std::vector<MustacheTemplate> m_messages; ///< of each message
    std::map<std::string, MustacheTemplate, std::less<>> m_partials;
};

} // namespace gateway::pipeline
