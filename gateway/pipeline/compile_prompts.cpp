// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/compile_parts.h"
#include "gateway/pipeline/prompt_library.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

namespace gateway::pipeline {

namespace {

/// Whether calls may get the version without naming its number: old ones never change, and must not be warned of for ever.
bool isInUse(const config::Prompt &prompt, const config::PromptVersion &version)
{
    const auto shares = [&](const config::ExperimentShare &share) { return share.version == version.version; };
    return !version.labels.empty() || &version == &prompt.versions.back() || std::ranges::any_of(prompt.experiment, shares);
}

void warnOfModel(const CompiledConfig &compiled, const std::string &field, const config::PromptVersion &version, ProblemList &problems)
{
    if (version.model.empty() || compiled.findRoute(version.model))
        return;
    std::vector<std::string_view> names;
    for (const auto &each : compiled.routeByName)
        names.emplace_back(each.first);
    problems.warn(field + ".model", fmt::format("version {} asks for \"{}\", which no route answers to{}", version.version, version.model, didYouMean(version.model, names)));
}

void checkPatterns(const std::string &field, const config::PromptTestSet &set, ProblemList &problems)
{
    for (std::size_t i = 0; i < set.cases.size(); ++i) {
        for (const auto &[key, patterns] : {std::pair("matches", &set.cases[i].matches), std::pair("not_matches", &set.cases[i].notMatches)}) {
            for (std::size_t j = 0; j < patterns->size(); ++j) {
                const RE2 pattern((*patterns)[j], RE2::Quiet);
                if (!pattern.ok())
                    problems.error(fmt::format("{}.cases[{}].{}[{}]", field, i, key, j), fmt::format("it is no regular expression: {}", pattern.error()));
            }
        }
    }
}

} // namespace

void compilePrompts(const config::Config &config, CompiledConfig &compiled, ProblemList &problems)
{
    if (config.prompts.empty())
        return;
    auto library = std::make_shared<PromptLibrary>();
    for (std::size_t i = 0; i < config.prompts.size(); ++i) {
        const config::Prompt &prompt = config.prompts[i];
        const std::string field = fmt::format("prompts[{}]", i);
        PromptLibrary::Versions versions;
        for (std::size_t j = 0; j < prompt.versions.size(); ++j) {
            const config::PromptVersion &version = prompt.versions[j];
            auto made = CompiledPrompt::compile(prompt.name, version);
            if (made)
                versions.emplace(version.version, std::move(*made)); // what cannot be compiled, check() has told
            if (isInUse(prompt, version))
                warnOfModel(compiled, fmt::format("{}.versions[{}]", field, j), version, problems);
        }
        for (std::size_t j = 0; j < prompt.testSets.size(); ++j)
            checkPatterns(fmt::format("{}.test_sets[{}]", field, j), prompt.testSets[j], problems);
        if (!versions.empty())
            library->add(prompt, std::move(versions));
    }
    compiled.prompts = std::move(library);
}

} // namespace gateway::pipeline
