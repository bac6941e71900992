// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/privacy_tools.h"

#include <optional>

namespace tests {

/// Tries policies with a handful of simple detectors: e-mail, phone, credit card, IBAN, own patterns and words; and guardrails of
/// size, patterns and JSON. Its dry run finds the same in any log: figures by rule. Every answer comes from the event loop.
class FakePrivacyTools final : public gateway::api::PrivacyTools
{
public:
    enum class Log { Well, Failing, Silent };

    void setLog(Log log) { m_log = log; }
    /// Trials and dry runs are refused with this.
    void setProblem(std::optional<gateway::Error> problem) { m_problem = std::move(problem); }

    [[nodiscard]] int trials() const { return m_trials; }
    [[nodiscard]] const gateway::api::TriedPolicy &tried() const { return m_tried; } ///< last
    void setSummary(gateway::FindingSummary summary) { m_summary = std::move(summary); } ///< what findings() tells
    [[nodiscard]] int summariesAsked() const { return m_summariesAsked; }
    [[nodiscard]] int callsAsked() const { return m_callsAsked; }

    void tryOut(gateway::api::TriedPolicy policy, std::string text, QObject *context, gateway::api::Answer<gateway::api::PrivacyTrial> done) override;
    [[nodiscard]] std::string webhookSecret(const std::string &url) const override { return "key of " + url; }
    void findings(gateway::FindingQuery query, QObject *context, gateway::api::Answer<gateway::FindingSummary> done) override;
    void dryRun(gateway::api::TriedPolicy policy, int calls, QObject *context, gateway::api::Answer<gateway::api::PrivacyDryRun> done) override;

private:
    Log m_log = Log::Well;
    std::optional<gateway::Error> m_problem;
    int m_trials = 0, m_callsAsked = 0, m_summariesAsked = 0;
    gateway::FindingSummary m_summary;
    gateway::api::TriedPolicy m_tried;
};

/// What the pictures' policies found in the last day.
gateway::FindingSummary sceneFindings();

} // namespace tests
