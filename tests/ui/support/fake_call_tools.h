// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/call_tools.h"

#include <deque>
#include <functional>

namespace tests {

/// What the made-up gateway's calls have in common, counted in its log.
class FakeCallTools final : public gateway::api::CallTools
{
    Q_OBJECT
public:
    using Log = std::function<const std::deque<gateway::CallRecord> &()>; ///< newest first
    FakeCallTools(gateway::api::Gateway *gateway, Log log) : CallTools(gateway), m_log(std::move(log)) {}

    void setFailing(bool failing) { m_failing = failing; }
    void setWaiting(bool waiting) { m_waiting = waiting; }
    void setHasty(bool hasty) { m_hasty = hasty; } ///< answers are not complete
    [[nodiscard]] int asked() const { return m_asked; }
    [[nodiscard]] int cancelled() const { return m_cancelled; }
    [[nodiscard]] const gateway::FacetQuery &lastFacets() const { return m_lastFacets; }

    void facets(gateway::FacetQuery query, QObject *context, gateway::api::Answer<gateway::CallFacets> done) override;
    void causes(gateway::CauseQuery query, QObject *context, gateway::api::Answer<gateway::ErrorCauses> done) override;
    void tree(gateway::TreeQuery query, QObject *context, gateway::api::Answer<gateway::CallTree> done) override;
    void bonds(gateway::BondsQuery query, QObject *context, gateway::api::Answer<gateway::Bonds> done) override;
    void cancel(QObject *) override { ++m_cancelled; }

private:
    template <typename T>
    void answer(QObject *context, gateway::api::Answer<T> done, std::function<gateway::Result<T>()> value);

    Log m_log;
    bool m_failing = false, m_waiting = false, m_hasty = false;
    int m_asked = 0, m_cancelled = 0;
    gateway::FacetQuery m_lastFacets;
};

} // namespace tests
