// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/guards.h"

#include "gateway/core/text.h"
#include "gateway/privacy/policy.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace gateway::privacy {

namespace {

using Kind = config::GuardrailKind;

/// Whether it may match at the end of what has come so far, and not any more with what comes next. Where in doubt it does.
bool looksAhead(std::string_view pattern)
{
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        if (pattern[at] == '$')
            return true;
        if (pattern[at] == '\\' && ++at < pattern.size() && (pattern[at] == 'b' || pattern[at] == 'B' || pattern[at] == 'z' || pattern[at] == 'Z'))
            return true;
    }
    return false;
}

} // namespace

void Guards::addPatterns(const config::Guardrail &guardrail, const std::string &field, GuardPatterns &to, config::Problems &problems) const
{
    for (std::uint32_t i = 0; i < guardrail.patterns.size(); ++i) {
        const std::string &pattern = guardrail.patterns[i];
        if (const auto taken = to.set.add(pattern); taken) {
            to.owners.push_back({.guard = static_cast<std::uint32_t>(m_all.size()), .number = i, .looksAhead = looksAhead(pattern)});
        } else {
            std::string place = fmt::format("{}.patterns[{}]", field, i);
            if (std::ranges::find(problems, place, &config::Problem::field) == problems.end())
                problems.push_back({.field = place, .message = fmt::format("`{}` is no regular expression: {}", place, taken.error().message)});
        }
    }
}

void Guards::add(const config::Guardrail &guardrail, const std::string &field, config::Problems &problems)
{
    if (!guardrail.kind || std::ranges::find(m_all, guardrail.shownName(), &Guard::name) != m_all.end())
        return;
    const Kind kind = *guardrail.kind;
    const bool both = kind == Kind::Forbid || kind == Kind::Require || kind == Kind::Webhook;
    Guard guard {.name = std::string(guardrail.shownName()), .kind = kind, .action = guardrail.action};
    guard.requests = both ? guardrail.looksAtRequests() : kind != Kind::JsonSchema;
    guard.answers = both ? guardrail.looksAtAnswers() : kind == Kind::JsonSchema;
    guard.limit = guardrail.limit;
    guard.patterns = static_cast<std::uint32_t>(guardrail.patterns.size());
    guard.threshold = guardrail.threshold.value_or(config::standardThreshold);
    guard.holdsStreams = guard.answers && guardrail.streams == config::StreamWay::Hold;
    guard.repairs = guardrail.repair && guard.blocks();
    guard.url = guardrail.url;
    guard.timeout = guardrail.timeout;
    guard.onFailure = guardrail.onFailure;
    if (kind == Kind::Injection)
        guard.phrases = guardrail.phrases.empty() ? InjectionPhrases::builtIn() : std::make_shared<const InjectionPhrases>(guardrail.phrases);
    if (kind == Kind::JsonSchema) {
        auto schema = std::make_shared<nlohmann::json>(nlohmann::json::parse(guardrail.schema.text, nullptr, false));
        if (!schema->is_object())
            problems.push_back({.field = field + ".schema", .message = fmt::format("`{}.schema` is not a JSON object", field)});
        guard.schema = std::move(schema);
        guard.schemaText = guardrail.schema.text;
    }
    if (guard.requests)
        addPatterns(guardrail, field, m_ofRequests, problems);
    if (guard.answers)
        addPatterns(guardrail, field, kind == Kind::Forbid ? m_forbidden : m_required, problems);
    m_all.push_back(std::move(guard));
}

void Guards::seal()
{
    for (GuardPatterns *patterns : {&m_ofRequests, &m_forbidden, &m_required})
        patterns->set.seal();
    for (const Guard &guard : m_all) {
        m_looksAtRequests = m_looksAtRequests || (guard.requests && guard.kind != Kind::Webhook);
        m_readsAnswers = m_readsAnswers || (guard.answers && guard.kind != Kind::Forbid);
        m_holdsStreams = m_holdsStreams || guard.holdsStreams;
        m_blocks = m_blocks || guard.blocks();
        m_asks = m_asks || guard.kind == Kind::Webhook;
    }
}

const GuardFinding *blocking(const Guards &guards, const std::vector<GuardFinding> &findings)
{
    const auto found = std::ranges::find_if(findings, [&](const GuardFinding &finding) { return guards.all()[finding.guard].blocks(); });
    return found == findings.end() ? nullptr : &*found;
}

std::string forbiddenWords(std::uint32_t number)
{
    return fmt::format("a text in it matches pattern {}, which none may", number + 1);
}

std::string requiredWords(std::uint32_t number)
{
    return fmt::format("nothing in it matches pattern {}, which it has to", number + 1);
}

Error stoppedBy(const Policy &policy, const GuardFinding &finding, std::string_view what)
{
    return {.code = ErrorCode::BlockedByPolicy,
            .message = fmt::format("{} is stopped by the guardrail \"{}\" of the privacy policy \"{}\": {}.", what, policy.guards().all()[finding.guard].name, policy.name(), finding.why)};
}

} // namespace gateway::privacy
