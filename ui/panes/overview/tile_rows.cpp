// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/overview/tile_rows.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace ui::overview {

namespace {

constexpr int gap = 8;

int widthOf(const QList<QWidget *> &tiles, qsizetype from, qsizetype to)
{
    int width = 0;
    for (qsizetype i = from; i < to; ++i)
        width += tiles[i]->minimumSizeHint().width() + (i > from ? gap : 0);
    return width;
}

} // namespace

TileRows::TileRows(QWidget *parent) : QWidget(parent), m_first(new QHBoxLayout), m_second(new QHBoxLayout)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0); // the second row brings its own, when it is there
    column->addLayout(m_first);
    column->addLayout(m_second);
    for (QHBoxLayout *row : {m_first, m_second})
        row->setSpacing(gap);
}

void TileRows::add(QWidget *tile)
{
    m_tiles.append(tile);
    m_first->addWidget(tile, 1);
}

QSize TileRows::minimumSizeHint() const
{
    const qsizetype half = (m_shown.size() + 1) / 2;
    return {std::max(widthOf(m_shown, 0, half), widthOf(m_shown, half, m_shown.size())), QWidget::minimumSizeHint().height()};
}

bool TileRows::event(QEvent *event)
{
    const bool done = QWidget::event(event);
    if (event->type() == QEvent::LayoutRequest) // one came or went
        arrange();
    return done;
}

void TileRows::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void TileRows::arrange()
{
    QList<QWidget *> shown;
    std::ranges::copy_if(m_tiles, std::back_inserter(shown), [](const QWidget *tile) { return !tile->isHidden(); });
    const qsizetype count = shown.size();
    const bool fits = width() >= count * leastWidth + (count - 1) * gap;
    const qsizetype inFirst = fits ? count : (count + 1) / 2;
    if (shown == m_shown && inFirst == m_inFirst)
        return;
    m_shown = shown;
    m_inFirst = inFirst;
    for (qsizetype i = 0; i < count; ++i) {
        QHBoxLayout *row = i < inFirst ? m_first : m_second;
        (i < inFirst ? m_second : m_first)->removeWidget(shown[i]);
        row->removeWidget(shown[i]); // so that they keep their order
        row->addWidget(shown[i], 1);
    }
    m_second->setContentsMargins(0, fits ? 0 : gap, 0, 0);
    updateGeometry();
}

} // namespace ui::overview
