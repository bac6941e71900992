// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/call_table.h"

#include "ui/bridge/text.h"
#include "ui/panes/calls/mark_look.h"
#include "ui/panes/calls/path_delegate.h"
#include "ui/widgets/format.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

constexpr int markWidth = 12;

} // namespace

CallTable::CallTable(CallListModel *model, QWidget *parent) : TableView(widgets::RowHeight::Dense, parent), m_model(model)
{
    setModel(model);
    setAlternatingRowColors(true);
    setItemDelegateForColumn(int(Column::Path), new PathDelegate(this));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setContextMenuPolicy(Qt::DefaultContextMenu);
    for (int i = 0; i < columnCount; ++i)
        setColumnHidden(i, look(Column(i)).optional);
    horizontalHeader()->setSectionsMovable(true);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false); // newest first is the log's own order
    horizontalHeader()->setSortIndicatorShown(true);
    horizontalHeader()->setSortIndicator(int(Column::Time), Qt::DescendingOrder);
    horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(horizontalHeader(), &QWidget::customContextMenuRequested, this, [this](const QPoint &at) {
        QMenu menu;
        fillColumnMenu(&menu);
        menu.exec(horizontalHeader()->mapToGlobal(at));
    });
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this] {
        tellView();
        Q_EMIT viewMoved();
    });
    connect(model, &QAbstractItemModel::modelReset, this, &CallTable::tellView);
    connect(model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &, int first, int last) {
        // What is on the screen stays there: rows that came above it push the scroll bar, not the rows.
        const int top = verticalScrollBar()->value();
        if (first <= top && (top > 0 || m_held)) {
            updateGeometries();
            verticalScrollBar()->setValue(top + last - first + 1);
        }
        tellView();
        if (m_wanted >= 0 && m_wanted < m_model->rowCount())
            showRow(std::exchange(m_wanted, -1));
    });
    connect(model, &QAbstractItemModel::rowsRemoved, this, &CallTable::tellView);
    connect(this, &QAbstractItemView::clicked, this, [this](const QModelIndex &index) {
        if (selectionModel()->selectedRows().size() <= 1)
            Q_EMIT inspectWanted(index.row());
    });
}

void CallTable::tellView()
{
    const int first = verticalScrollBar()->value();
    m_model->setView(first, first + viewport()->height() / int(widgets::RowHeight::Dense) + 1);
}

bool CallTable::atTop() const { return verticalScrollBar()->value() == 0; }
QString CallTable::topId() const { return m_model->idAt(rowAt(0)); }

QStringList CallTable::selectedIds() const
{
    QList<int> rows;
    for (const QItemSelectionRange &range : selectionModel()->selection())
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.append(row);
    std::ranges::sort(rows);
    QStringList ids;
    for (const int row : rows)
        ids.append(m_model->idAt(row));
    return ids;
}

void CallTable::showRow(int row)
{
    const QModelIndex index = m_model->index(row, 0);
    selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    scrollTo(index);
}

void CallTable::step(int by)
{
    // The focus makes the first row current without choosing it: the first step does.
    const bool chosen = currentIndex().isValid() && selectionModel()->isRowSelected(currentIndex().row());
    const int row = chosen ? currentIndex().row() + by : qMax(0, currentIndex().row());
    if (row < 0)
        return;
    if (row >= m_model->rowCount()) {
        if (!m_model->complete()) {
            m_wanted = row;
            m_model->fetchMore({});
        }
        return;
    }
    showRow(row);
}

void CallTable::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    TableView::currentChanged(current, previous);
    if (current.isValid())
        Q_EMIT currentRowChanged(current.row());
}

void CallTable::keyPressEvent(QKeyEvent *event)
{
    if (event->modifiers() == Qt::NoModifier && (event->key() == Qt::Key_J || event->key() == Qt::Key_K)) {
        step(event->key() == Qt::Key_J ? 1 : -1);
        return;
    }
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (currentIndex().isValid())
            Q_EMIT inspectWanted(currentIndex().row());
        return;
    }
    if (event->key() == Qt::Key_Escape) {
        Q_EMIT closeWanted();
        return;
    }
    TableView::keyPressEvent(event);
}

void CallTable::resizeEvent(QResizeEvent *event)
{
    TableView::resizeEvent(event);
    shareWidth();
    tellView();
}

/// Each column its least width, and of what is left its share.
void CallTable::shareWidth()
{
    if (m_sharing)
        return;
    m_sharing = true;
    int least = 0, shares = 0;
    for (int i = 0; i < columnCount; ++i)
        if (!isColumnHidden(i)) {
            least += look(Column(i)).width;
            shares += look(Column(i)).stretch;
        }
    int left = qMax(0, viewport()->width() - least), sharesLeft = shares;
    for (int i = 0; i < columnCount; ++i) {
        if (isColumnHidden(i))
            continue;
        const ColumnLook &column = look(Column(i));
        const int extra = sharesLeft > 0 ? left * column.stretch / sharesLeft : 0;
        horizontalHeader()->resizeSection(i, column.width + extra);
        left -= extra;
        sharesLeft -= column.stretch;
    }
    m_sharing = false;
}

void CallTable::setColumnShown(Column column, bool shown)
{
    setColumnHidden(int(column), !shown);
    shareWidth();
    Q_EMIT columnsChanged();
}

bool CallTable::columnShown(Column column) const { return !isColumnHidden(int(column)); }

QStringList CallTable::shownColumns() const
{
    QStringList ids;
    for (int i = 0; i < columnCount; ++i)
        if (!isColumnHidden(i))
            ids.append(QLatin1StringView(look(Column(i)).id));
    return ids;
}

void CallTable::setShownColumns(const QStringList &ids)
{
    for (int i = 1; i < columnCount; ++i)
        setColumnHidden(i, !ids.contains(QLatin1StringView(look(Column(i)).id)));
    shareWidth();
}

void CallTable::fillColumnMenu(QMenu *menu)
{
    menu->clear();
    for (int i = 1; i < columnCount; ++i) {
        if (Column(i) == Column::Session)
            menu->addSeparator();
        QAction *action = menu->addAction(columnTitle(Column(i)));
        action->setCheckable(true);
        action->setChecked(columnShown(Column(i)));
        connect(action, &QAction::toggled, this, [this, i](bool shown) { setColumnShown(Column(i), shown); });
    }
}

void CallTable::fillCellMenu(QMenu *menu, const QModelIndex &index)
{
    const RowPtr row = m_model->call(index.row());
    if (!row)
        return;
    const auto column = Column(index.column());
    const auto copy = [](const QString &text) { QGuiApplication::clipboard()->setText(text); };
    const QString term = filterTerm(*row, column);
    if (!term.isEmpty()) {
        connect(menu->addAction(widgets::themedIcon(widgets::Icon::Filter), tr("Show only %1").arg(term)), &QAction::triggered, this, [this, term] { Q_EMIT termWanted(term, false); });
        connect(menu->addAction(widgets::themedIcon(widgets::Icon::Minus), tr("Leave out %1").arg(term)), &QAction::triggered, this, [this, term] { Q_EMIT termWanted(term, true); });
        menu->addSeparator();
    }
    const QString text = column == Column::Time ? widgets::dateTimeUtc(row->record.startedAt) : cellText(*row, column);
    connect(menu->addAction(widgets::themedIcon(widgets::Icon::Copy), tr("Copy “%1”").arg(text)), &QAction::triggered, this, [copy, text] { copy(text); });
    const QString id = bridge::qt(row->record.id);
    connect(menu->addAction(tr("Copy call id")), &QAction::triggered, this, [copy, id] { copy(id); });
    menu->addSeparator();
    connect(menu->addAction(tr("Inspect\tEnter")), &QAction::triggered, this, [this, at = index.row()] { Q_EMIT inspectWanted(at); });
    const bool among = selectionModel()->isRowSelected(index.row());
    Q_EMIT menuWanted(menu, among ? selectedIds() : QStringList {id});
}

/// Marks are tags in the edge before the first column, wherever the columns were moved to.
void CallTable::paintEvent(QPaintEvent *event)
{
    TableView::paintEvent(event);
    QPainter painter(viewport());
    const widgets::ThemeColors &c = widgets::colorsOf(this);
    for (int row = rowAt(0); row >= 0 && row < m_model->rowCount() && rowViewportPosition(row) < viewport()->height(); ++row) {
        const RowPtr call = m_model->call(row);
        if (!call || call->mark == gateway::CallMark {})
            continue;
        const QRect tag(0, rowViewportPosition(row) + 2, markWidth, rowHeight(row) - 4);
        paintMark(&painter, layoutDirection() == Qt::RightToLeft ? tag.translated(viewport()->width() - markWidth, 0) : tag, call->mark, c);
    }
}

void CallTable::contextMenuEvent(QContextMenuEvent *event)
{
    const bool keyboard = event->reason() == QContextMenuEvent::Keyboard;
    const QModelIndex index = keyboard ? currentIndex() : indexAt(viewport()->mapFromGlobal(event->globalPos()));
    if (!index.isValid())
        return;
    auto *menu = new QMenu(this);
    menu->setObjectName(u"calls.cellMenu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fillCellMenu(menu, index);
    menu->popup(keyboard ? viewport()->mapToGlobal(visualRect(index).bottomLeft()) : event->globalPos());
}

} // namespace ui::calls
