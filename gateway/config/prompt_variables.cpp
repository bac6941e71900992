// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/prompt_variables.h"

#include "gateway/core/mustache.h"
#include "gateway/core/text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace gateway::config {

namespace {

using nlohmann::json;

std::string_view typeOf(const json &value)
{
    switch (value.type()) {
    case json::value_t::string: return "a text";
    case json::value_t::boolean: return "true or false";
    case json::value_t::array: return "a list";
    case json::value_t::object: return "an object";
    case json::value_t::null: return "null";
    default: return "a number";
    }
}

bool isOfType(VariableType type, const json &value)
{
    switch (type) {
    case VariableType::Text: return value.is_string();
    case VariableType::Number: return value.is_number();
    case VariableType::Boolean: return value.is_boolean();
    case VariableType::List: return value.is_array();
    case VariableType::Object: return value.is_object();
    }
    return false;
}

std::size_t characters(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::optional<std::string> textProblem(const PromptVariable &variable, const std::string &text)
{
    if (variable.maxLength && characters(text) > static_cast<std::size_t>(*variable.maxLength))
        return fmt::format("has {} characters; at most {} are allowed", characters(text), *variable.maxLength);
    if (!variable.oneOf.empty() && std::ranges::find(variable.oneOf, text) == variable.oneOf.end())
        return fmt::format("is not one of {}", fmt::join(variable.oneOf, ", "));
    return std::nullopt;
}

std::optional<std::string> numberProblem(const PromptVariable &variable, double number)
{
    if (variable.least && number < *variable.least)
        return fmt::format("is below {}", *variable.least);
    if (variable.most && number > *variable.most)
        return fmt::format("is above {}", *variable.most);
    return std::nullopt;
}

/// The part of a dotted name that a variable is declared by.
std::string firstStep(const std::string &name)
{
    return name.substr(0, name.find('.'));
}

std::unexpected<Error> bad(const std::string &name, std::string message)
{
    return fail(ErrorCode::BadRequest, std::move(message), "prompt_variables." + name);
}

} // namespace

std::vector<PromptVariable> variablesOf(const PromptVersion &version)
{
    if (!version.variables.empty())
        return version.variables;
    std::set<std::string> plain, others;
    const auto add = [&](const std::string &text) {
        const auto parsed = MustacheTemplate::parse(text);
        if (!parsed)
            return;
        for (const std::string &name : parsed->names())
            (parsed->topNames().contains(name) && name.find('.') == std::string::npos ? plain : others).insert(firstStep(name));
    };
    for (const PromptMessage &message : version.messages)
        add(message.content);
    for (const auto &partial : version.partials)
        add(partial.second);
    std::vector<PromptVariable> variables;
    for (const std::string &name : plain) {
        if (!others.contains(name))
            variables.push_back({.name = name});
    }
    for (const std::string &name : others)
        variables.push_back({.name = name, .type = VariableType::Object, .required = false});
    return variables;
}

std::optional<std::string> valueProblem(const PromptVariable &variable, const json &value)
{
    if (!isOfType(variable.type, value))
        return fmt::format("is {}, and must be {}", typeOf(value), variable.type == VariableType::Boolean ? "true or false" : fmt::format("{} {}", variable.type == VariableType::Object ? "an" : "a", toText(variable.type)));
    switch (variable.type) {
    case VariableType::Text: return textProblem(variable, value.get_ref<const std::string &>());
    case VariableType::Number: return numberProblem(variable, value.get<double>());
    case VariableType::List:
        if (variable.maxLength && value.size() > static_cast<std::size_t>(*variable.maxLength))
            return fmt::format("has {} items; at most {} are allowed", value.size(), *variable.maxLength);
        return std::nullopt;
    case VariableType::Boolean:
    case VariableType::Object: return std::nullopt;
    }
    return std::nullopt;
}

Result<json> filledVariables(const PromptVersion &version, const json &given)
{
    if (!given.is_object())
        return fail(ErrorCode::BadRequest, fmt::format("\"prompt_variables\" must be an object of names and values, not {}.", typeOf(given)), "prompt_variables");
    const bool declared = !version.variables.empty();
    const std::vector<PromptVariable> variables = variablesOf(version);
    json filled = json::object();
    for (const PromptVariable &variable : variables) {
        const auto value = given.find(variable.name);
        const bool isGiven = value != given.end() && !value->is_null();
        if (!isGiven && variable.required)
            return bad(variable.name, fmt::format("The prompt's variable \"{}\" is missing.", variable.name));
        if (!isGiven) {
            filled[variable.name] = variable.defaultValue.empty() ? json() : json::parse(variable.defaultValue, nullptr, false);
            continue;
        }
        const auto problem = declared ? valueProblem(variable, *value) : std::nullopt;
        if (problem)
            return bad(variable.name, fmt::format("The prompt's variable \"{}\" {}.", variable.name, *problem));
        filled[variable.name] = *value;
    }
    for (const auto &entry : given.items()) {
        if (filled.contains(entry.key()))
            continue;
        std::vector<std::string_view> names;
        for (const PromptVariable &variable : variables)
            names.push_back(variable.name);
        const std::string_view near = nearestName(entry.key(), names);
        return bad(entry.key(), near.empty() ? fmt::format("The prompt has no variable \"{}\"; it has {}.", entry.key(), fmt::join(names, ", "))
                                             : fmt::format("The prompt has no variable \"{}\"; did you mean \"{}\"?", entry.key(), near));
    }
    return filled;
}

} // namespace gateway::config
