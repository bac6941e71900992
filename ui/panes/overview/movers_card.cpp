// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/overview/movers_card.h"

#include "ui/bridge/csv.h"
#include "ui/bridge/text.h"
#include "ui/widgets/stat_tile.h"
#include "ui/widgets/states.h"
#include "ui/widgets/theme.h"

#include <QHeaderView>
#include <QPainter>
#include <QStackedLayout>
#include <QStandardItemModel>

using namespace Qt::StringLiterals;

namespace ui::overview {
namespace {

using widgets::Icon;
using widgets::Role;

enum Column { Arrow, Name, Figure, Before, Now, ChangeText, Bars, ColumnCount };

constexpr int leastHeight = 40 + 24 + 8 * 28 + 10; ///< header, columns' names and all rows

bool isQuality(MovedFigure figure) { return figure == MovedFigure::Errors || figure == MovedFigure::Latency; }

/// Of figures that are good when they are low; more money or more calls are neither.
Role roleOf(const Mover &mover)
{
    if (!isQuality(mover.figure))
        return Role::Text;
    return mover.now < mover.before ? Role::Ok : mover.figure == MovedFigure::Errors ? Role::Err : Role::Warn;
}

QString changeText(const Mover &mover)
{
    if (mover.figure == MovedFigure::Errors)
        return widgets::changeOfShare(mover.before, mover.now).text;
    if (mover.before <= 0)
        return MoversCard::tr("new");
    if (mover.now <= 0)
        return MoversCard::tr("gone");
    return widgets::changeOf(mover.before, mover.now).text;
}

QStandardItem *cell(const QString &text, Role role = Role::Text, bool right = false, bool strong = false)
{
    auto *item = new QStandardItem(text);
    item->setEditable(false);
    item->setData(int(role), widgets::CellRoleColor);
    item->setData(strong, widgets::CellStrong);
    item->setData(true, widgets::CellSmall);
    if (right)
        item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    return item;
}

} // namespace

void PairDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    paintBackground(painter, option, index);
    const widgets::ThemeColors &c = widgets::colorsOf(option.widget);
    const QPointF pair = index.data(Qt::UserRole).toPointF();
    const QRect content = widgets::cellContent(option, index);
    const int middle = content.center().y();
    const auto bar = [&](double share, int y, const QColor &color) { painter->fillRect(QRect(content.left(), y, share > 0 ? qMax(1, int(share * content.width())) : 0, 5), color); };
    bar(pair.x(), middle - 6, c.control);
    bar(pair.y(), middle + 1, c.accent);
}

MoversCard::MoversCard(QWidget *parent) :
    Card(tr("Moved most"), {}, parent), m_table(new widgets::TableView(widgets::RowHeight::List)), m_model(new QStandardItemModel(0, ColumnCount, this)), m_stack(new QStackedLayout), m_empty(new widgets::EmptyState({})),
    m_skeleton(new widgets::SkeletonView(28)), m_banner(new widgets::SectionBanner)
{
    setObjectName(u"overview.movers"_s);
    m_table->setObjectName(u"overview.moversTable"_s);
    m_table->setAccessibleName(tr("What moved most"));
    m_model->setHorizontalHeaderLabels({u""_s, tr("What"), tr("Figure"), tr("Before"), tr("Now"), tr("Change"), u""_s});
    for (const int column : {Before, Now, ChangeText})
        m_model->setHeaderData(column, Qt::Horizontal, int(Qt::AlignRight | Qt::AlignVCenter), Qt::TextAlignmentRole);
    m_table->setModel(m_model);
    m_table->setRowLines(true);
    m_table->setEdgePadding(12);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setFixedHeight(24);
    m_table->horizontalHeader()->setSectionsClickable(false);
    m_table->setItemDelegateForColumn(Bars, new PairDelegate(m_table));
    m_empty->setPicture(false);
    setMinimumHeight(leastHeight);
    m_banner->addRetry();
    m_banner->hide();
    body()->addWidget(m_banner);
    body()->addLayout(m_stack, 1);
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_skeleton);
    connect(m_table, &QTableView::clicked, this, &MoversCard::open);
    connect(m_table, &QTableView::activated, this, &MoversCard::open);
    connect(m_banner, &widgets::SectionBanner::retried, this, &MoversCard::retried);
}

void MoversCard::show(const std::vector<Mover> &movers, const QString &period)
{
    m_skeleton->end();
    m_banner->hide();
    widgets::setDimmed(m_table, false);
    setUnit(tr("against the %1").arg(period));
    if (movers != m_movers) {
        const int row = m_table->currentIndex().row();
        m_movers = movers;
        m_model->removeRows(0, m_model->rowCount());
        for (const Mover &mover : m_movers)
            addRow(mover);
        if (row >= 0 && row < m_model->rowCount())
            m_table->setCurrentIndex(m_model->index(row, Name));
    }
    m_empty->setSentence(tr("No team, route, model or key moved by a tenth against the %1.").arg(period));
    m_stack->setCurrentWidget(m_movers.empty() ? static_cast<QWidget *>(m_empty) : m_table);
    fitColumns();
}

void MoversCard::addRow(const Mover &mover)
{
    const bool up = mover.now > mover.before;
    const Role role = roleOf(mover);
    auto *arrow = cell({});
    arrow->setData(int(up ? Icon::ArrowUp : Icon::ArrowDown), widgets::CellIcon);
    arrow->setData(int(role == Role::Text ? Role::Muted : role), widgets::CellIconRole);
    arrow->setData(up ? tr("up") : tr("down"), Qt::AccessibleTextRole);
    auto *bars = new QStandardItem;
    const double most = std::max(mover.before, mover.now);
    bars->setData(QPointF(mover.before / most, mover.now / most), Qt::UserRole);
    m_model->appendRow({arrow, cell(fieldWord(mover.field) + u' ' + bridge::qt(mover.name), Role::Text, false, true), cell(figureWord(mover.figure), Role::Muted), cell(figureText(mover.figure, mover.before), Role::Muted, true),
        cell(figureText(mover.figure, mover.now), Role::Text, true), cell(changeText(mover), role, true, true), bars});
}

void MoversCard::open(const QModelIndex &index)
{
    if (isVisible() && index.isValid() && std::size_t(index.row()) < m_movers.size()) // a double click comes as two
        Q_EMIT opened(Mover(m_movers[std::size_t(index.row())]));
}

void MoversCard::showWaiting()
{
    if (!m_movers.empty() || m_skeleton->waiting())
        return;
    m_stack->setCurrentWidget(m_skeleton);
    m_skeleton->begin({});
}

void MoversCard::showProblem(const QString &problem)
{
    m_skeleton->end();
    m_banner->setContent(tr("What moved cannot be read"), problem);
    m_banner->show();
    m_stack->setCurrentWidget(m_table);
    widgets::setDimmed(m_table, true);
}

QByteArray MoversCard::csv() const
{
    QByteArray text = bridge::csvLine({u"field"_s, u"name"_s, u"figure"_s, u"before"_s, u"now"_s});
    for (const Mover &mover : m_movers) {
        const double unit = mover.figure == MovedFigure::Cost ? 1e9 : mover.figure == MovedFigure::Latency ? 1e3 : 1; // dollars, milliseconds
        text += bridge::csvLine({fieldWord(mover.field), bridge::qt(mover.name), figureWord(mover.figure), QString::number(mover.before / unit, 'g', 15), QString::number(mover.now / unit, 'g', 15)});
    }
    return text;
}

void MoversCard::resizeEvent(QResizeEvent *event)
{
    Card::resizeEvent(event);
    fitColumns();
}

void MoversCard::fitColumns()
{
    const bool narrow = width() < 640;
    m_table->setColumnWidths({36, 0, 72, 96, 96, 84, narrow ? 72 : 200});
}

} // namespace ui::overview
