// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/prompt_library.h"

#include "gateway/core/stable_hash.h"
#include "gateway/core/text.h"
#include "gateway/routing/random.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace gateway::pipeline {

namespace {

constexpr std::string_view where = "prompt_id";

std::string didYouMean(std::string_view word, const std::vector<std::string_view> &candidates)
{
    const std::string_view near = nearestName(word, candidates);
    return near.empty() ? std::string(".") : fmt::format("; did you mean {}?", jsonQuoted(near));
}

std::string shown(std::string_view text)
{
    return jsonQuoted(truncatedUtf8(text, 100));
}

std::optional<std::int64_t> numberIn(std::string_view text)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return !text.empty() && error == std::errc {} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// 0 to 1, 1 excluded.
double partOf(std::uint64_t number)
{
    return static_cast<double>(number >> 11) * 0x1.0p-53;
}

} // namespace

void PromptLibrary::add(const config::Prompt &prompt, Versions versions)
{
    Entry entry {.versions = std::move(versions), .labels = {}, .shares = {}};
    for (const config::PromptVersion &version : prompt.versions) {
        for (const std::string &label : version.labels)
            entry.labels.emplace(label, version.version);
    }
    double all = 0;
    for (const config::ExperimentShare &share : prompt.experiment)
        all += share.weight;
    double upTo = 0;
    for (const config::ExperimentShare &share : prompt.experiment) {
        upTo += share.weight / all;
        const auto label = entry.labels.find(share.label);
        entry.shares.emplace_back(upTo, label == entry.labels.end() ? share.version : label->second);
    }
    m_entries.insert_or_assign(prompt.name, std::move(entry));
}

Result<const CompiledPrompt *> PromptLibrary::find(const config::PromptReference &asked, std::string_view sticky, std::uint64_t chance) const
{
    const auto found = entry(asked.name);
    if (!found)
        return std::unexpected(found.error());
    const Entry &prompt = **found;
    if (!asked.which.empty() || prompt.shares.empty())
        return version(prompt, asked);
    const double part = partOf(sticky.empty() ? chance : routing::Random::mixed(StableHash().add(asked.name).add("\n").add(sticky).value()));
    const auto share = std::ranges::find_if(prompt.shares, [part](const auto &each) { return part < each.first; });
    return &prompt.versions.at(share == prompt.shares.end() ? prompt.shares.back().second : share->second);
}

Result<const PromptLibrary::Entry *> PromptLibrary::entry(std::string_view name) const
{
    const auto found = m_entries.find(name);
    if (found != m_entries.end())
        return &found->second;
    std::vector<std::string_view> names;
    for (const auto &each : m_entries)
        names.emplace_back(each.first);
    return fail(ErrorCode::UnknownPrompt, fmt::format("There is no prompt {} here{}", shown(name), didYouMean(name, names)), std::string(where));
}

Result<const CompiledPrompt *> PromptLibrary::version(const Entry &entry, const config::PromptReference &asked)
{
    const auto number = numberIn(asked.which);
    const auto label = number ? entry.labels.end() : entry.labels.find(asked.which.empty() ? config::usualLabel : std::string_view(asked.which));
    const auto found = number                       ? entry.versions.find(*number)
        : label != entry.labels.end()               ? entry.versions.find(label->second)
        : asked.which.empty()                       ? std::prev(entry.versions.end())
                                                    : entry.versions.end();
    if (found != entry.versions.end())
        return &found->second;
    if (number)
        return fail(ErrorCode::UnknownPrompt, fmt::format("The prompt {} has no version {}; its latest is {}.", shown(asked.name), *number, entry.versions.rbegin()->first), std::string(where));
    std::vector<std::string_view> labels;
    for (const auto &each : entry.labels)
        labels.emplace_back(each.first);
    return fail(ErrorCode::UnknownPrompt, fmt::format("No version of the prompt {} has the label {}{}", shown(asked.name), shown(asked.which), didYouMean(asked.which, labels)), std::string(where));
}

} // namespace gateway::pipeline
