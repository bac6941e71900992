// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/reprice_model.h"

#include "ui/bridge/text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/table_view.h"

using namespace Qt::StringLiterals;

namespace ui::costs {

namespace {

/// Calls of which no attempt began have neither.
QString nameOf(const gateway::RepricePreview::Row &row)
{
    return row.provider.empty() && row.model.empty() ? RepriceModel::tr("None") : u"%1:%2"_s.arg(bridge::qt(row.provider), bridge::qt(row.model));
}

} // namespace

void RepriceModel::setPreview(gateway::RepricePreview preview)
{
    beginResetModel();
    m_preview = std::move(preview);
    endResetModel();
}

QString RepriceModel::text(int row, int column) const
{
    const bool all = row >= int(m_preview.rows.size());
    const gateway::RepriceFigures &figures = all ? m_preview.total : m_preview.rows[std::size_t(row)].figures;
    switch (column) {
    case ModelColumn: return all ? tr("All") : nameOf(m_preview.rows[std::size_t(row)]);
    case CallsColumn: return widgets::count(figures.looked);
    case ChangedColumn: return widgets::count(figures.changed);
    case FirstColumn: return widgets::count(figures.firstPriced);
    case UnknownColumn: return widgets::count(figures.unknown);
    case BeforeColumn: return widgets::money(figures.before);
    case AfterColumn: return widgets::money(figures.after);
    default: return {};
    }
}

QVariant RepriceModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    switch (role) {
    case Qt::DisplayRole: return text(index.row(), index.column());
    case Qt::TextAlignmentRole: return int((index.column() == ModelColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case widgets::CellStrong: return index.row() + 1 == rowCount();
    default: return {};
    }
}

QVariant RepriceModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == ModelColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case ModelColumn: return tr("Model");
    case CallsColumn: return tr("Calls");
    case ChangedColumn: return tr("Change");
    case FirstColumn: return tr("First price");
    case UnknownColumn: return tr("Unknown");
    case BeforeColumn: return tr("Before");
    case AfterColumn: return tr("After");
    default: return {};
    }
}

} // namespace ui::costs
