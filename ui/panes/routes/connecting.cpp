// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/connecting.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

Connecting::Connecting(const PlanNode &plan, const PlanLayout &layout, const Port &from) : m_plan(plan), m_layout(layout), m_from(from)
{
    const auto ports = portsOf(m_layout);
    const auto found = std::ranges::find(ports, from, &PortPlace::port);
    if (found != ports.end())
        m_begin = found->at;
    else if (const QRectF row = placeOf(m_layout, from.node); !row.isNull())
        m_begin = {m_layout.mirrored ? row.left() : row.right(), row.center().y()}; // a row has no port of its own
    m_end = m_begin;
    for (const Path &path : walk(m_plan))
        if (judge(m_plan, from, path).possible)
            m_possible.push_back(path);
}

void Connecting::aimAt(const std::optional<Path> &path)
{
    m_aim = path;
    m_verdict = path ? judge(m_plan, m_from, *path) : Verdict {};
}

void Connecting::pointAt(const QPointF &scene)
{
    m_end = scene;
    aimAt(nodeUnder(m_layout, m_plan, scene));
}

void Connecting::step(int direction)
{
    if (m_possible.empty())
        return;
    const auto count = static_cast<std::ptrdiff_t>(m_possible.size());
    const auto at = m_aim ? std::ranges::find(m_possible, *m_aim) - m_possible.begin() : direction > 0 ? -1 : count;
    const Path &next = m_possible[static_cast<std::size_t>((at + direction + count) % count)];
    aimAt(next);
    const QRectF where = placeOf(m_layout, next);
    m_end = {m_layout.mirrored ? where.right() : where.left(), where.center().y()};
}

void Connecting::paint(QPainter *painter, const ThemeColors &c) const
{
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    QColor glow = c.accent;
    glow.setAlphaF(0.45f);
    painter->setPen(QPen(glow, 2));
    for (const Path &path : m_possible)
        if (path != m_aim)
            painter->drawRoundedRect(placeOf(m_layout, path).adjusted(1, 1, -1, -1), 4, 4);
    const QColor color = m_aim && !m_verdict.possible ? c.err : c.accent;
    if (m_aim)
        paintFocusRing(painter, placeOf(m_layout, *m_aim).adjusted(-2, -2, 2, 2), color, 6);
    painter->setPen(QPen(color, 2, Qt::DashLine));
    QPainterPath line(m_begin);
    const double middle = (m_begin.x() + m_end.x()) / 2;
    line.cubicTo({middle, m_begin.y()}, {middle, m_end.y()}, m_end);
    painter->drawPath(line);
    painter->setPen(QPen(color, 1.5));
    painter->setBrush(c.surface);
    painter->drawEllipse(m_begin, 6, 6);
    if (!m_verdict.words.isEmpty())
        paintHint(painter, c);
}

/// The verdict's words beside the line's end, inside the picture.
void Connecting::paintHint(QPainter *painter, const ThemeColors &c) const
{
    const QFont font = textFont(12, QFont::Medium);
    const double width = QFontMetricsF(font).horizontalAdvance(m_verdict.words) + 34;
    QRectF box(m_end.x() + 14, m_end.y() + 16, width, 26);
    const QRectF room = m_layout.bounds.adjusted(-12, -48, 12, 64);
    box.moveLeft(std::clamp(box.left(), room.left(), std::max(room.left(), room.right() - width)));
    box.moveTop(std::clamp(box.top(), room.top(), room.bottom() - box.height()));
    const Role role = m_verdict.possible ? Role::Accent : Role::Err;
    paintFrame(painter, box, m_verdict.possible ? c.infoBg : c.errBg, c.of(role), 4);
    paintIcon(painter, m_verdict.possible ? Icon::Check : Icon::Error, QRectF(box.left() + 7, box.top() + 6, 14, 14), c.of(role));
    painter->setFont(font);
    painter->setPen(c.text);
    painter->drawText(box.adjusted(27, 0, -4, 0), Qt::AlignVCenter | Qt::AlignLeft, m_verdict.words);
}

} // namespace ui::routes
