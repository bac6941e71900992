// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/table_view.h"

#include "ui/widgets/labels.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QHeaderView>
#include <QPainter>
#include <QStyle>

namespace ui::widgets {
namespace {

constexpr int cellPadding = 8;

/// Whether the column is the outermost one that is seen, in the order that is seen.
bool outermost(const QHeaderView *header, int column, bool last)
{
    const int count = header->count(), step = last ? -1 : 1;
    for (int visual = last ? count - 1 : 0; visual >= 0 && visual < count; visual += step)
        if (const int logical = header->logicalIndex(visual); !header->isSectionHidden(logical))
            return logical == column;
    return false;
}

} // namespace

QRect cellContent(const QStyleOptionViewItem &option, const QModelIndex &index)
{
    int before = cellPadding, after = cellPadding;
    if (const auto *table = qobject_cast<const TableView *>(option.widget)) {
        if (outermost(table->horizontalHeader(), index.column(), false))
            before = table->edgePadding();
        if (outermost(table->horizontalHeader(), index.column(), true))
            after = table->edgePadding();
    }
    if (option.direction == Qt::RightToLeft)
        std::swap(before, after);
    return option.rect.adjusted(before, 0, -after, 0);
}

TableView::TableView(RowHeight height, QWidget *parent) : QTableView(parent)
{
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setCornerButtonEnabled(false);
    setItemDelegate(new TextDelegate(this));
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setMinimumSectionSize(static_cast<int>(RowHeight::Dense));
    verticalHeader()->setDefaultSectionSize(static_cast<int>(height));
    horizontalHeader()->setFixedHeight(28);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setMinimumSectionSize(24);
    horizontalHeader()->setStretchLastSection(false);
    setEdgePadding(m_edge);
}

void TableView::setEdgePadding(int pixels)
{
    m_edge = pixels;
    horizontalHeader()->setProperty(ui::widgets::edgePadding, pixels);
    viewport()->update();
}

void TableView::setRowLines(bool lines)
{
    m_lines = lines;
    viewport()->update();
}

void TableView::setColumnWidths(const QList<int> &widths)
{
    for (int i = 0; i < widths.size(); ++i) {
        const bool outermost = i == 0 || i == widths.size() - 1;
        horizontalHeader()->setSectionResizeMode(i, widths.at(i) == 0 ? QHeaderView::Stretch : QHeaderView::Interactive);
        if (widths.at(i) > 0)
            horizontalHeader()->resizeSection(i, widths.at(i) + (outermost ? m_edge - cellPadding : 0));
    }
}

void TableView::paintEvent(QPaintEvent *event)
{
    QTableView::paintEvent(event);
    if (!m_lines || !model())
        return;
    QPainter painter(viewport());
    const QColor color = colorsOf(this).line;
    for (int row = rowAt(0); row >= 0 && row < model()->rowCount(rootIndex()); ++row) {
        const int bottom = rowViewportPosition(row) + rowHeight(row) - 1;
        if (bottom > viewport()->height() - (row + 1 == model()->rowCount(rootIndex()) ? 8 : 0))
            break; // the last row ends with the table itself
        painter.fillRect(0, bottom, viewport()->width(), 1, color);
    }
}

void TextDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    option->state &= ~QStyle::State_HasFocus; // the row's selection shows where one is
}

void TextDelegate::paintBackground(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem item(option);
    initStyleOption(&item, index);
    const ThemeColors &c = colorsOf(option.palette);
    if (item.state & QStyle::State_Selected)
        painter->fillRect(item.rect, c.selection);
    else if (item.features & QStyleOptionViewItem::Alternate)
        painter->fillRect(item.rect, c.win);
    else if (item.backgroundBrush.style() != Qt::NoBrush)
        painter->fillRect(item.rect, item.backgroundBrush);
}

QSize TextDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const QFontMetrics metrics(textFont(13));
    return {metrics.horizontalAdvance(index.data().toString()) + 17, 24};
}

void TextDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ThemeColors &c = colorsOf(option.palette);
    painter->save();
    painter->setLayoutDirection(Qt::LayoutDirectionAuto); // figures, ids and names keep their own order
    paintBackground(painter, option, index);
    const Qt::LayoutDirection direction = option.direction;
    QRect line = cellContent(option, index);
    const QRect content = line;
    const auto seen = [&](const QRect &r) { return QStyle::visualRect(direction, content, r); };
    const QVariant mark = index.data(CellMark);
    if (mark.isValid()) {
        const int side = line.height() >= 56 ? 32 : line.height() >= 32 ? 20 : 16;
        paintProviderMark(painter, seen(QRect(line.x(), line.center().y() - side / 2 + 1, side, side)), mark.toString(), c);
        line.setLeft(line.left() + side + (side > 20 ? 12 : 8));
    }
    const int pixels = option.rect.height() >= 32 && !index.data(CellSmall).toBool() ? 13 : 12;
    const bool strong = index.data(CellStrong).toBool();
    const bool loud = option.rect.height() >= 56 || index.data(CellRoleColor).isValid(); // a figure that is wrong, not a name
    const QFont font = index.data(CellMono).toBool() ? monoFont(12) : textFont(pixels, strong ? (loud ? QFont::DemiBold : QFont::Medium) : QFont::Normal);
    const QVariant alignment = index.data(Qt::TextAlignmentRole);
    const Qt::Alignment align = alignment.isValid() ? Qt::Alignment(alignment.toInt()) : Qt::Alignment(Qt::AlignLeft);
    const QVariant icon = index.data(CellIcon);
    if (icon.isValid()) {
        const int side = line.height() > 24 ? 16 : 14;
        const Role role = Role(index.data(CellIconRole).toInt());
        const int before = align & Qt::AlignRight ? qMax(0, line.width() - QFontMetrics(font).horizontalAdvance(index.data().toString()) - side - 7) : 0;
        paintIcon(painter, Icon(icon.toInt()), seen(QRect(line.x() + before, line.center().y() - side / 2 + 1, side, side)), c.of(role));
        line.setLeft(line.left() + before + side + 5);
    }
    const QVariant swatch = index.data(CellSwatch);
    if (swatch.isValid()) {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(swatch.value<QColor>());
        painter->drawRoundedRect(seen(QRect(line.x(), line.center().y() - 3, 8, 8)), 2, 2);
        line.setLeft(line.left() + 14);
    }
    painter->setFont(font);
    const QVariant role = index.data(CellRoleColor);
    const bool enabled = index.flags() & Qt::ItemIsEnabled;
    painter->setPen(role.isValid() ? c.of(Role(role.toInt())) : enabled ? c.text : c.control);
    const QString second = index.data(CellSubText).toString();
    const QRect first = second.isEmpty() ? line : QRect(line.x(), line.center().y() - 17, line.width(), 18);
    painter->drawText(seen(first), int(QStyle::visualAlignment(direction, align & Qt::AlignHorizontal_Mask) | Qt::AlignVCenter | Qt::TextSingleLine),
        painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, line.width()));
    if (!second.isEmpty()) {
        painter->setFont(textFont(11));
        painter->setPen(c.muted);
        painter->drawText(seen(QRect(line.x(), line.center().y() + 2, line.width(), 16)), int(QStyle::visualAlignment(direction, align & Qt::AlignHorizontal_Mask) | Qt::AlignVCenter | Qt::TextSingleLine),
            painter->fontMetrics().elidedText(second, Qt::ElideRight, line.width()));
    }
    painter->restore();
}

void paintHealthStrip(QPainter *painter, const QRect &where, const QList<HealthBin> &bins, const ThemeColors &c)
{
    const int pitch = 4;
    const qsizetype shown = qMin(bins.size(), qsizetype(where.width() / pitch));
    int x = where.x();
    for (qsizetype i = bins.size() - shown; i < bins.size(); ++i, x += pitch) {
        int height = 2;
        QColor color = c.line;
        switch (bins.at(i).state) {
        case HealthBin::State::Silent: break;
        case HealthBin::State::Ok: height = where.height() / 2; color = blended(c.surface, c.ok, 0.55); break;
        case HealthBin::State::Warning: height = where.height() * 3 / 4; color = c.warn; break;
        case HealthBin::State::Failing: height = where.height(); color = c.err; break;
        }
        painter->fillRect(x, where.bottom() + 1 - height, pitch - 1, height, color);
    }
}

void HealthStripDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    paintBackground(painter, option, index);
    const auto bins = index.data(Qt::UserRole).value<QList<HealthBin>>();
    const QRect line = cellContent(option, index);
    paintHealthStrip(painter, QRect(line.x(), line.center().y() - 9, line.width(), 19), bins, colorsOf(option.palette));
}

} // namespace ui::widgets
