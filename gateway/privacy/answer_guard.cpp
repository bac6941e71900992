// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/answer_guard.h"

#include "gateway/core/json_schema.h"
#include "gateway/privacy/lower_case.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

namespace gateway::privacy {

namespace {

using Kind = config::GuardrailKind;

constexpr std::string_view unreadable = "it cannot be read to its end, so that nobody can say whether it may go on";

/// Where an answer does not fit; the values that stand there are nobody's business.
std::string placesOf(const std::vector<std::string> &problems)
{
    constexpr std::size_t mostNamed = 3;
    std::string places;
    for (std::size_t i = 0; i < std::min(problems.size(), mostNamed); ++i) {
        const std::string_view place = std::string_view(problems[i]).substr(0, problems[i].find(": "));
        if (places.find(place) == std::string::npos)
            places += (places.empty() ? "" : ", ") + std::string(place);
    }
    return places + (problems.size() > mostNamed ? " and elsewhere" : "");
}

std::string repairOf(const Guard &guard, const std::vector<std::string> &problems)
{
    std::string text = "Your answer does not keep to the JSON Schema that it has to keep to:\n";
    for (const std::string &problem : problems)
        text += fmt::format("- {}\n", problem);
    return text + fmt::format("\nThe schema:\n{}\n\nAnswer again with the corrected JSON alone, and no other text.", guard.schemaText);
}

/// What is to be judged of an answer. One without any choice says nothing.
std::vector<std::string> textsOf(const wire::AnswerText &answer)
{
    std::vector<std::string> texts;
    for (const wire::AnswerText::Choice &choice : answer.choices()) {
        if (!choice.callsTools)
            texts.push_back(choice.text());
    }
    if (answer.choices().empty())
        texts.emplace_back();
    return texts;
}

class Judge
{
public:
    Judge(const Guards &guards, std::vector<std::string> texts) : m_guards(guards), m_texts(std::move(texts)) { lookForPatterns(); }

    AnswerVerdict verdict()
    {
        for (std::uint32_t i = 0; i < m_guards.all().size(); ++i) {
            const Guard &guard = m_guards.all()[i];
            if (!guard.answers)
                continue;
            if (guard.kind == Kind::Require)
                require(i);
            else if (guard.kind == Kind::JsonSchema)
                checkSchema(i, guard);
        }
        if (m_blocked)
            m_verdict.repair.clear();
        return std::move(m_verdict);
    }

private:
    /// In each text, what of the required patterns is there.
    void lookForPatterns()
    {
        const GuardPatterns &patterns = m_guards.required();
        for (std::size_t i = 0; i < m_texts.size() && !patterns.empty(); ++i) {
            std::vector<bool> there(patterns.owners.size(), false);
            std::vector<PatternSet::Match> matches;
            patterns.set.scan(m_texts[i], lowerCase(m_texts[i]), matches);
            for (const PatternSet::Match &match : matches)
                there[match.pattern] = true;
            m_there.push_back(std::move(there));
        }
    }

    void require(std::uint32_t index)
    {
        GuardFinding finding {.guard = index, .times = 0};
        const GuardPatterns &patterns = m_guards.required();
        for (std::size_t pattern = 0; pattern < patterns.owners.size(); ++pattern) {
            const GuardPatterns::Owner &owner = patterns.owners[pattern];
            if (owner.guard != index || std::ranges::all_of(m_there, [&](const std::vector<bool> &there) { return there[pattern]; }))
                continue;
            if (finding.times++ == 0)
                finding.why = requiredWords(owner.number);
        }
        if (finding.times == 0)
            return;
        m_blocked = m_blocked || m_guards.all()[index].blocks();
        m_verdict.findings.push_back(std::move(finding));
    }

    void checkSchema(std::uint32_t index, const Guard &guard)
    {
        for (const std::string &text : m_texts) {
            const auto value = nlohmann::json::parse(text, nullptr, false);
            const std::vector<std::string> problems = value.is_discarded() ? std::vector<std::string> {"it is no JSON"} : schemaProblems(*guard.schema, value);
            if (problems.empty())
                continue;
            m_verdict.findings.push_back({.guard = index, .why = value.is_discarded() ? "it is no JSON" : fmt::format("it does not keep to its JSON Schema at {}", placesOf(problems))});
            if (guard.repairs && m_verdict.repair.empty()) {
                m_verdict.repair = repairOf(guard, problems);
                m_verdict.said = text;
            }
            m_blocked = m_blocked || (guard.blocks() && !guard.repairs);
            return;
        }
    }

    const Guards &m_guards;
    std::vector<std::string> m_texts;
    std::vector<std::vector<bool>> m_there; ///< by text: which of the required patterns are in it
    AnswerVerdict m_verdict;
    bool m_blocked = false; ///< by something that asking again would not mend
};

} // namespace

AnswerVerdict judgeAnswer(const Guards &guards, const wire::AnswerText &answer)
{
    if (answer.isWhole())
        return Judge(guards, textsOf(answer)).verdict();
    AnswerVerdict verdict;
    for (std::uint32_t i = 0; i < guards.all().size(); ++i) {
        const Guard &guard = guards.all()[i];
        if (guard.answers && guard.kind != Kind::Forbid)
            verdict.findings.push_back({.guard = i, .why = std::string(unreadable)});
    }
    return verdict;
}

std::vector<GuardFinding> judgeText(const Guards &guards, std::string_view text)
{
    std::vector<GuardFinding> findings;
    const GuardPatterns &forbidden = guards.forbidden();
    std::vector<PatternSet::Match> matches;
    forbidden.set.scan(text, lowerCase(text), matches);
    for (const PatternSet::Match &match : matches) {
        const GuardPatterns::Owner &owner = forbidden.owners[match.pattern];
        const auto same = std::ranges::find(findings, owner.guard, &GuardFinding::guard);
        if (same != findings.end())
            ++same->times;
        else
            findings.push_back({.guard = owner.guard, .why = forbiddenWords(owner.number)});
    }
    AnswerVerdict wholly = Judge(guards, {std::string(text)}).verdict();
    std::ranges::move(wholly.findings, std::back_inserter(findings));
    std::ranges::sort(findings, {}, &GuardFinding::guard);
    return findings;
}

} // namespace gateway::privacy
