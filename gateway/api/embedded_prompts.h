// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/prompt_runner.h"
#include "gateway/api/prompt_tools.h"
#include "gateway/api/query_service.h"

#include <functional>
#include <memory>

namespace gateway::storage {
class CallLogWriter;
}

namespace gateway::api {

class ControlThread;

/// PromptTools over the parts of an EmbeddedGateway. Gateway's thread.
class EmbeddedPrompts final : public PromptTools
{
public:
    struct Needs
    {
        ControlThread &control;
        const Deliverer deliverer;
        QueryService &queries;
        storage::CallLogWriter &writer;
        std::function<ConfigPtr()> config;
        std::function<Result<OwnListener>()> listener; ///< Io where it is not up
        std::function<QObject *()> jobs;               ///< control thread: owns what runs there; null: it ends
    };
    explicit EmbeddedPrompts(Needs needs);
    ~EmbeddedPrompts() override;

    [[nodiscard]] Result<std::string> render(const std::string &name, const config::PromptVersion &version, const std::string &variables) const override;
    void run(PromptRun run, QObject *context, std::function<void(PromptPiece)> onPiece, Answer<std::vector<PromptAnswer>> done) override;
    void runTests(TestOrder order, QObject *context, std::function<void(std::size_t)> onResult, Answer<std::vector<TestResult>> done) override;
    void imported(std::string callId, QObject *context, Answer<config::PromptVersion> done) override;
    void results(std::string prompt, TimeRange range, QObject *context, Answer<std::vector<PromptFigures>> done) override;
    void giveFeedback(FeedbackGiven given, QObject *context, Answer<bool> done) override;

private:
    using Orders = std::vector<PromptRunner::Order>;
    void start(QObject *context, const OwnListener &listener, Orders orders, Duration limit, PromptRunner::Sinks sinks);

    std::unique_ptr<const Needs> m_needs;
};

} // namespace gateway::api
