// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/edge_item.h"

#include "ui/panes/routes/canvas_paint.h"
#include "ui/widgets/format.h"
#include "ui/widgets/theme.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace ui::routes {

using namespace widgets;
using namespace measure;

namespace {

QString tr(const char *text) { return QCoreApplication::translate("ui::routes", text); }

constexpr double arrowLength = 9, lineHeight = 15, longestName = 118;

double directionOf(const Link &link) { return link.target.x() >= link.from.x() ? 1 : -1; }
bool isLevel(const Link &link) { return std::abs(link.target.y() - link.from.y()) < 1; }

/// Up or down, then on.
void addBend(QPainterPath &path, const QPointF &from, const QPointF &to, bool verticalFirst)
{
    const double right = to.x() > from.x() ? 1 : -1, down = to.y() > from.y() ? 1 : -1;
    const double radius = std::min({12.0, std::abs(to.y() - from.y()) / 2, std::abs(to.x() - from.x()) / 2});
    const QPointF corner = verticalFirst ? QPointF(from.x(), to.y()) : QPointF(to.x(), from.y());
    path.lineTo(verticalFirst ? corner - QPointF(0, down * radius) : corner - QPointF(right * radius, 0));
    path.quadTo(corner, verticalFirst ? corner + QPointF(right * radius, 0) : corner + QPointF(0, down * radius));
    path.lineTo(to);
}

} // namespace

QPainterPath edgePath(const Link &link)
{
    QPainterPath path(link.from);
    const bool vertical = link.enters == Side::Top || link.enters == Side::Bottom;
    const double down = link.target.y() > link.from.y() ? 1 : -1;
    const QPointF end = vertical ? link.target - QPointF(0, down * arrowLength) : link.target - QPointF(directionOf(link) * arrowLength, 0);
    if (link.kind == Link::Kind::Nowhere) {
        path.lineTo(link.target);
    } else if (link.leaves != Side::After) {
        addBend(path, link.from, end, true);
    } else if (vertical) {
        addBend(path, link.from, end, false);
    } else if (isLevel(link)) {
        path.lineTo(end);
    } else {
        const double middle = (link.from.x() + end.x()) / 2;
        path.cubicTo({middle, link.from.y()}, {middle, end.y()}, end);
    }
    return path;
}

EdgeItem::EdgeItem(CanvasHost &host, const Link &link, const QString &name, bool withShare) : m_host(host), m_link(link), m_name(name), m_withShare(withShare), m_path(edgePath(link))
{
    setZValue(-1);
    setAcceptedMouseButtons(Qt::NoButton);
}

QRectF EdgeItem::boundingRect() const { return m_path.boundingRect().united(QRectF(m_link.from, m_link.target).normalized()).adjusted(-120, -60, 120, 60); }

EdgeItem::Shown EdgeItem::shown() const
{
    const ThemeColors &c = m_host.colors();
    const RouteFigures &route = m_host.routeFigures();
    const NodeFigures figures = m_link.to && m_link.kind != Link::Kind::FromStart ? m_host.figures(*m_link.to) : NodeFigures {};
    const bool start = m_link.kind == Link::Kind::FromStart;
    Shown edge;
    edge.perSecond = start ? route.callsPerSecond : figures.callsPerSecond;
    edge.errors = start ? route.errorShare : figures.errorShare;
    edge.passing = figures.passing;
    edge.live = m_host.overlay() && edge.perSecond && *edge.perSecond > 0 && m_link.kind != Link::Kind::Nowhere;
    edge.color = c.control;
    if (edge.live) {
        const double whole = route.callsPerSecond.value_or(*edge.perSecond);
        // Against the route's own traffic: a tenth of it is a thin line, all of it the widest.
        edge.width = std::clamp(7 + 4.5 * std::log10(std::max(1e-6, *edge.perSecond / std::max(1e-9, whole))), 2.0, 7.0);
        edge.color = route.stale ? c.control : c.of(errorRole(edge.errors));
    }
    if (m_link.to && m_host.passage(*m_link.to) != Passage::None) {
        edge.color = c.accent;
        edge.width = std::max(edge.width, 3.0);
    }
    return edge;
}

void EdgeItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    const Shown edge = shown();
    const bool nowhere = m_link.kind == Link::Kind::Nowhere;
    QPen pen(edge.color, edge.width, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin);
    if (m_link.onError)
        pen.setDashPattern({3, 2});
    else if (nowhere)
        pen.setDashPattern({1, 2});
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(pen);
    painter->drawPath(m_path);
    if (!nowhere)
        paintArrow(painter, edge);
    if (m_link.kind != Link::Kind::ToEnd)
        paintLabel(painter, edge, m_host.colors());
}

void EdgeItem::paintArrow(QPainter *painter, const Shown &edge) const
{
    const double half = 5 + edge.width / 5;
    const QPointF tip = m_link.target;
    const bool vertical = m_link.enters == Side::Top || m_link.enters == Side::Bottom;
    const QPointF back = vertical ? QPointF(0, tip.y() > m_link.from.y() ? -arrowLength : arrowLength) : QPointF(-directionOf(m_link) * arrowLength, 0);
    const QPointF across = vertical ? QPointF(half, 0) : QPointF(0, half);
    painter->setPen(Qt::NoPen);
    painter->setBrush(edge.color);
    painter->drawPolygon(QPolygonF {tip, tip + back - across, tip + back + across});
}

/// Near the arrow's head, on the side of the line that is free; of a stub beside it; of the start amid the edge.
QRectF EdgeItem::labelPlace(double width, int lines) const
{
    const double height = lineHeight * lines;
    const double direction = directionOf(m_link);
    if (m_link.kind == Link::Kind::Nowhere)
        return {m_link.target.x() + 8, m_link.target.y() - lineHeight, width, height};
    double x = direction > 0 ? m_link.target.x() - 14 - width : m_link.target.x() + 14;
    if (m_link.kind == Link::Kind::FromStart)
        x = (m_link.from.x() + m_link.target.x() - width) / 2;
    // Under the line where the way comes from above, or bends off a node's top.
    const bool under = m_link.leaves == Side::Top || (m_link.leaves == Side::After && m_link.target.y() > m_link.from.y() + 1);
    return {x, under ? m_link.target.y() + 9 : m_link.target.y() - 9 - height, width, height};
}

void EdgeItem::paintLabel(QPainter *painter, const Shown &edge, const ThemeColors &c) const
{
    const bool live = m_host.overlay() && edge.perSecond.has_value() && m_link.kind != Link::Kind::Nowhere;
    const bool stale = m_host.routeFigures().stale;
    const QFont font = textFont(11), strong = textFont(11, QFont::DemiBold);
    const QFontMetricsF metrics(font), strongMetrics(strong);
    QString head = strongMetrics.elidedText(m_name, Qt::ElideRight, longestName);
    if (m_withShare && live && edge.passing)
        head = strongMetrics.elidedText(m_name, Qt::ElideRight, longestName - 34) + tr(" %1 %").arg(qRound(*edge.passing * 100));
    const QString traffic = live ? tr("%1 rps").arg(rate(*edge.perSecond)) : QString();
    const QString failing = live && edge.errors ? tr("%1 err").arg(share(*edge.errors)) : QString();
    constexpr double gap = 5;
    const double first = metrics.horizontalAdvance(traffic);
    const double second = failing.isEmpty() ? 0 : metrics.horizontalAdvance(failing);
    const bool oneLine = m_link.kind != Link::Kind::FromFork && first + gap + second <= std::abs(m_link.target.x() - m_link.from.x()) - 10;
    const int lines = (head.isEmpty() ? 0 : 1) + (traffic.isEmpty() ? 0 : 1) + (!oneLine && !failing.isEmpty() ? 1 : 0);
    if (lines == 0)
        return;
    const double width = std::max(strongMetrics.horizontalAdvance(head), oneLine ? first + (failing.isEmpty() ? 0 : gap) + second : std::max(first, second));
    const QRectF place = labelPlace(width, lines);
    painter->fillRect(place.adjusted(-3, 0, 3, 0), c.surface);
    double y = place.top();
    if (!head.isEmpty()) {
        drawElided(painter, QRectF(place.left(), y, width + 2, lineHeight), strong, m_link.kind == Link::Kind::Nowhere ? c.muted : c.text, head);
        y += lineHeight;
    }
    if (traffic.isEmpty())
        return;
    drawElided(painter, QRectF(place.left(), y, first + 2, lineHeight), font, stale ? c.muted : c.text, traffic);
    if (failing.isEmpty())
        return;
    const QRectF where = oneLine ? QRectF(place.left() + first + gap, y, second + 2, lineHeight) : QRectF(place.left(), y + lineHeight, second + 2, lineHeight);
    drawElided(painter, where, font, stale ? c.muted : c.of(errorRole(edge.errors)), failing);
}

} // namespace ui::routes
