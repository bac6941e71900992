// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/prompt_text.h"
#include "gateway/config/prompt_variables.h"
#include "gateway/core/mustache.h"
#include "gateway/core/text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace gateway::config {

namespace {

constexpr std::size_t longestName = 100;
constexpr std::size_t mostVersions = 1'000;
constexpr std::size_t mostMessages = 200;
constexpr std::size_t mostShares = 20;
constexpr std::size_t mostTestSets = 50, mostTestCases = 1'000;
constexpr std::array<std::string_view, 4> roles {"system", "developer", "user", "assistant"};

bool isOfName(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

/// Names stand in paths and headers: `/v1/prompts/NAME/completions`, `x-signalbox-prompt: NAME@LABEL`.
bool isName(std::string_view name)
{
    return !name.empty() && name.size() <= longestName && std::ranges::all_of(name, isOfName);
}

bool isNumber(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string at(const std::string &field, std::string_view key)
{
    return field.empty() ? std::string(key) : fmt::format("{}.{}", field, key);
}

/// The templates of one version together: what they look up must be there.
class VersionCheck
{
public:
    VersionCheck(Checks &checks, const std::string &field, const PromptVersion &version) : m_checks(checks), m_field(field), m_version(version) {}

    void run()
    {
        if (m_version.version < 1)
            m_checks.error(at(m_field, "version"), fmt::format("{} is no version; number them from 1", m_version.version));
        if (m_version.messages.empty())
            m_checks.error(at(m_field, "messages"), "the version has no messages; give it one, such as { role: system, content: \"...\" }");
        if (m_version.messages.size() > mostMessages)
            m_checks.error(at(m_field, "messages"), fmt::format("a version has at most {} messages", mostMessages));
        for (std::size_t i = 0; i < m_version.messages.size(); ++i)
            message(fmt::format("{}[{}]", at(m_field, "messages"), i), m_version.messages[i]);
        for (const auto &[name, text] : m_version.partials)
            look(fmt::format("{}.{}", at(m_field, "partials"), name), text);
        if (!m_version.parameters.empty())
            m_checks.json(at(m_field, "parameters"), m_version.parameters);
        if (!m_version.responseFormat.empty())
            m_checks.json(at(m_field, "response_format"), m_version.responseFormat);
        variables();
    }

private:
    void message(const std::string &field, const PromptMessage &message)
    {
        if (std::ranges::find(roles, message.role) == roles.end())
            m_checks.error(at(field, "role"), fmt::format("{} is no role; write one of {}", jsonQuoted(message.role), fmt::join(roles, ", ")));
        look(at(field, "content"), message.content);
    }

    void look(const std::string &field, const std::string &text)
    {
        const auto parsed = MustacheTemplate::parse(text);
        if (!parsed) {
            m_checks.error(field, parsed.error().text());
            return;
        }
        for (const std::string &partial : parsed->partials()) {
            if (!m_version.partials.contains(partial))
                m_checks.error(field, fmt::format("there is no partial {}; write it under `partials`", jsonQuoted(partial)));
        }
        for (const std::string &name : parsed->names())
            m_used.insert(name.substr(0, name.find('.')));
        for (const std::string &name : parsed->topNames()) {
            const std::string first = name.substr(0, name.find('.'));
            if (!m_version.variables.empty() && std::ranges::find(m_version.variables, first, &PromptVariable::name) == m_version.variables.end())
                m_checks.error(field, fmt::format("the variable {} is not declared; declare it under `variables`, or take it out", jsonQuoted(first)));
        }
    }

    void variables()
    {
        Uniques names;
        for (std::size_t i = 0; i < m_version.variables.size(); ++i) {
            const PromptVariable &variable = m_version.variables[i];
            const std::string field = fmt::format("{}[{}]", at(m_field, "variables"), i);
            if (variable.name.empty() || variable.name.find_first_of(" \t\r\n.{}") != std::string::npos)
                m_checks.error(at(field, "name"), fmt::format("{} is no variable's name: it has no blanks, dots or braces", jsonQuoted(variable.name)));
            names.add(m_checks, at(field, "name"), "variable", variable.name);
            limits(field, variable);
            if (!m_used.contains(variable.name))
                m_checks.warn(field, fmt::format("the variable {} is nowhere used", jsonQuoted(variable.name)));
        }
    }

    void limits(const std::string &field, const PromptVariable &variable)
    {
        using Type = VariableType;
        if (variable.maxLength && (*variable.maxLength < 1 || (variable.type != Type::Text && variable.type != Type::List)))
            m_checks.error(at(field, "max_length"), "`max_length` is for texts and lists, and is 1 or more");
        if ((variable.least || variable.most) && variable.type != Type::Number)
            m_checks.error(at(field, variable.least ? "min" : "max"), "`min` and `max` are for numbers");
        if (variable.least && variable.most && *variable.least > *variable.most)
            m_checks.error(at(field, "min"), "`min` is above `max`");
        if (!variable.oneOf.empty() && variable.type != Type::Text)
            m_checks.error(at(field, "one_of"), "`one_of` is for texts");
        if (variable.defaultValue.empty())
            return;
        const auto value = nlohmann::json::parse(variable.defaultValue, nullptr, false);
        if (const auto problem = value.is_discarded() ? std::optional<std::string>("is no JSON") : valueProblem(variable, value))
            m_checks.error(at(field, "default"), fmt::format("the default {}", *problem));
    }

    Checks &m_checks;
    const std::string &m_field;
    const PromptVersion &m_version;
    std::set<std::string> m_used; ///< names' first steps
};

void checkLabels(Checks &checks, const std::string &field, const Prompt &prompt)
{
    std::set<std::string, std::less<>> seen;
    for (std::size_t i = 0; i < prompt.versions.size(); ++i) {
        for (const std::string &label : prompt.versions[i].labels) {
            const std::string where = fmt::format("{}[{}].labels", at(field, "versions"), i);
            if (!isName(label) || isNumber(label))
                checks.error(where, fmt::format("{} is no label: it has letters, digits, dots, dashes and underscores, and is no number", jsonQuoted(label)));
            if (!seen.insert(label).second)
                checks.error(where, fmt::format("the label {} is on two versions; a label is on one", jsonQuoted(label)));
        }
    }
}

void checkShare(Checks &checks, const std::string &field, const Prompt &prompt, const ExperimentShare &share)
{
    if ((share.version != 0) != share.label.empty())
        checks.error(field, "a share of an experiment has a version's number or a label: one of both");
    else if (findVersion(prompt, share.label.empty() ? std::to_string(share.version) : share.label) == nullptr)
        checks.error(at(field, share.label.empty() ? "version" : "label"), share.label.empty() ? fmt::format("there is no version {}", share.version) : fmt::format("no version has the label {}", jsonQuoted(share.label)));
    if (!(share.weight > 0) || share.weight > 1'000'000)
        checks.error(at(field, "weight"), "a weight is above 0, to a million");
}

void checkExperiment(Checks &checks, const std::string &field, const Prompt &prompt)
{
    if (prompt.experiment.size() == 1 || prompt.experiment.size() > mostShares)
        checks.error(field, fmt::format("an experiment is among 2 to {} versions", mostShares));
    Uniques shares;
    for (std::size_t i = 0; i < prompt.experiment.size(); ++i) {
        const ExperimentShare &share = prompt.experiment[i];
        const std::string itsField = fmt::format("{}[{}]", field, i);
        checkShare(checks, itsField, prompt, share);
        shares.add(checks, itsField, "version", share.label.empty() ? std::to_string(share.version) : share.label);
    }
}

void checkTestSets(Checks &checks, const std::string &field, const std::vector<PromptTestSet> &sets)
{
    if (sets.size() > mostTestSets)
        checks.error(field, fmt::format("a prompt has at most {} test sets", mostTestSets));
    Uniques names;
    for (std::size_t i = 0; i < sets.size(); ++i) {
        const std::string itsField = fmt::format("{}[{}]", field, i);
        if (!isName(sets[i].name))
            checks.error(at(itsField, "name"), fmt::format("{} is no test set's name: 1 to {} letters, digits, dots, dashes and underscores", jsonQuoted(sets[i].name), longestName));
        names.add(checks, at(itsField, "name"), "test set", sets[i].name);
        if (sets[i].cases.size() > mostTestCases)
            checks.error(at(itsField, "cases"), fmt::format("a test set has at most {} cases", mostTestCases));
        Uniques cases;
        for (std::size_t j = 0; j < sets[i].cases.size(); ++j) {
            const PromptTestCase &test = sets[i].cases[j];
            const std::string itsCase = fmt::format("{}[{}]", at(itsField, "cases"), j);
            if (test.name.empty())
                checks.error(at(itsCase, "name"), "the case has no name");
            cases.add(checks, at(itsCase, "name"), "case", test.name);
            for (const auto &[key, text] : {std::pair("variables", &test.variables), std::pair("schema", &test.schema)}) {
                if (!text->empty())
                    checks.json(at(itsCase, key), *text);
            }
        }
    }
}

} // namespace

void checkPrompt(Checks &checks, const std::string &field, const Prompt &prompt)
{
    if (!isName(prompt.name))
        checks.error(at(field, "name"), fmt::format("{} is no prompt's name: 1 to {} letters, digits, dots, dashes and underscores", jsonQuoted(prompt.name), longestName));
    if (prompt.versions.empty())
        checks.error(at(field, "versions"), "the prompt has no version; give it one");
    if (prompt.versions.size() > mostVersions)
        checks.error(at(field, "versions"), fmt::format("a prompt has at most {} versions", mostVersions));
    Uniques numbers;
    for (std::size_t i = 0; i < prompt.versions.size(); ++i) {
        const std::string itsField = fmt::format("{}[{}]", at(field, "versions"), i);
        numbers.add(checks, at(itsField, "version"), "version", std::to_string(prompt.versions[i].version));
        VersionCheck(checks, itsField, prompt.versions[i]).run();
    }
    checkLabels(checks, field, prompt);
    checkExperiment(checks, at(at(field, "experiment"), "versions"), prompt);
    checkTestSets(checks, at(field, "test_sets"), prompt.testSets);
}

void checkPrompts(Checks &checks, const std::string &field, const std::vector<Prompt> &prompts)
{
    Uniques names;
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        const std::string itsField = fmt::format("{}[{}]", field, i);
        names.add(checks, at(itsField, "name"), "prompt", prompts[i].name);
        checkPrompt(checks, itsField, prompts[i]);
    }
}

} // namespace gateway::config
