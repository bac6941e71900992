// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/query_service.h"
#include "gateway/api/reprice_tools.h"
#include "gateway/core/clock.h"
#include "gateway/storage/repricings.h"

#include <functional>
#include <string>

namespace gateway::api {

/// The re-pricing of a gateway in this process. On the gateway's thread.
class EmbeddedRepricing final : public RepriceTools
{
    Q_OBJECT
public:
    struct Needs
    {
        QueryService &queries;
        storage::CallLogWriter &writer;
        const Clock &clock;
        Deliverer deliverer;
        std::function<std::string(const EditNote &by)> author;
    };
    /// @param needs  outlive this
    EmbeddedRepricing(Needs needs, Gateway *gateway) : RepriceTools(gateway), m_gateway(*gateway), m_needs(std::move(needs)), m_repricings(m_needs.writer) {}

    void preview(RepriceQuery query, QObject *context, Answer<RepricePreview> done) override;
    void cancelPreview(const QObject *context) override;
    void start(RepriceQuery query, EditNote by, QObject *context, Answer<std::int64_t> done) override;
    void runs(QObject *context, Answer<std::vector<RepriceRun>> done) override;
    void drop(std::int64_t run, QObject *context, Answer<bool> done) override;
    void total(RepriceQuery query, QObject *context, Answer<RepricedTotal> done) override;
    void ofCall(std::string id, QObject *context, Answer<std::optional<RepricedCall>> done) override;

private:
    Gateway &m_gateway;
    Needs m_needs;
    storage::Repricings m_repricings;
};

} // namespace gateway::api
