// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/filter_offers.h"

#include "ui/widgets/button.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QPainter>
#include <QStyledItemDelegate>

namespace ui::widgets {
namespace {

constexpr int rowHeight = 24, headHeight = 26, footHeight = 32, edge = 1;
constexpr int between = 12; // a name and its note
constexpr int rounding = 4; // letters are a little wider on the screen than by their measures

class OfferDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const ThemeColors &c = colorsOf(option.palette);
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, c.selection);
        const QRect line = option.rect.adjusted(9, 0, -9, 0);
        const QString name = index.data().toString(), count = index.data(FilterOffers::OfferCount).toString();
        // The name is what is chosen; a long note about it gives way.
        const int noteWidth = count.isEmpty() ? 0 : qMin(QFontMetrics(textFont(12)).horizontalAdvance(count) + rounding, qMax(line.width() / 3, line.width() - QFontMetrics(monoFont(12)).horizontalAdvance(name) - between));
        painter->setFont(textFont(12));
        painter->setPen(c.muted);
        painter->drawText(line, Qt::AlignVCenter | Qt::AlignRight, painter->fontMetrics().elidedText(count, Qt::ElideRight, noteWidth));
        painter->setFont(monoFont(12));
        painter->setPen(c.text);
        painter->drawText(line, Qt::AlignVCenter | Qt::AlignLeft, painter->fontMetrics().elidedText(name, Qt::ElideRight, line.width() - (noteWidth > 0 ? noteWidth + between : 0)));
    }

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {200, rowHeight}; }
};

} // namespace

FilterOffers::FilterOffers(QWidget *parent) : QListView(parent), m_keys {{tr("Tab"), tr("accept")}, {tr("Enter"), tr("filter")}, {tr("Esc"), tr("close")}}
{
    setFrameShape(QFrame::NoFrame);
    setUniformItemSizes(true);
    setViewportMargins(edge, headHeight, edge, footHeight);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setMouseTracking(true);
    connect(this, &QAbstractItemView::entered, this, [this](const QModelIndex &index) { setCurrentIndex(index); });
}

void FilterOffers::paintOwnRows() { setItemDelegate(new OfferDelegate(this)); }

void FilterOffers::setHeading(const QString &heading)
{
    m_heading = heading;
    setAccessibleName(heading);
    update();
}

void FilterOffers::fitHeight()
{
    const int rows = qMin(model() ? model()->rowCount() : 0, 12);
    resize(width(), headHeight + rows * rowHeight + footHeight + edge);
}

bool FilterOffers::event(QEvent *event)
{
    const bool handled = QListView::event(event);
    if (event->type() == QEvent::Paint)
        paintFrameAround();
    return handled;
}

void FilterOffers::paintFrameAround()
{
    const ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    painter.fillRect(rect(), c.surface);
    paintFrame(&painter, rect(), c.surface, c.control, 1);
    painter.setFont(textFont(11));
    painter.setPen(c.muted);
    painter.drawText(QRect(10, 2, width() - 20, headHeight - 2), Qt::AlignVCenter | Qt::AlignLeft, m_heading);
    const int top = height() - footHeight;
    painter.fillRect(1, top, width() - 2, 1, c.line);
    int x = 10;
    for (const auto &[key, words] : m_keys) {
        const int width = keyHintWidth(key);
        paintKeyHint(&painter, x + width, top + footHeight / 2, key, c);
        x += width + 6;
        painter.setFont(textFont(11));
        painter.setPen(c.muted);
        const int spread = painter.fontMetrics().horizontalAdvance(words);
        painter.drawText(QRect(x, top, spread + 2, footHeight), Qt::AlignVCenter | Qt::AlignLeft, words);
        x += spread + 12;
    }
}

} // namespace ui::widgets
