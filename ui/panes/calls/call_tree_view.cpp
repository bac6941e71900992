// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/call_tree_view.h"

#include "ui/bridge/text.h"
#include "ui/panes/calls/call_columns.h"
#include "ui/widgets/format.h"
#include "ui/widgets/theme.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QStandardItemModel>

#include <array>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using bridge::qt;
using gateway::CallRecord;
using gateway::WallTime;

/// "+3.2 s smart, claude-sonnet-4"
QString callWords(const CallRecord &record)
{
    const QString route = qt(record.route.empty() ? record.askedModel : record.route);
    QString words = record.model.empty() || qt(record.model) == route ? route : u"%1, %2"_s.arg(route, qt(record.model));
    if (words.isEmpty())
        words = qt(gateway::toText(record.endpoint));
    return record.shadow ? CallTreeView::tr("shadow: %1").arg(words) : words;
}

QList<QStandardItem *> rowOf(const CallRecord &record, WallTime first, double whole)
{
    QList<QStandardItem *> row;
    for (int column = 0; column < CallTreeView::ColumnCount; ++column)
        row.append(new QStandardItem);
    const auto offset = std::chrono::duration_cast<std::chrono::microseconds>(record.startedAt - first);
    row[CallTreeView::Call]->setText(callWords(record));
    row[CallTreeView::Call]->setData(qt(record.id), CallTreeView::Id);
    row[CallTreeView::Call]->setToolTip(u"%1\n%2"_s.arg(qt(record.id), widgets::dateTimeUtc(record.startedAt)));
    row[CallTreeView::Status]->setText(statusText(record));
    row[CallTreeView::Status]->setToolTip(statusWords(record));
    row[CallTreeView::Status]->setData(int(statusBad(record) ? widgets::Role::Err : widgets::Role::Ok), widgets::CellRoleColor);
    row[CallTreeView::Timeline]->setData(double(offset.count()) / whole, CallTreeView::From);
    row[CallTreeView::Timeline]->setData(double(offset.count() + record.latencyUs) / whole, CallTreeView::To);
    row[CallTreeView::Timeline]->setData(statusBad(record), CallTreeView::Bad);
    row[CallTreeView::Timeline]->setToolTip(CallTreeView::tr("began after %1, took %2").arg(widgets::latency(std::int64_t {offset.count()}), widgets::latency(std::int64_t {record.latencyUs})));
    row[CallTreeView::Took]->setText(widgets::latency(std::int64_t {record.latencyUs}));
    row[CallTreeView::Tokens]->setText(u"%1 → %2"_s.arg(widgets::count(std::uint64_t(record.usage.input)), widgets::count(std::uint64_t(record.usage.output))));
    row[CallTreeView::Cost]->setText(widgets::money(record.cost));
    for (const int column : {CallTreeView::Took, CallTreeView::Tokens, CallTreeView::Cost})
        row[column]->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row[CallTreeView::Call]->setAccessibleText(CallTreeView::tr("%1, %2, began after %3, took %4").arg(callWords(record), statusWords(record), widgets::latency(std::int64_t {offset.count()}), row[CallTreeView::Took]->text()));
    return row;
}

} // namespace

CallTreeView::CallTreeView(QWidget *parent) : QTreeView(parent), m_model(new QStandardItemModel(0, ColumnCount, this))
{
    setObjectName(u"calls.tree"_s);
    setAccessibleName(tr("Calls that belong together"));
    m_model->setHorizontalHeaderLabels({tr("Call"), tr("Status"), tr("Time"), tr("Took"), tr("Tokens"), tr("Cost")});
    for (const int column : {Took, Tokens, Cost})
        m_model->horizontalHeaderItem(column)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    setModel(m_model);
    setItemDelegate(new widgets::TextDelegate(this));
    setItemDelegateForColumn(Timeline, new TimelineDelegate(this));
    setUniformRowHeights(true);
    setFrameShape(QFrame::NoFrame);
    setIndentation(16);
    setEditTriggers(NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    header()->setStretchLastSection(false);
    header()->setSectionsMovable(false);
    header()->setSectionResizeMode(QHeaderView::Interactive);
    header()->setSectionResizeMode(Timeline, QHeaderView::Stretch);
    const std::array<int, ColumnCount> widths {280, 64, 200, 84, 116, 84};
    for (int column = 0; column < ColumnCount; ++column)
        header()->resizeSection(column, widths[std::size_t(column)]);
}

void CallTreeView::clear()
{
    m_quiet = true;
    m_model->removeRows(0, m_model->rowCount());
    m_quiet = false;
}

void CallTreeView::setTree(const gateway::CallTree &tree)
{
    clear();
    WallTime first = WallTime::max(), last = WallTime::min();
    for (const gateway::TreeCall &call : tree.calls) {
        first = std::min(first, call.row.record.startedAt);
        last = std::max(last, call.row.record.startedAt + std::chrono::microseconds(call.row.record.latencyUs));
    }
    const double whole = tree.calls.empty() ? 1 : std::max(1.0, double(std::chrono::duration_cast<std::chrono::microseconds>(last - first).count()));
    QList<QStandardItem *> items;
    m_quiet = true;
    for (const gateway::TreeCall &call : tree.calls) {
        const QList<QStandardItem *> row = rowOf(call.row.record, first, whole);
        items.append(row.first());
        if (call.parent < 0)
            m_model->appendRow(row);
        else
            items.at(call.parent)->appendRow(row);
    }
    expandAll();
    m_quiet = false;
}

void CallTreeView::choose(const QString &id)
{
    const QModelIndexList found = m_model->match(m_model->index(0, 0), Id, id, 1, Qt::MatchExactly | Qt::MatchRecursive);
    m_quiet = true;
    if (!found.isEmpty()) {
        setCurrentIndex(found.first());
        scrollTo(found.first());
    }
    m_quiet = false;
}

void CallTreeView::step(int by)
{
    const QModelIndex next = !currentIndex().isValid() ? m_model->index(0, 0) : by > 0 ? indexBelow(currentIndex()) : indexAbove(currentIndex());
    if (next.isValid())
        setCurrentIndex(next);
}

void CallTreeView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTreeView::currentChanged(current, previous);
    if (!m_quiet && current.isValid())
        Q_EMIT callWanted(current.siblingAtColumn(Call).data(Id).toString());
}

void CallTreeView::keyPressEvent(QKeyEvent *event)
{
    if (event->modifiers() == Qt::NoModifier && (event->key() == Qt::Key_J || event->key() == Qt::Key_K)) {
        step(event->key() == Qt::Key_J ? 1 : -1);
        return;
    }
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentIndex().isValid()) {
        Q_EMIT callWanted(currentIndex().siblingAtColumn(Call).data(Id).toString());
        return;
    }
    if (event->key() == Qt::Key_Escape) {
        event->ignore(); // the pane's
        return;
    }
    // What cannot be closed leads to what it is in.
    const QModelIndex parent = currentIndex().parent();
    if (event->key() == (isRightToLeft() ? Qt::Key_Right : Qt::Key_Left) && parent.isValid() && (!isExpanded(currentIndex().siblingAtColumn(0)) || m_model->rowCount(currentIndex().siblingAtColumn(0)) == 0)) {
        setCurrentIndex(parent);
        return;
    }
    QTreeView::keyPressEvent(event);
}

void TimelineDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const widgets::ThemeColors &c = widgets::colorsOf(option.palette);
    painter->save();
    painter->setLayoutDirection(Qt::LayoutDirectionAuto); // time runs to the right in every language
    paintBackground(painter, option, index);
    const QRectF where = QRectF(option.rect).adjusted(8, 0, -8, 0);
    const double from = index.data(CallTreeView::From).toDouble(), to = index.data(CallTreeView::To).toDouble();
    const double x = where.x() + from * where.width(), width = std::max(2.0, (to - from) * where.width());
    painter->fillRect(QRectF(where.x(), where.center().y() - 0.5, where.width(), 1), c.grid);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(index.data(CallTreeView::Bad).toBool() ? c.err : c.ok);
    painter->drawRoundedRect(QRectF(std::min(x, where.right() - 2), where.center().y() - 5, width, 10), 2, 2);
    painter->restore();
}

} // namespace ui::calls
