// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/compiled_prompt.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::pipeline {

/// The prompts of a configuration, by name. Made by compilePrompts(); immutable, any thread.
class PromptLibrary
{
public:
    using Versions = std::map<std::int64_t, CompiledPrompt>;

    /// @param versions  of the prompt, as far as they could be compiled: never empty
    void add(const config::Prompt &prompt, Versions versions);

    /// The version that a caller means. Where an experiment runs, callers who name no version are shared out among its versions;
    /// the same text in `sticky` leads to the same version for as long as the experiment's shares stay.
    /// @param sticky  for whom the call is: a customer, a session; empty: `chance` decides
    /// @return UnknownPrompt, with the nearest name: there is no such prompt, version or label
    [[nodiscard]] Result<const CompiledPrompt *> find(const config::PromptReference &asked, std::string_view sticky, std::uint64_t chance) const;

private:
    struct Entry
    {
        Versions versions;
        std::map<std::string, std::int64_t, std::less<>> labels;
        std::vector<std::pair<double, std::int64_t>> shares; ///< of an experiment: up to which part of 1 it is which version
    };

    [[nodiscard]] Result<const Entry *> entry(std::string_view name) const;
    [[nodiscard]] static Result<const CompiledPrompt *> version(const Entry &entry, const config::PromptReference &asked);

    std::map<std::string, Entry, std::less<>> m_entries;
};

} // namespace gateway::pipeline
