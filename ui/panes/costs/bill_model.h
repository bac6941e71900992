// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/reconciliation.h"

#include <QAbstractTableModel>

namespace ui::costs {

/// Days and models of a bill beside the log: those that differ, or all. GUI thread.
class BillModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { DayColumn, NameColumn, BilledColumn, LoggedColumn, DriftColumn, BilledTokensColumn, LoggedTokensColumn, CauseColumn, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void setRows(std::vector<gateway::billing::ReconciledRow> rows);
    void setAll(bool all);                      ///< also those that are the same
    /// Only rows of one cause; nullopt: of each.
    void setCause(std::optional<gateway::billing::Cause> cause);
    [[nodiscard]] const gateway::billing::ReconciledRow *at(int row) const; ///< null: there is none

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(m_shown.size()); }
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] QByteArray csv() const;       ///< of all rows, exact

private:
    void show();
    [[nodiscard]] static QString text(const gateway::billing::ReconciledRow &row, int column);

    std::vector<gateway::billing::ReconciledRow> m_rows;
    QList<int> m_shown;
    bool m_all = false;
    std::optional<gateway::billing::Cause> m_cause;
};

} // namespace ui::costs
