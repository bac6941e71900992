// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/prompt_checks.h"

#include "gateway/core/json_schema.h"
#include "gateway/core/text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <re2/re2.h>

namespace gateway::api {

namespace {

/// Models like to put JSON into a block of Markdown.
std::string_view withoutFence(std::string_view text)
{
    text = trimmed(text);
    if (!text.starts_with("```") || !text.ends_with("```") || text.size() < 7)
        return text;
    const std::size_t line = text.find('\n');
    return line == std::string_view::npos ? text : trimmed(text.substr(line, text.size() - line - 3));
}

void checkSchema(const std::string &schema, const std::string &answer, std::vector<std::string> &failures)
{
    const auto wanted = nlohmann::json::parse(schema, nullptr, false);
    const auto value = nlohmann::json::parse(withoutFence(answer), nullptr, false);
    if (value.is_discarded()) {
        failures.emplace_back("it is no JSON");
        return;
    }
    for (std::string &problem : schemaProblems(wanted, value))
        failures.push_back(std::move(problem));
}

} // namespace

std::vector<std::string> failuresOf(const config::PromptTestCase &test, const std::string &answer)
{
    std::vector<std::string> failures;
    for (const std::string &pattern : test.matches) {
        if (!RE2::PartialMatch(answer, RE2(pattern, RE2::Quiet)))
            failures.push_back(fmt::format("it does not match {}", pattern));
    }
    for (const std::string &pattern : test.notMatches) {
        if (RE2::PartialMatch(answer, RE2(pattern, RE2::Quiet)))
            failures.push_back(fmt::format("it matches {}, and must not", pattern));
    }
    if (!test.schema.empty())
        checkSchema(test.schema.text, answer, failures);
    return failures;
}

} // namespace gateway::api
