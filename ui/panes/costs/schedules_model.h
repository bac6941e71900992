// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/report_view.h"

#include <QAbstractTableModel>

#include <memory>
#include <vector>

namespace ui::costs {

/// The reports that are made by themselves: when, and what came of it.
class SchedulesModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Team, When, Next, Last, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    /// @param now  for how long ago something was
    void setReports(std::vector<gateway::config::Report> reports, std::shared_ptr<const gateway::ReportBoard> board, gateway::WallTime now);
    [[nodiscard]] const gateway::config::Report *report(int row) const; ///< null: there is none
    [[nodiscard]] const gateway::ReportState *state(int row) const;     ///< likewise
    [[nodiscard]] int rowOf(const std::string &id) const;               ///< -1: there is none

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString text(int row, int column) const;
    [[nodiscard]] QString lastText(int row) const;
    [[nodiscard]] QVariant lastLook(int row, int role) const;

    std::vector<gateway::config::Report> m_reports;
    std::shared_ptr<const gateway::ReportBoard> m_board = std::make_shared<const gateway::ReportBoard>();
    gateway::WallTime m_now {};
};

} // namespace ui::costs
