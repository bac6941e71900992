// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/cache/savings_table.h"

#include "ui/bridge/text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace ui::cache {

using bridge::qt;

void SavingsModel::setGroups(const QString &heading, std::vector<Group> groups, std::function<QVariant(const std::string &)> swatch)
{
    beginResetModel();
    m_heading = heading;
    m_groups = std::move(groups);
    m_swatch = std::move(swatch);
    endResetModel();
}

int SavingsModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_groups.size()); }
int SavingsModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : ColumnCount; }

QString SavingsModel::text(const QModelIndex &index) const
{
    const Group &group = m_groups[static_cast<std::size_t>(index.row())];
    const Counts &counts = group.counts;
    switch (index.column()) {
    case Name: return group.name.empty() ? tr("none") : qt(group.name);
    case HitRate: return widgets::share(counts.found(), counts.looked());
    case Hits: return widgets::count(counts.found());
    case Saved: return counts.found() ? widgets::moneyTotal(counts.saved) : widgets::unknownText();
    case Time: return counts.found() ? widgets::span(std::chrono::microseconds {counts.savedUs}) : widgets::unknownText();
    default: return {};
    }
}

QVariant SavingsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Group &group = m_groups[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: return text(index);
    case Qt::TextAlignmentRole: return headerData(index.column(), Qt::Horizontal, role);
    case Qt::ToolTipRole: return tr("%1 exact hits, %2 semantic, %3 misses").arg(widgets::count(group.counts.hits), widgets::count(group.counts.semantic), widgets::count(group.counts.misses));
    case widgets::CellStrong: return index.column() == Name && !group.name.empty();
    case widgets::CellRoleColor: return index.column() == Name && group.name.empty() ? QVariant(static_cast<int>(widgets::Role::Muted)) : QVariant();
    case widgets::CellSwatch: return index.column() == Name && m_swatch ? m_swatch(group.name) : QVariant();
    default: return {};
    }
}

QVariant SavingsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return m_heading;
    case HitRate: return tr("Hit rate");
    case Hits: return tr("Hits");
    case Saved: return tr("Saved");
    case Time: return tr("Time saved");
    default: return {};
    }
}

SavingsTable::SavingsTable(const QString &title, const QString &heading, QWidget *parent)
    : Card(title, {}, parent), m_model(new SavingsModel(this)), m_table(new widgets::TableView(widgets::RowHeight::List)), m_none(new widgets::EmptyState(tr("No call looked for a kept answer in this range."))), m_heading(heading)
{
    m_table->setModel(m_model);
    m_table->setItemDelegate(new widgets::TextDelegate(m_table));
    m_table->setAccessibleName(title);
    m_table->setEdgePadding(12);
    m_table->setRowLines(true);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_none->setPicture(false);
    m_none->hide();
    body()->addWidget(m_table, 1);
    body()->addWidget(m_none, 1);
    connect(m_table, &QAbstractItemView::activated, this, [this](const QModelIndex &index) {
        if (const std::string &name = m_model->group(index.row()).name; !name.empty())
            Q_EMIT opened(qt(name));
    });
}

void SavingsTable::show(std::vector<Group> groups, std::function<QVariant(const std::string &)> swatch)
{
    const int chosen = m_table->currentIndex().row();
    m_model->setGroups(m_heading, std::move(groups), std::move(swatch));
    m_table->setColumnWidths({0, 68, 64, 76, 84});
    if (chosen >= 0 && chosen < m_model->rowCount())
        m_table->selectRow(chosen);
    m_table->setVisible(m_model->rowCount() > 0);
    m_none->setVisible(m_model->rowCount() == 0);
}

} // namespace ui::cache
