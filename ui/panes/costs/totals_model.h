// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/costs/cost_picture.h"

#include <QAbstractTableModel>
#include <QSet>

namespace ui::costs {

/// Groups with their sums, below an open one its parts, the whole at the end. GUI thread.
class TotalsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { NameColumn, MeasureColumn, BeforeColumn, ChangeColumn, ShareColumn, CostColumn, CallsColumn, TokensColumn, CallPriceColumn, TokenPriceColumn, ColumnCount };

    /// What a row is about.
    struct Row
    {
        int group = -1; ///< place in the groups; -1: the whole
        int part = -1;  ///< place in its parts; -1: the group itself
        bool operator==(const Row &) const = default;
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setCosts(const gateway::Costs &costs, const Asked &asked, const GroupColors &colors);
    [[nodiscard]] Row at(int row) const { return m_rows.value(row); }
    /// Opens or shuts a group's parts. @return false: it has none
    bool setOpen(int row, bool open);
    [[nodiscard]] bool isOpen(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(m_rows.size()); }
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// What is there as CSV, all groups with all parts, exact.
    [[nodiscard]] QByteArray csv() const;

private:
    void fillRows();
    [[nodiscard]] const gateway::CostGroup *groupOf(const Row &row) const; ///< null: the whole
    [[nodiscard]] gateway::CostFigures now(const Row &row) const;
    [[nodiscard]] gateway::CostFigures before(const Row &row) const;
    [[nodiscard]] QString text(const Row &row, int column) const;
    [[nodiscard]] QString name(const Row &row) const;
    [[nodiscard]] QVariant icon(const Row &row, int column) const;

    gateway::Costs m_costs;
    Asked m_asked;
    QList<int> m_colors; ///< of the groups
    QList<Row> m_rows;
    QSet<QString> m_open; ///< series' ids of groups
};

} // namespace ui::costs
