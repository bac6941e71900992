// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/node_items.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/plan_words.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QCoreApplication>
#include <QGraphicsSceneMouseEvent>
#include <QPainter>

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

namespace {

QString tr(const char *text) { return QCoreApplication::translate("ui::routes", text); }

/// Kind over title, amid a shape that has no room for more.
void paintTwoLines(QPainter *painter, const QRectF &room, const QString &kind, const QString &title, const ThemeColors &c)
{
    drawElided(painter, QRectF(room.left(), room.center().y() - 17, room.width(), 15), textFont(11), c.muted, kind, Qt::AlignHCenter);
    drawElided(painter, QRectF(room.left(), room.center().y() - 1, room.width(), 18), textFont(title.size() > 16 ? 11 : 13, QFont::Medium), c.text, title, Qt::AlignHCenter);
}

QPainterPath diamond(const QRectF &r)
{
    QPainterPath path(QPointF(r.center().x(), r.top()));
    path.lineTo(r.right(), r.center().y());
    path.lineTo(r.center().x(), r.bottom());
    path.lineTo(r.left(), r.center().y());
    path.closeSubpath();
    return path;
}

QPainterPath octagon(const QRectF &r)
{
    constexpr double cut = 18;
    QPainterPath path(QPointF(r.left() + cut, r.top()));
    path.lineTo(r.right() - cut, r.top());
    path.lineTo(r.right(), r.top() + cut);
    path.lineTo(r.right(), r.bottom() - cut);
    path.lineTo(r.right() - cut, r.bottom());
    path.lineTo(r.left() + cut, r.bottom());
    path.lineTo(r.left(), r.bottom() - cut);
    path.lineTo(r.left(), r.top() + cut);
    path.closeSubpath();
    return path;
}

} // namespace

// ---- start and flag ----

EndItem::EndItem(CanvasHost &host, const QRectF &where, const QString &routeName) : m_host(host), m_where(where), m_name(routeName) { }

QRectF EndItem::boundingRect() const { return m_where.adjusted(-10, -10, 10, 4); }

void EndItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    const ThemeColors &c = m_host.colors();
    if (m_name.isEmpty()) {
        paintCard(painter, rounded(m_where, 4), c, false, false);
        paintIcon(painter, Icon::Flag, QRectF(m_where.center().x() - 8, m_where.center().y() - 8, 16, 16), c.accent);
        return;
    }
    const Mirror mirror(m_where, m_host.mirrored());
    const bool problem = m_host.hasProblem(std::nullopt);
    paintCard(painter, rounded(m_where, m_where.height() / 2), c, m_host.isChosen(std::nullopt), problem);
    paintIcon(painter, Icon::Play, mirror(QRectF(m_where.left() + 14, m_where.center().y() - 8, 16, 16)), c.accent);
    drawElided(painter, mirror(m_where.adjusted(36, 0, -14, 0)), textFont(13, QFont::DemiBold), c.text, m_name, mirror.before());
    paintPort(painter, mirror(QPointF(m_where.right(), m_where.center().y())), c);
    if (problem)
        paintProblemMark(painter, m_where, m_host.mirrored(), c);
}

void EndItem::mousePressEvent(QGraphicsSceneMouseEvent *event)
{
    if (!m_name.isEmpty() && event->button() == Qt::LeftButton)
        m_host.choose(std::nullopt);
    else
        event->ignore();
}

void EndItem::mouseDoubleClickEvent(QGraphicsSceneMouseEvent *)
{
    if (!m_name.isEmpty())
        m_host.openInspector();
}

// ---- model, route ----

void ModelItem::paintNode(QPainter *painter, const ThemeColors &c) const
{
    const auto &target = std::get<TargetNode>(node().node);
    const QRectF &r = box().where;
    const Mirror at = mirror();
    const NodeFigures figures = host().figures(box().path);
    paintCard(painter, rounded(r, 4), c, chosen(), hasProblem());
    paintProviderMark(painter, at(QRectF(r.left() + 14, r.center().y() - 12, 24, 24)).toRect(), bridge::qt(target.provider), c);
    const Badge badge = host().overlay() ? badgeOf(figures.health) : Badge {};
    double right = r.right() - 12;
    if (!badge.empty()) {
        right -= badgeWidth(badge);
        paintBadge(painter, at(QRectF(right, 0, badgeWidth(badge), 0)).left(), r.top() + 20, badge, c);
        right -= 6;
    }
    const QColor name = badge.icon == Icon::CircuitOpen ? c.muted : c.text;
    drawElided(painter, at(QRectF(r.left() + 48, r.top() + 12, right - r.left() - 48, 18)), textFont(13, QFont::DemiBold), name, titleOf(node()), at.before());
    const QString line = host().overlay() ? figuresLine(figures) : bridge::qt(target.provider);
    drawElided(painter, at(QRectF(r.left() + 48, r.top() + 33, r.width() - 60, 16)), textFont(11), c.muted, line, at.before());
    paintPassage(painter, r, host().passage(box().path), c);
}

void ReferenceItem::paintNode(QPainter *painter, const ThemeColors &c) const
{
    const QRectF &r = box().where;
    const Mirror at = mirror();
    QPainterPath outline = rounded(r, 4);
    outline.addPath(rounded(r.adjusted(4, 4, -4, -4), 2));
    outline.setFillRule(Qt::WindingFill);
    paintCard(painter, outline, c, chosen(), hasProblem());
    paintIcon(painter, Icon::Routes, at(QRectF(r.left() + 18, r.center().y() - 10, 20, 20)), c.accent);
    drawElided(painter, at(QRectF(r.left() + 48, r.top() + 12, r.width() - 64, 18)), textFont(13, QFont::DemiBold), c.text, titleOf(node()), at.before());
    drawElided(painter, at(QRectF(r.left() + 48, r.top() + 33, r.width() - 64, 16)), textFont(11), c.muted, tr("goes on as that route"), at.before());
    paintPassage(painter, r, host().passage(box().path), c);
}

// ---- when, limit ----

QPainterPath DiamondItem::shape() const { return diamond(box().where.adjusted(-4, -4, 4, 4)); }

void DiamondItem::paintNode(QPainter *painter, const ThemeColors &c) const
{
    const QRectF &r = box().where;
    paintCard(painter, diamond(r.adjusted(0.5, 0.5, -0.5, -0.5)), c, chosen(), hasProblem());
    paintTwoLines(painter, QRectF(r.left() + 28, r.center().y() - 24, r.width() - 56, 48), kindName(NodeKind::When), titleOf(node()), c);
}

void OctagonItem::paintNode(QPainter *painter, const ThemeColors &c) const
{
    const QRectF &r = box().where;
    paintCard(painter, octagon(r.adjusted(0.5, 0.5, -0.5, -0.5)), c, chosen(), hasProblem());
    paintTwoLines(painter, r.adjusted(8, 0, -8, 0), kindName(NodeKind::Limit), titleOf(node()), c);
}

} // namespace ui::routes
