// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/chain_view.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/theme_colors.h"

#include <QPainter>
#include <QPen>

#include <algorithm>

namespace ui::settings {

namespace {

constexpr int links = 9, linkWidth = 18, linkHeight = 10, overlap = 6, barHeight = 20;
constexpr int pitch = linkWidth - overlap;

} // namespace

ChainView::ChainView(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void ChainView::setState(State state, double brokenAt)
{
    m_state = state;
    m_gap = state == State::Broken ? std::clamp(static_cast<int>(brokenAt * links), 0, links - 1) : -1;
    update();
}

QSize ChainView::sizeHint() const { return {links * pitch + overlap + 2, barHeight}; }

void ChainView::paintEvent(QPaintEvent *)
{
    const widgets::ThemeColors &c = widgets::colorsOf(this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (layoutDirection() == Qt::RightToLeft) {
        painter.translate(width(), 0);
        painter.scale(-1, 1);
    }
    const qreal top = (barHeight - linkHeight) / 2.0;
    for (int i = 0; i < links; ++i) {
        const QRectF link(1 + i * pitch, top, linkWidth, linkHeight);
        if (i == m_gap) {
            widgets::paintIcon(&painter, widgets::Icon::Error, QRectF(link.center().x() - 8, link.center().y() - 8, 16, 16), c.err);
            continue;
        }
        // What hangs behind a gap proves nothing any more: grey and dashed, so that it is not told by colour alone.
        const bool proven = m_state == State::Whole || (m_state == State::Broken && i < m_gap);
        QPen pen(proven ? c.ok : c.control, 2);
        if (!proven)
            pen.setDashPattern({2, 1.5});
        painter.setPen(pen);
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(link, linkHeight / 2.0, linkHeight / 2.0);
    }
}

} // namespace ui::settings
