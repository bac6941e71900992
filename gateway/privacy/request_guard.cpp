// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/request_guard.h"

#include "gateway/privacy/lower_case.h"

#include <algorithm>
#include <fmt/format.h>

namespace gateway::privacy {

using Kind = config::GuardrailKind;

RequestGuard::RequestGuard(const Guards &guards)
    : m_guards(guards), m_matches(guards.ofRequests().owners.size(), 0), m_times(guards.all().size(), 0), m_scores(guards.all().size(), 0)
{
}

void RequestGuard::look(const BodyScrub &body)
{
    for (std::size_t i = 0; i < body.textCount(); ++i)
        look(body.plain(i), body.role(i));
}

void RequestGuard::look(std::string_view plain, TextRole role)
{
    if (role == TextRole::AboutTheCall)
        return;
    ++m_texts;
    m_bytes += plain.size();
    m_size.add(plain);
    lookForPatterns(plain);
    if (role != TextRole::Instruction)
        lookForInjection(plain);
}

void RequestGuard::lookForPatterns(std::string_view plain)
{
    if (m_guards.ofRequests().empty())
        return;
    lowerCase(plain, m_lowered);
    m_found.clear();
    m_guards.ofRequests().set.scan(plain, m_lowered, m_found);
    for (const PatternSet::Match &match : m_found)
        ++m_matches[match.pattern];
}

void RequestGuard::lookForInjection(std::string_view plain)
{
    for (std::size_t i = 0; i < m_guards.all().size(); ++i) {
        const Guard &guard = m_guards.all()[i];
        if (guard.kind != Kind::Injection)
            continue;
        const double score = guard.phrases->score(plain);
        m_times[i] += score >= guard.threshold ? 1 : 0;
        m_scores[i] = std::max(m_scores[i], score);
    }
}

std::optional<GuardFinding> RequestGuard::findingOf(std::uint32_t index) const
{
    const Guard &guard = m_guards.all()[index];
    GuardFinding finding {.guard = index};
    switch (guard.kind) {
    case Kind::MaxBytes:
        finding.why = fmt::format("its texts have {} bytes, and at most {} are let through", m_bytes, guard.limit);
        return m_bytes > static_cast<std::uint64_t>(guard.limit) ? std::optional(finding) : std::nullopt;
    case Kind::MaxTokens: {
        const std::int64_t tokens = wire::estimateTokens(m_size);
        finding.why = fmt::format("its texts have about {} tokens, and at most {} are let through", tokens, guard.limit);
        return tokens > guard.limit ? std::optional(finding) : std::nullopt;
    }
    case Kind::Injection:
        finding.times = m_times[index];
        finding.why = fmt::format("a text in it reads as if it would take the model over (score {:.2f})", m_scores[index]);
        return finding.times > 0 ? std::optional(finding) : std::nullopt;
    case Kind::Forbid:
    case Kind::Require: break;
    case Kind::JsonSchema:
    case Kind::Webhook: return std::nullopt;
    }
    const bool wanted = guard.kind == Kind::Require;
    finding.times = 0;
    for (std::size_t i = 0; i < m_matches.size(); ++i) {
        const GuardPatterns::Owner &owner = m_guards.ofRequests().owners[i];
        if (owner.guard != index || wanted == (m_matches[i] > 0))
            continue;
        if (finding.times == 0)
            finding.why = wanted ? requiredWords(owner.number) : forbiddenWords(owner.number);
        finding.times += wanted ? 1U : m_matches[i];
    }
    return finding.times > 0 ? std::optional(finding) : std::nullopt;
}

std::vector<GuardFinding> RequestGuard::finish()
{
    std::vector<GuardFinding> findings;
    for (std::uint32_t i = 0; m_texts > 0 && i < m_guards.all().size(); ++i) { // what has no text is no prompt
        if (!m_guards.all()[i].requests)
            continue;
        if (auto finding = findingOf(i))
            findings.push_back(std::move(*finding));
    }
    return findings;
}

} // namespace gateway::privacy
