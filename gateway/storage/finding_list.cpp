// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/finding_list.h"

#include "gateway/core/finding_action.h"

#include <charconv>
#include <fmt/format.h>

namespace gateway::storage {

namespace {

/// Takes the first word off a line. Empty: there is no other behind it.
std::string_view takeWord(std::string_view &line)
{
    const std::size_t end = line.find(' ');
    if (end == std::string_view::npos)
        return {};
    const std::string_view word = line.substr(0, end);
    line.remove_prefix(end + 1);
    return word;
}

bool readCount(std::string_view word, std::uint32_t &out)
{
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), out);
    return error == std::errc {} && end == word.data() + word.size() && !word.empty();
}

} // namespace

std::string packFindings(const std::vector<PrivacyFinding> &findings)
{
    std::string text;
    for (const PrivacyFinding &finding : findings)
        text += fmt::format("{}{} {} {} {}", text.empty() ? "" : "\n", finding.asked, finding.answered, finding.action, finding.rule);
    return text;
}

std::vector<PrivacyFinding> unpackFindings(std::string_view text)
{
    std::vector<PrivacyFinding> findings;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        PrivacyFinding finding;
        const bool counted = readCount(takeWord(line), finding.asked) && readCount(takeWord(line), finding.answered);
        finding.action = takeWord(line);
        if (std::string_view(finding.action) == guardrailMark.substr(0, guardrailMark.size() - 1)) // no action of a rule is called so
            finding.action = guardrailAction(takeWord(line));
        finding.rule = line;
        if (counted && !actionWord(finding).empty() && !finding.rule.empty())
            findings.push_back(std::move(finding));
    }
    return findings;
}

} // namespace gateway::storage
