// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/prompt_tools.h"

#include <optional>

namespace tests {

/// What is done with prompts, made up: answers of scene_prompts.h come piece by piece, from the event loop.
class FakePrompts final : public gateway::api::PromptTools
{
public:
    // What tests turn.
    void setFailing(bool failing) { m_failing = failing; }          ///< the log cannot be read
    void setFigures(std::vector<gateway::PromptFigures> figures) { m_figures = std::move(figures); } ///< of any prompt
    void setWaiting(bool waiting) { m_waiting = waiting; }          ///< no question to the log is answered
    /// A run says its first piece, a test run its first result, and then no more.
    void setHeld(bool held) { m_held = held; }
    /// What the next run, of tests or not, meets in place of an answer.
    void failNextRun(gateway::Error error) { m_runError = std::move(error); }
    void setImported(gateway::Result<gateway::config::PromptVersion> version) { m_imported = std::move(version); }

    // What tests look at.
    [[nodiscard]] const std::vector<gateway::api::PromptRun> &runs() const { return m_runs; }
    [[nodiscard]] const std::vector<gateway::api::TestOrder> &testRuns() const { return m_testRuns; }
    [[nodiscard]] const std::string &importedCall() const { return m_importedCall; } ///< the last one that was asked for

    gateway::Result<std::string> render(const std::string &name, const gateway::config::PromptVersion &version, const std::string &variables) const override;
    void run(gateway::api::PromptRun run, QObject *context, std::function<void(gateway::api::PromptPiece)> onPiece, gateway::api::Answer<std::vector<gateway::api::PromptAnswer>> done) override;
    /// An answer is what a run at the route has; cases pass by their patterns, as far as QRegularExpression reads them.
    void runTests(gateway::api::TestOrder order, QObject *context, std::function<void(std::size_t)> onResult, gateway::api::Answer<std::vector<gateway::api::TestResult>> done) override;
    void imported(std::string callId, QObject *context, gateway::api::Answer<gateway::config::PromptVersion> done) override;
    void results(std::string prompt, gateway::api::TimeRange range, QObject *context, gateway::api::Answer<std::vector<gateway::PromptFigures>> done) override;
    void giveFeedback(gateway::api::FeedbackGiven given, QObject *context, gateway::api::Answer<bool> done) override;

private:
    std::vector<gateway::api::PromptRun> m_runs;
    std::vector<gateway::api::TestOrder> m_testRuns;
    std::optional<std::vector<gateway::PromptFigures>> m_figures;
    std::string m_importedCall;
    std::optional<gateway::Error> m_runError;
    std::optional<gateway::Result<gateway::config::PromptVersion>> m_imported;
    bool m_failing = false, m_waiting = false, m_held = false;
};

} // namespace tests
