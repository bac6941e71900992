// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/cost_studies.h"
#include "ui/widgets/card.h"

#include <QTimeZone>

class QListWidget;

namespace ui::costs {

/// Days of what is shown that were not as usual, those that cost most first: what happened and what explains it. A click or Enter
/// opens the calls behind it. Hidden while there is none; keeps what it has where a question fails: the figures above it say that.
class UnusualCard final : public widgets::Card
{
    Q_OBJECT
public:
    /// @param studies  outlive this
    explicit UnusualCard(gateway::api::CostStudies &studies, QWidget *parent = nullptr);

    void ask(const gateway::AnomalyQuery &query, const QTimeZone &zone);
    [[nodiscard]] const std::vector<gateway::CostAnomaly> &anomalies() const { return m_anomalies; }

Q_SIGNALS:
    void changed();
    void opened(const gateway::CostAnomaly &anomaly);

private:
    void take(std::vector<gateway::CostAnomaly> anomalies);
    void open(int row);

    gateway::api::CostStudies &m_studies;
    QListWidget *m_list;
    QTimeZone m_zone = QTimeZone::utc();
    std::vector<gateway::CostAnomaly> m_anomalies;
};

} // namespace ui::costs
