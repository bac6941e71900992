// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/prompt_diff.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace gateway::config {

namespace {

/// JSON with a line for each value; a text that is none as it stands.
std::string spread(const std::string &json)
{
    const auto value = nlohmann::ordered_json::parse(json, nullptr, false);
    return value.is_discarded() ? json : value.dump(2);
}

std::string described(const PromptVariable &variable)
{
    std::string text = fmt::format("{}: {}{}", variable.name, toText(variable.type), variable.required ? ", required" : "");
    if (!variable.defaultValue.empty())
        text += fmt::format(", default {}", variable.defaultValue);
    if (variable.maxLength)
        text += fmt::format(", max_length {}", *variable.maxLength);
    if (variable.least)
        text += fmt::format(", min {}", *variable.least);
    if (variable.most)
        text += fmt::format(", max {}", *variable.most);
    if (!variable.oneOf.empty())
        text += fmt::format(", one_of {}", fmt::join(variable.oneOf, ", "));
    if (!variable.description.empty())
        text += " (" + variable.description + ")";
    return text;
}

std::string described(const std::vector<PromptVariable> &variables)
{
    std::string text;
    for (const PromptVariable &variable : variables)
        text += described(variable) + "\n";
    return text;
}

std::string described(const PromptVersion &version, std::size_t message)
{
    return message < version.messages.size() ? version.messages[message].role + ":\n" + version.messages[message].content : std::string();
}

} // namespace

std::vector<DiffPart> diff(const PromptVersion &before, const PromptVersion &after)
{
    std::vector<DiffPart> parts;
    const auto compare = [&](std::string what, const std::string &one, const std::string &other) {
        if (one != other)
            parts.push_back({.what = std::move(what), .lines = diffLines(one, other)});
    };
    compare("model", before.model, after.model);
    for (std::size_t i = 0; i < std::max(before.messages.size(), after.messages.size()); ++i)
        compare(fmt::format("message {}", i + 1), described(before, i), described(after, i));
    compare("parameters", spread(before.parameters.text), spread(after.parameters.text));
    compare("tools", spread(before.tools), spread(after.tools));
    compare("response_format", spread(before.responseFormat.text), spread(after.responseFormat.text));
    compare("variables", described(before.variables), described(after.variables));
    compare("escape", std::string(toText(before.escape)), std::string(toText(after.escape)));
    auto partials = before.partials;
    partials.insert(after.partials.begin(), after.partials.end());
    for (const auto &partial : partials) {
        const auto textIn = [&](const PromptVersion &version) {
            const auto found = version.partials.find(partial.first);
            return found == version.partials.end() ? std::string() : found->second;
        };
        compare("partial " + partial.first, textIn(before), textIn(after));
    }
    return parts;
}

} // namespace gateway::config
