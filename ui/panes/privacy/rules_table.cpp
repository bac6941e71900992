// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/rules_table.h"

#include <QHeaderView>
#include <QKeyEvent>

using namespace Qt::StringLiterals;

namespace ui::privacy {

namespace {

constexpr int wideFrom = 760;

} // namespace

RulesTable::RulesTable(RulesModel *model, QWidget *parent) : TableView(widgets::RowHeight::Card, parent), m_model(model)
{
    setObjectName(u"privacy.rules"_s);
    setAccessibleName(tr("Rules in their order"));
    setModel(model);
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
}

void RulesTable::choose(int row)
{
    const QModelIndex index = m_model->index(row, RulesModel::Name);
    if (!index.isValid()) {
        clearSelection();
        setCurrentIndex({});
        return;
    }
    setCurrentIndex(index);
    selectRow(row);
    scrollTo(index);
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
    Q_EMIT editWanted();
}

/// Where it is narrow the detector's name in the configuration is left out: its title says the same.
void RulesTable::resizeEvent(QResizeEvent *event)
{
    TableView::resizeEvent(event);
    const bool wide = viewport()->width() >= wideFrom;
    setColumnHidden(RulesModel::Detector, !wide);
    setColumnWidths({34, 34, wide ? 230 : 200, 150, 116, 0});
}

} // namespace ui::privacy
