// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/alerts/alert_standing.h"

#include <QAbstractTableModel>

#include <memory>

namespace ui::alerts {

/// The alerts of a draft in their order, a row each, with how they stand. GUI thread.
class AlertsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { State, Rule, Channels, LastFired, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    struct Row
    {
        Alert alert;
        AlertStanding standing;
        QString problem; ///< why it cannot be saved; empty: it can
        bool operator==(const Row &) const = default;
    };
    void show(std::vector<Row> rows, gateway::WallTime now);

    [[nodiscard]] const Row *at(int row) const { return row >= 0 && row < rowCount() ? &m_rows[static_cast<std::size_t>(row)] : nullptr; }
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString text(const Row &row, int column) const;
    [[nodiscard]] QString subText(const Row &row, int column) const;
    [[nodiscard]] QString toolTip(const Row &row, int column) const;
    [[nodiscard]] QVariant icon(const Row &row, int column, bool role) const;

    std::vector<Row> m_rows;
    gateway::WallTime m_now {};
};

} // namespace ui::alerts
