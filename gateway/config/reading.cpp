// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/map_reader.h"

#include "gateway/config/resolver.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace gateway::config {

namespace {

constexpr std::size_t longestValue = 256 * 1024; // after expansion: a text cannot grow without end through its variables

bool isVariableName(std::string_view name)
{
    const auto fits = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    return !name.empty() && !(name.front() >= '0' && name.front() <= '9') && std::all_of(name.begin(), name.end(), fits);
}

} // namespace

void Reading::errorAt(int line, int column, std::string field, std::string message)
{
    problems.push_back(Problem {.file = m_options.file, .line = line, .column = column, .field = std::move(field), .message = std::move(message)});
}

void Reading::error(const Node &at, std::string field, std::string message)
{
    errorAt(at.line, at.column, std::move(field), std::move(message));
}

void Reading::warn(const Node &at, std::string field, std::string message)
{
    error(at, std::move(field), std::move(message));
    problems.back().warning = true;
}

void Reading::place(const Node &at, const std::string &field)
{
    if (at.line > 0)
        places[field] = {at.line, at.column};
}

std::optional<std::string> Reading::text(const Node &node, const std::string &field, bool credential)
{
    if (node.kind != Node::Kind::Scalar) {
        const std::string_view what = node.kind == Node::Kind::Null ? "has no value; give it one, or take the line out" : "must be one value, not a list or map";
        error(node, field, fmt::format("`{}` {}", field, what));
        return std::nullopt;
    }
    if (m_options.resolver == nullptr || m_stored)
        return node.text;
    const bool fromFile = m_options.local && node.text.starts_with("file:");
    const bool fromVault = (m_options.local || credential) && node.text.starts_with("vault:");
    std::optional<std::string> value = m_options.local ? expanded(node, field) : node.text;
    if (!value || (!fromFile && !fromVault))
        return value;
    if (fromVault && credential && !m_options.resolver->hasVault())
        return value; // whoever opens the vault puts the entry in
    const std::string_view name = std::string_view(*value).substr(value->find(':') + 1);
    Result<std::string> found = fromFile ? m_options.resolver->file(name) : m_options.resolver->vault(name);
    if (!found) {
        error(node, field, fmt::format("`{}`: {}", field, found.error().message));
        return std::nullopt;
    }
    return std::move(*found);
}

std::optional<std::string> Reading::expanded(const Node &node, const std::string &field)
{
    std::string out;
    std::string_view rest = node.text;
    while (!rest.empty()) {
        const std::size_t at = rest.find("${");
        if (at == std::string_view::npos) {
            out += rest;
            break;
        }
        if (at > 0 && rest[at - 1] == '$') { // "$${": a literal "${"
            out += rest.substr(0, at - 1);
            out += "${";
            rest.remove_prefix(at + 2);
            continue;
        }
        out += rest.substr(0, at);
        const std::size_t end = rest.find('}', at);
        if (end == std::string_view::npos) {
            error(node, field, fmt::format("`{}` has a \"${{\" without its \"}}\"; write $${{ for a literal one", field));
            return std::nullopt;
        }
        const auto value = variable(node, field, rest.substr(at + 2, end - at - 2));
        if (!value)
            return std::nullopt;
        out += *value;
        rest.remove_prefix(end + 1);
        if (out.size() > longestValue) {
            error(node, field, fmt::format("`{}` is over 256 KB once its variables are put in", field));
            return std::nullopt;
        }
    }
    return out;
}

std::optional<std::string> Reading::variable(const Node &node, const std::string &field, std::string_view inBraces)
{
    const std::size_t divider = inBraces.find(":-");
    const std::string_view name = inBraces.substr(0, divider);
    if (!isVariableName(name)) {
        error(node, field, fmt::format("`{}` names {} as an environment variable, which is no such name; write $${{ for a literal ${{", field, jsonQuoted(name)));
        return std::nullopt;
    }
    std::optional<std::string> value = m_options.resolver->environment(name);
    if (divider != std::string_view::npos && (!value || value->empty()))
        return std::string(inBraces.substr(divider + 2));
    if (!value)
        error(node, field, fmt::format("the environment variable {0} is not set (for `{1}`); set it, or write ${{{0}:-}} where it may be absent", name, field));
    return value;
}

} // namespace gateway::config
