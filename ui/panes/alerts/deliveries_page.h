// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/alerts/history_page.h"

namespace ui::widgets {
class StateLabel;
}

namespace ui::alerts {

/// Each try to tell somebody, and what came of it; above it how the last test went.
class DeliveriesPage final : public HistoryPage
{
    Q_OBJECT
public:
    using Now = std::function<gateway::WallTime()>;
    DeliveriesPage(gateway::api::AlertTools &tools, Now now, QWidget *parent = nullptr);

    /// How a test of that alert went; what each receiver said is in the list then.
    void showTest(const QString &alert, const gateway::Result<std::vector<gateway::AlertDelivery>> &told);
    void showTesting(const QString &alert);

protected:
    void askPage(const gateway::AlertListQuery &query, quint64 question) override;
    [[nodiscard]] QList<CellsModel::Row> rows() const override;
    void forget() override { m_deliveries.clear(); }
    void resizeEvent(QResizeEvent *event) override;

private:
    gateway::api::AlertTools &m_tools;
    Now m_now;
    std::vector<gateway::AlertDelivery> m_deliveries;
    widgets::StateLabel *m_test;
};

} // namespace ui::alerts
