// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/cost_studies.h"
#include "tests/ui/support/scene_costs.h"

#include <functional>
#include <optional>

namespace tests {

/// The made-up gateway's studies of its made-up costs: unusual days are found for real, savings are parts of what was spent.
class FakeCostStudies final : public gateway::api::CostStudies
{
    Q_OBJECT
public:
    /// @param cells  what there is to study
    FakeCostStudies(gateway::api::Gateway *gateway, std::function<std::vector<CostCell>()> cells) : CostStudies(gateway), m_cells(std::move(cells)) {}

    void setFailing(bool failing) { m_failing = failing; }
    void setWaiting(bool waiting) { m_waiting = waiting; }
    [[nodiscard]] const gateway::AnomalyQuery &lastAnomalyQuery() const { return m_anomalyQuery; }
    [[nodiscard]] const gateway::SavingsQuery &lastSavingsQuery() const { return m_savingsQuery; }
    [[nodiscard]] int savingsAsked() const { return m_savingsAsked; }
    [[nodiscard]] int cancelled() const { return m_cancelled; }

    // gateway::api::CostStudies
    void anomalies(gateway::AnomalyQuery query, QObject *context, gateway::api::Answer<std::vector<gateway::CostAnomaly>> done) override;
    void savings(gateway::SavingsQuery query, QObject *context, gateway::api::Answer<gateway::Savings> done) override;
    void cancel(QObject *) override { ++m_cancelled; }

private:
    std::function<std::vector<CostCell>()> m_cells;
    bool m_failing = false, m_waiting = false;
    gateway::AnomalyQuery m_anomalyQuery;
    gateway::SavingsQuery m_savingsQuery;
    int m_savingsAsked = 0, m_cancelled = 0;
};

/// Cells of that day like those of a key that suddenly asks a dear model, beside the scene's own.
std::vector<CostCell> sceneWithAnOddDay(int dayOfNovember = 12);

} // namespace tests
