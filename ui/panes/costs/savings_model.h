// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/cost_savings.h"

#include <QAbstractTableModel>

namespace ui::costs {

/// Savings by group, and last of all groups together. GUI thread.
class SavingsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { NameColumn, CacheColumn, PromptColumn, RouteColumn, TotalColumn, CallsColumn, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void setSavings(const gateway::Savings &savings, gateway::CostField by);
    [[nodiscard]] const gateway::SavingsGroup *at(int row) const; ///< null: all together, or there is none

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() || m_groups.empty() ? 0 : int(m_groups.size()) + 1; }
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] QByteArray csv() const; ///< exact

private:
    [[nodiscard]] QString text(int row, int column) const;
    [[nodiscard]] QString name(int row) const;

    std::vector<gateway::SavingsGroup> m_groups;
    gateway::SavingFigures m_total;
    gateway::CostField m_by = gateway::CostField::Team;
};

} // namespace ui::costs
