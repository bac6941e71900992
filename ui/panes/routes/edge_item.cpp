// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/edge_item.h"

#include "ui/panes/routes/canvas_paint.h"
#include "ui/widgets/format.h"
#include "ui/widgets/theme.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;
using namespace measure;

namespace {

QString tr(const char *text) { return QCoreApplication::translate("ui::routes", text); }

constexpr double arrowLength = 9;

QPainterPath edgePath(const Link &link)
{
    QPainterPath path(link.from);
    const QPointF to = link.target;
    if (link.kind == Link::Kind::ToEnd && std::abs(to.y() - link.from.y()) > 1) {
        const double radius = std::min({12.0, std::abs(to.y() - link.from.y()) / 2, std::abs(to.x() - link.from.x()) / 2});
        const double down = to.y() > link.from.y() ? 1 : -1;
        path.lineTo(to.x() - radius, link.from.y());
        path.quadTo(to.x(), link.from.y(), to.x(), link.from.y() + down * radius);
        path.lineTo(to.x(), to.y() - down * arrowLength);
        return path;
    }
    const QPointF end(to.x() - arrowLength, to.y());
    if (std::abs(to.y() - link.from.y()) < 1) {
        path.lineTo(end);
        return path;
    }
    const double middle = (link.from.x() + end.x()) / 2;
    path.cubicTo({middle, link.from.y()}, {middle, to.y()}, end);
    return path;
}

} // namespace

EdgeItem::EdgeItem(CanvasHost &host, const Link &link, std::optional<int> share) : m_host(host), m_link(link), m_share(share), m_path(edgePath(link))
{
    setZValue(-1);
    setAcceptedMouseButtons(Qt::NoButton);
}

QRectF EdgeItem::boundingRect() const { return m_path.boundingRect().united(QRectF(m_link.from, m_link.target).normalized()).adjusted(-120, -52, 24, 52); }

void EdgeItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    const ThemeColors &c = m_host.colors();
    const NodeFigures figures = m_link.to && m_link.kind != Link::Kind::FromStart ? m_host.figures(*m_link.to) : NodeFigures {};
    const auto perSecond = m_link.kind == Link::Kind::FromStart ? m_host.routeCallsPerSecond() : figures.callsPerSecond;
    const auto errors = m_link.kind == Link::Kind::FromStart ? m_host.routeErrorShare() : figures.errorShare;
    const bool live = m_host.overlay() && perSecond && *perSecond > 0;
    double width = 1.5;
    if (live) {
        const double whole = m_host.routeCallsPerSecond().value_or(*perSecond);
        // Against the route's own traffic: a tenth of it is a thin line, all of it the widest.
        width = std::clamp(7 + 4.5 * std::log10(std::max(1e-6, *perSecond / std::max(1e-9, whole))), 2.0, 7.0);
    }
    const QColor color = live ? c.of(errorRole(errors)) : c.control;
    QPen pen(color, width, m_link.kind == Link::Kind::FromRow ? Qt::DashLine : Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin);
    if (m_link.kind == Link::Kind::FromRow)
        pen.setDashPattern({3, 2});
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(pen);
    painter->drawPath(m_path);
    paintArrow(painter, color, width);
    paintLabel(painter, c);
}

void EdgeItem::paintArrow(QPainter *painter, const QColor &color, double width) const
{
    const double half = 5 + width / 5;
    const bool vertical = m_link.kind == Link::Kind::ToEnd && std::abs(m_link.target.y() - m_link.from.y()) > 1;
    const QPointF tip = m_link.target;
    QPolygonF head;
    if (vertical) {
        const double back = tip.y() > m_link.from.y() ? -arrowLength : arrowLength;
        head << tip << QPointF(tip.x() - half, tip.y() + back) << QPointF(tip.x() + half, tip.y() + back);
    } else {
        head << tip << QPointF(tip.x() - arrowLength, tip.y() - half) << QPointF(tip.x() - arrowLength, tip.y() + half);
    }
    painter->setPen(Qt::NoPen);
    painter->setBrush(color);
    painter->drawPolygon(head);
}

void EdgeItem::paintLabel(QPainter *painter, const ThemeColors &c) const
{
    if (m_link.kind == Link::Kind::ToEnd)
        return;
    const bool start = m_link.kind == Link::Kind::FromStart;
    const NodeFigures figures = start || !m_link.to ? NodeFigures {} : m_host.figures(*m_link.to);
    const auto perSecond = start ? m_host.routeCallsPerSecond() : figures.callsPerSecond;
    const auto errors = start ? m_host.routeErrorShare() : figures.errorShare;
    const bool live = m_host.overlay() && perSecond.has_value();
    const QFont font = textFont(11), strong = textFont(11, QFont::DemiBold);
    const QString head = m_share ? tr("%1 %").arg(*m_share) : m_link.kind == Link::Kind::FromRow ? tr("row %1").arg(m_link.port + 1) : QString();
    const QString traffic = live ? tr("%1 rps").arg(rate(*perSecond)) : QString();
    const QString failing = live && errors ? tr("%1 err").arg(widgets::share(*errors)) : QString();
    const double gap = 5;
    const double first = QFontMetricsF(font).horizontalAdvance(traffic);
    const double second = failing.isEmpty() ? 0 : QFontMetricsF(font).horizontalAdvance(failing);
    const bool wide = m_link.kind != Link::Kind::FromSplit && first + gap + second <= m_link.target.x() - m_link.from.x() - 10;
    const int lines = (head.isEmpty() ? 0 : 1) + (traffic.isEmpty() ? 0 : 1) + (!wide && !failing.isEmpty() ? 1 : 0);
    if (lines == 0)
        return;
    const double width = std::max({QFontMetricsF(strong).horizontalAdvance(head), wide ? first + (failing.isEmpty() ? 0 : gap) + second : std::max(first, second)});
    const double x = start ? (m_link.from.x() + m_link.target.x() - width) / 2 : m_link.target.x() - 14 - width;
    const bool below = m_link.target.y() > m_link.from.y() + 1; // the way comes from above: the label under it
    const double y = below ? m_link.target.y() + 9 : m_link.target.y() - 9 - 15 * lines;
    painter->fillRect(QRectF(x - 3, y, width + 6, 15 * lines), c.surface);
    double line = y;
    if (!head.isEmpty()) {
        drawElided(painter, QRectF(x, line, width + 2, 15), strong, c.text, head);
        line += 15;
    }
    if (traffic.isEmpty())
        return;
    drawElided(painter, QRectF(x, line, first + 2, 15), font, c.text, traffic);
    if (failing.isEmpty())
        return;
    const QRectF where = wide ? QRectF(x + first + gap, line, second + 2, 15) : QRectF(x, line + 15, second + 2, 15);
    drawElided(painter, where, font, c.of(errorRole(errors)), failing);
}

} // namespace ui::routes
