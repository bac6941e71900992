// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_gateway.h"
#include "gateway/api/embedded_parts.h"
#include "gateway/api/privacy_trials.h"
#include "gateway/privacy/webhook_text.h"

#include <algorithm>
#include <utility>

/// Trying privacy policies out: see PrivacyTools.
namespace gateway::api {

namespace {

class EmbeddedPrivacyTools final : public PrivacyTools
{
public:
    EmbeddedPrivacyTools(const EmbeddedGateway &gateway, ControlThread &control, QueryService &queries, const KeyHasher &hasher, Deliverer deliverer)
        : m_gateway(gateway), m_control(control), m_queries(queries), m_hasher(hasher), m_deliverer(deliverer)
    {
    }

    void tryOut(TriedPolicy policy, std::string text, QObject *context, Answer<PrivacyTrial> done) override
    {
        auto deliver = m_deliverer.to<Result<PrivacyTrial>>(context, std::move(done));
        m_control.post([now = m_gateway.config(), &hasher = m_hasher, policy = std::move(policy), text = std::move(text), deliver = std::move(deliver)] {
            const auto made = compileTried(now->privacyPolicies, policy);
            deliver(made ? Result<PrivacyTrial>(tryPolicy(*made, hasher, text, policy.asAnswer)) : std::unexpected(made.error()));
        });
    }

    void dryRun(TriedPolicy policy, int calls, QObject *context, Answer<PrivacyDryRun> done) override
    {
        m_queries.ask<PrivacyDryRun>(
            QueryService::Length::Long, "privacy", context,
            [now = m_gateway.config(), &hasher = m_hasher, policy = std::move(policy), calls](storage::CallLogReader &log) -> Result<PrivacyDryRun> {
                const auto made = compileTried(now->privacyPolicies, policy);
                if (!made)
                    return std::unexpected(made.error());
                return dryRunPolicy(log, *made, hasher, std::clamp(calls, 1, PrivacyDryRun::mostCalls));
            },
            std::move(done));
    }

    [[nodiscard]] std::string webhookSecret(const std::string &url) const override { return m_hasher.hashHex(privacy::webhookSecretText(url)); }

    void findings(FindingQuery query, QObject *context, Answer<FindingSummary> done) override
    {
        m_queries.ask<FindingSummary>(QueryService::Length::Long, "findings", context, [query, now = SystemClock().wallNow()](storage::CallLogReader &log) { return log.findings(query, now); }, std::move(done));
    }

private:
    const EmbeddedGateway &m_gateway;
    ControlThread &m_control;
    QueryService &m_queries;
    const KeyHasher &m_hasher;
    Deliverer m_deliverer;
};

} // namespace

PrivacyTools *EmbeddedGateway::privacyTools()
{
    if (!m_impl->privacyTools && m_impl->queries)
        m_impl->privacyTools = std::make_unique<EmbeddedPrivacyTools>(*this, m_impl->control, *m_impl->queries, *m_impl->hasher, Deliverer(m_impl->inbox));
    return m_impl->privacyTools.get();
}

} // namespace gateway::api
