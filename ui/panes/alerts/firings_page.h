// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/alerts/history_page.h"

namespace ui::alerts {

/// When alerts fired. A row leads to the calls that it was about.
class FiringsPage final : public HistoryPage
{
    Q_OBJECT
public:
    using Now = std::function<gateway::WallTime()>;
    FiringsPage(gateway::api::AlertTools &tools, Now now, QWidget *parent = nullptr);

Q_SIGNALS:
    void callsWanted(const gateway::AlertFiring &firing);

protected:
    void askPage(const gateway::AlertListQuery &query, quint64 question) override;
    [[nodiscard]] QList<CellsModel::Row> rows() const override;
    void forget() override { m_firings.clear(); }
    void resizeEvent(QResizeEvent *event) override;

private:
    void open(const QModelIndex &index);

    gateway::api::AlertTools &m_tools;
    Now m_now;
    std::vector<gateway::AlertFiring> m_firings;
};

} // namespace ui::alerts
