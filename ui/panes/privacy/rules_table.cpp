// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/rules_table.h"

#include "ui/panes/privacy/rule_cells.h"

#include <QHeaderView>
#include <QKeyEvent>

using namespace Qt::StringLiterals;

namespace ui::privacy {

namespace {

constexpr int wideFrom = 840;

} // namespace

RulesTable::RulesTable(RulesModel *model, QWidget *parent) : TableView(widgets::RowHeight::Card, parent), m_model(model)
{
    const bool rules = model->list() == List::Rules;
    setObjectName(rules ? u"privacy.rules"_s : u"privacy.guardrails"_s);
    setAccessibleName(rules ? tr("Rules in their order") : tr("Guardrails in their order"));
    setModel(model);
    setItemDelegateForColumn(RulesModel::Found, new HitsDelegate(this));
    setRowLines(true);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setDragEnabled(true);
    setAcceptDrops(true);
    setDragDropMode(QAbstractItemView::InternalMove);
    setDragDropOverwriteMode(false);
    setDropIndicatorShown(true);
    horizontalHeader()->setSectionsClickable(false);
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &now) { Q_EMIT chosen(now.row()); });
    connect(this, &QAbstractItemView::clicked, this, &RulesTable::click);
}

void RulesTable::choose(int row)
{
    const QModelIndex index = m_model->index(row, RulesModel::Name);
    if (!index.isValid()) {
        clearSelection();
        setCurrentIndex({});
        return;
    }
    selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows); // selectRow() finds no row from right to left
    scrollTo(index);
}

void RulesTable::click(const QModelIndex &index)
{
    const std::optional<Hits> hits = m_model->hitsAt(index.row());
    if (index.column() == RulesModel::Found && hits && hits->found() > 0)
        Q_EMIT hitsWanted(index.row());
}

void RulesTable::keyPressEvent(QKeyEvent *event)
{
    const int row = currentRow();
    const bool up = event->key() == Qt::Key_Up;
    if (event->modifiers() == Qt::AltModifier && (up || event->key() == Qt::Key_Down)) {
        const int to = up ? row - 1 : row + 1;
        if (row >= 0 && row < m_model->ownCount() && to >= 0 && to < m_model->ownCount())
            Q_EMIT moveWanted(row, to);
        return;
    }
    switch (event->key()) {
    case Qt::Key_Delete: Q_EMIT removeWanted(); return;
    case Qt::Key_Space: Q_EMIT switchWanted(); return;
    case Qt::Key_Insert: Q_EMIT addWanted(); return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_F2: Q_EMIT editWanted(); return;
    default: TableView::keyPressEvent(event);
    }
}

void RulesTable::mouseDoubleClickEvent(QMouseEvent *event)
{
    TableView::mouseDoubleClickEvent(event);
    if (indexAt(event->position().toPoint()).column() != RulesModel::Found)
        Q_EMIT editWanted();
}

/// Where it is narrow a rule's detector in the configuration is left out, since its title says the same, and hits have no bars.
void RulesTable::resizeEvent(QResizeEvent *event)
{
    TableView::resizeEvent(event);
    const bool wide = viewport()->width() >= wideFrom, rules = m_model->list() == List::Rules;
    setColumnHidden(RulesModel::Detector, !wide && rules);
    const int name = rules ? (wide ? 200 : 160) : wide ? 160 : 110, kind = rules ? 128 : wide ? 184 : 150;
    setColumnWidths({34, 34, name, kind, wide ? 108 : 92, wide ? 168 : 76, 0});
}

} // namespace ui::privacy
