// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/prompt_edit.h"

#include "gateway/core/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::config {

namespace {

/// All of a version but its labels.
PromptVersion unlabelled(PromptVersion version)
{
    version.labels.clear();
    return version;
}

} // namespace

std::int64_t addVersion(Prompt &prompt, PromptVersion version)
{
    const auto latest = std::ranges::max_element(prompt.versions, {}, &PromptVersion::version);
    version.version = latest == prompt.versions.end() ? 1 : latest->version + 1;
    version.labels.clear();
    prompt.versions.push_back(std::move(version));
    return prompt.versions.back().version;
}

Result<> moveLabel(Prompt &prompt, const std::string &label, std::int64_t version)
{
    const auto to = std::ranges::find(prompt.versions, version, &PromptVersion::version);
    if (to == prompt.versions.end())
        return fail(ErrorCode::NotFound, fmt::format("The prompt {} has no version {}.", jsonQuoted(prompt.name), version));
    for (PromptVersion &each : prompt.versions)
        std::erase(each.labels, label);
    to->labels.push_back(label);
    return {};
}

Result<> removeLabel(Prompt &prompt, const std::string &label)
{
    std::size_t removed = 0;
    for (PromptVersion &each : prompt.versions)
        removed += std::erase(each.labels, label);
    if (removed == 0)
        return fail(ErrorCode::NotFound, fmt::format("No version of the prompt {} has the label {}.", jsonQuoted(prompt.name), jsonQuoted(label)));
    return {};
}

Problems versionProblems(const Prompt &before, const Prompt &after, const std::string &field)
{
    Problems problems;
    for (const PromptVersion &version : before.versions) {
        const auto now = std::ranges::find(after.versions, version.version, &PromptVersion::version);
        if (now == after.versions.end() && !version.labels.empty())
            problems.push_back({.field = field + ".versions", .message = fmt::format("version {} cannot go while the label {} is on it; move the label first", version.version, jsonQuoted(version.labels.front()))});
        else if (now != after.versions.end() && unlabelled(*now) != unlabelled(version))
            problems.push_back({.field = fmt::format("{}.versions[{}]", field, now - after.versions.begin()), .message = fmt::format("version {} is there and does not change; save the change as a new version", version.version)});
    }
    return problems;
}

} // namespace gateway::config
