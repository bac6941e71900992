// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/probe_plan.h"
#include "gateway/api/provider_caller.h"

#include <QObject>

#include <chrono>
#include <string>

namespace gateway::api {

/// Tests one provider with real calls, step by step: name, connection, certificate, key, model. The first step that
/// fails ends the test; the later ones say why they were not tried. Lives on the control thread; one test each.
class ProviderProber : public QObject
{
    Q_OBJECT
public:
    ProviderProber(ProviderCaller &caller, ProbePlan plan, QObject *parent = nullptr);
    void start();

Q_SIGNALS:
    void stepEnded(const gateway::api::ProbeStep &step);
    void finished(const gateway::api::ProbeReport &report);

private:
    using Answer = Result<ProviderCaller::Reply>;

    void onDialStep(const DialStep &step);
    void onModels(const Answer &answer);
    void askModel();
    void onModelAnswer(const Answer &answer);

    [[nodiscard]] std::string addressesText(const DialStep &step) const;
    /// "HTTP 401 invalid_api_key: ...", in the provider's words without a secret.
    [[nodiscard]] std::string wordsOf(const ProviderCaller::Reply &reply) const;
    [[nodiscard]] bool keyRejected(const ProviderCaller::Reply &reply) const;
    void failOnTheWay(const Error &error);
    void failWithoutToken(const Error &error);
    void endStep(ProbeStep::Kind kind, ProbeStep::State state, std::string headline, std::string detail = {});
    void failFrom(ProbeStep::Kind kind, std::string headline, std::string detail);
    void finish();

    ProviderCaller &m_caller;
    ProbePlan m_plan;
    ProbeReport m_report;
    std::chrono::steady_clock::time_point m_started;
    std::chrono::steady_clock::time_point m_stepStarted;
};

} // namespace gateway::api
