// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/admin/admin_inbox.h"
#include "gateway/admin/admin_tokens.h"
#include "gateway/admin/rule_index.h"
#include "gateway/api/gateway.h"
#include "gateway/api/job_inbox.h"
#include "gateway/core/clock.h"

#include <QObject>

#include <memory>
#include <string>

namespace gateway::admin {

/// Answers what comes below /admin/v1 (api.md, "Admin API"), and LiteLLM's management calls, over the facade: who asks, what for, and may they. Lives on the
/// gateway's thread. The endpoints are in endpoint.h.
class AdminApi final : public QObject
{
    Q_OBJECT
public:
    /// @param gateway  outlives this
    /// @param inbox    the door that was given to the gateway
    /// @param owner    the secret of the owner's token
    AdminApi(api::Gateway &gateway, std::shared_ptr<AdminInbox> inbox, const std::string &owner, QObject *parent = nullptr);
    ~AdminApi() override;

private:
    void take(pipeline::AdminRequest request, Done done);

    api::Gateway &m_gateway;
    std::shared_ptr<AdminInbox> m_inbox;
    SystemClock m_clock;
    AdminTokens m_tokens;
    RuleIndexes m_rules;
    api::JobInbox m_jobs;
};

} // namespace gateway::admin
