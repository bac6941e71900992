// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/alerts/cells_model.h"

#include "ui/widgets/table_view.h"

namespace ui::alerts {

void CellsModel::show(QList<Row> rows)
{
    if (rows == m_rows)
        return;
    const bool same = rows.size() == m_rows.size();
    if (!same)
        beginResetModel();
    m_rows = std::move(rows);
    if (!same)
        endResetModel();
    else
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

QVariant CellsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows.size() || index.column() >= m_rows.at(index.row()).size())
        return {};
    const Cell &cell = m_rows.at(index.row()).at(index.column());
    switch (role) {
    case Qt::DisplayRole: return cell.text;
    case Qt::ToolTipRole: return cell.tip.isEmpty() ? cell.text : cell.tip;
    case widgets::CellIcon: return cell.icon == widgets::Icon::None ? QVariant() : QVariant(int(cell.icon));
    case widgets::CellIconRole:
    case widgets::CellRoleColor: return cell.role ? QVariant(int(*cell.role)) : QVariant();
    default: return {};
    }
}

QVariant CellsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    return orientation == Qt::Horizontal && role == Qt::DisplayRole ? QVariant(m_titles.value(section)) : QVariant();
}

} // namespace ui::alerts
