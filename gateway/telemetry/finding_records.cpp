// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/telemetry/finding_records.h"

#include "gateway/core/finding_action.h"

#include <utility>

namespace gateway::telemetry {

void FindingRecords::push(CallRecord record, std::move_only_function<void(bool stored)> onCommitted)
{
    if (!record.findings.empty() && !record.shadow) // a copy has what its call has
        count(record);
    m_next.push(std::move(record), std::move(onCommitted));
}

void FindingRecords::count(const CallRecord &record)
{
    const std::lock_guard lock(m_mutex);
    for (const PrivacyFinding &finding : record.findings) {
        Name name(record.policy, finding.rule, actionWord(finding), isGuardrails(finding));
        if (m_found.size() >= mostNames && !m_found.contains(name))
            name = Name("other", "other", "other", false);
        m_found[std::move(name)] += finding.asked + finding.answered;
    }
}

std::vector<Gauge> FindingRecords::counts() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<Gauge> all;
    for (const auto &[name, found] : m_found) {
        const auto &[policy, rule, action, guardrail] = name;
        all.push_back({.name = "privacy_findings_total", .help = "What privacy policies found in requests and answers; kind says whether the rule is a guardrail.",
                       .labels = {{"policy", policy}, {"rule", rule}, {"action", action}, {"kind", guardrail ? "guardrail" : "rule"}}, .value = static_cast<double>(found)});
    }
    return all;
}

} // namespace gateway::telemetry
