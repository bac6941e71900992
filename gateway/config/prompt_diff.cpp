// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/prompt_diff.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <span>

namespace gateway::config {

namespace {

constexpr std::size_t mostCells = 4'000'000; // of the table below: 16 MB

std::vector<std::string_view> linesOf(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            break;
        text.remove_prefix(end + 1);
        if (text.empty())
            lines.emplace_back(); // a text that ends with a line end is another than one that does not
    }
    return lines;
}

using Lines = std::span<const std::string_view>;

void add(std::vector<DiffLine> &out, DiffLine::Kind kind, Lines lines)
{
    for (const std::string_view line : lines)
        out.push_back({.kind = kind, .text = std::string(line)});
}

/// The longest common subsequence of what lies between the equal ends.
void addMiddle(std::vector<DiffLine> &out, Lines before, Lines after)
{
    const std::size_t width = after.size() + 1;
    if (before.size() * width > mostCells || before.empty() || after.empty()) {
        add(out, DiffLine::Kind::Removed, before);
        add(out, DiffLine::Kind::Added, after);
        return;
    }
    std::vector<std::uint32_t> common((before.size() + 1) * width, 0); // of the rests from row and column on
    for (std::size_t i = before.size(); i-- > 0;) {
        for (std::size_t j = after.size(); j-- > 0;)
            common[i * width + j] = before[i] == after[j] ? common[(i + 1) * width + j + 1] + 1 : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
    std::size_t i = 0, j = 0;
    while (i < before.size() && j < after.size()) {
        if (before[i] == after[j]) {
            add(out, DiffLine::Kind::Equal, before.subspan(i++, 1));
            ++j;
        } else if (common[(i + 1) * width + j] >= common[i * width + j + 1]) {
            add(out, DiffLine::Kind::Removed, before.subspan(i++, 1));
        } else {
            add(out, DiffLine::Kind::Added, after.subspan(j++, 1));
        }
    }
    add(out, DiffLine::Kind::Removed, before.subspan(i));
    add(out, DiffLine::Kind::Added, after.subspan(j));
}

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

std::vector<DiffLine> diffLines(std::string_view before, std::string_view after)
{
    const std::vector<std::string_view> one = linesOf(before), other = linesOf(after);
    const std::size_t shorter = std::min(one.size(), other.size());
    std::size_t head = 0, tail = 0;
    while (head < shorter && one[head] == other[head])
        ++head;
    while (tail < shorter - head && one[one.size() - 1 - tail] == other[other.size() - 1 - tail])
        ++tail;
    std::vector<DiffLine> lines;
    add(lines, DiffLine::Kind::Equal, Lines(one).first(head));
    addMiddle(lines, Lines(one).subspan(head, one.size() - head - tail), Lines(other).subspan(head, other.size() - head - tail));
    add(lines, DiffLine::Kind::Equal, Lines(one).last(tail));
    return lines;
}

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
