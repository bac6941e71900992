// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/node_items.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/canvas_paint.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QCoreApplication>
#include <QCursor>
#include <QGraphicsSceneHoverEvent>
#include <QGraphicsSceneMouseEvent>
#include <QPainter>

#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;
using namespace measure;

namespace {

QString tr(const char *text) { return QCoreApplication::translate("ui::routes", text); }

} // namespace

// ---- start and flag ----

EndItem::EndItem(CanvasHost &host, const QRectF &where, const QString &routeName) : m_host(host), m_where(where), m_name(routeName) { }

QRectF EndItem::boundingRect() const { return m_where.adjusted(-4, -10, 10, 4); }

void EndItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    const ThemeColors &c = m_host.colors();
    if (m_name.isEmpty()) {
        paintCard(painter, rounded(m_where, 4), c, false, false);
        paintIcon(painter, Icon::Flag, QRectF(m_where.center().x() - 8, m_where.center().y() - 8, 16, 16), c.accent);
        return;
    }
    const bool problem = m_host.hasProblem(std::nullopt);
    paintCard(painter, rounded(m_where, m_where.height() / 2), c, m_host.isChosen(std::nullopt), problem);
    paintIcon(painter, Icon::Play, QRectF(m_where.left() + 14, m_where.center().y() - 8, 16, 16), c.accent);
    drawElided(painter, m_where.adjusted(36, 0, -14, 0), textFont(13, QFont::DemiBold), c.text, m_name);
    paintPort(painter, {m_where.right(), m_where.center().y()}, c);
    if (problem)
        paintProblemMark(painter, m_where, c);
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

// ---- model, route, split ----

NodeItem::NodeItem(CanvasHost &host, const NodeBox &box, const PlanNode &node) : m_host(host), m_box(box), m_node(node)
{
    if (const auto *split = std::get_if<SplitNode>(&node.node)) {
        m_shares = shares(*split);
        setAcceptHoverEvents(true);
    }
}

QRectF NodeItem::boundingRect() const { return m_box.where.adjusted(-4, -12, 12, 4); }

QPainterPath NodeItem::shape() const
{
    QPainterPath path;
    path.addRect(m_box.where.adjusted(0, 0, 4, 0));
    return path;
}

void NodeItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    const ThemeColors &c = m_host.colors();
    switch (m_box.kind) {
    case NodeKind::Split: paintSplit(painter, c); break;
    case NodeKind::Route: paintRoute(painter, c); break;
    default: paintModel(painter, c); break;
    }
    if (m_host.hasProblem(m_box.path))
        paintProblemMark(painter, m_box.where, c);
}

void NodeItem::paintModel(QPainter *painter, const ThemeColors &c) const
{
    const auto &target = std::get<TargetNode>(m_node.node);
    const QRectF &r = m_box.where;
    const NodeFigures figures = m_host.figures(m_box.path);
    paintCard(painter, rounded(r, 4), c, m_host.isChosen(m_box.path), m_host.hasProblem(m_box.path));
    paintProviderMark(painter, QRect(int(r.left()) + 14, int(r.center().y()) - 12, 24, 24), bridge::qt(target.provider), c);
    const Badge badge = m_host.overlay() ? badgeOf(figures.health) : Badge {};
    double right = r.right() - 12;
    if (badge.icon != Icon::None)
        right = paintBadge(painter, right, r.top() + 20, badge, c) - 6;
    const QColor name = badge.icon == Icon::CircuitOpen ? c.muted : c.text;
    drawElided(painter, QRectF(r.left() + 48, r.top() + 12, right - r.left() - 48, 18), textFont(13, QFont::DemiBold), name, titleOf(m_node));
    const QString line = m_host.overlay() ? figuresLine(figures) : bridge::qt(target.provider);
    drawElided(painter, QRectF(r.left() + 48, r.top() + 33, r.width() - 60, 16), textFont(11), c.muted, line);
    paintPort(painter, {r.right(), r.center().y()}, c);
}

void NodeItem::paintRoute(QPainter *painter, const ThemeColors &c) const
{
    const QRectF &r = m_box.where;
    QPainterPath outline = rounded(r, 4);
    outline.addPath(rounded(r.adjusted(4, 4, -4, -4), 2)); // a frame in the frame: another picture begins here
    outline.setFillRule(Qt::WindingFill);
    paintCard(painter, outline, c, m_host.isChosen(m_box.path), m_host.hasProblem(m_box.path));
    paintIcon(painter, Icon::Routes, QRectF(r.left() + 18, r.center().y() - 10, 20, 20), c.accent);
    drawElided(painter, QRectF(r.left() + 48, r.top() + 12, r.width() - 64, 18), textFont(13, QFont::DemiBold), c.text, titleOf(m_node));
    drawElided(painter, QRectF(r.left() + 48, r.top() + 33, r.width() - 64, 16), textFont(11), c.muted, tr("goes on as that route"));
    paintPort(painter, {r.right(), r.center().y()}, c);
}

QRectF NodeItem::shareBar() const
{
    const QRectF &r = m_box.where;
    return {r.left() + 24, r.bottom() - 15, r.width() - 36, 6};
}

double NodeItem::borderX(int branch) const
{
    int sum = 0;
    for (int i = 0; i <= branch; ++i)
        sum += m_shares.value(i);
    return shareBar().left() + shareBar().width() * sum / 100;
}

int NodeItem::borderAt(const QPointF &at) const
{
    if (!m_host.editable() || std::abs(at.y() - shareBar().center().y()) > 9)
        return -1;
    int best = -1;
    for (int i = 0; i + 1 < m_shares.size(); ++i)
        if (std::abs(at.x() - borderX(i)) < 6 && (best < 0 || std::abs(at.x() - borderX(i)) < std::abs(at.x() - borderX(best))))
            best = i;
    return best;
}

void NodeItem::paintSplit(QPainter *painter, const ThemeColors &c) const
{
    const QRectF r = m_box.where.adjusted(0.5, 0.5, -0.5, -0.5);
    QPainterPath outline(r.topLeft());
    outline.lineTo(r.right() - 8, r.top());
    outline.lineTo(r.right(), r.top() + 10);
    outline.lineTo(r.right(), r.bottom() - 10);
    outline.lineTo(r.right() - 8, r.bottom());
    outline.lineTo(r.left(), r.bottom());
    outline.lineTo(r.left() + 14, r.center().y());
    outline.closeSubpath();
    paintCard(painter, outline, c, m_host.isChosen(m_box.path), m_host.hasProblem(m_box.path));
    const double top = r.center().y() - 30;
    drawElided(painter, QRectF(r.left() + 20, top + 6, r.width() - 28, 14), textFont(11), c.muted, tr("split"), Qt::AlignHCenter);
    QStringList parts;
    for (const int one : m_shares)
        parts << QString::number(one);
    drawElided(painter, QRectF(r.left() + 20, top + 20, r.width() - 28, 18), textFont(m_shares.size() > 3 ? 11 : 13, QFont::Medium), c.text, parts.join(u" / "_s), Qt::AlignHCenter);
    const QRectF bar = shareBar();
    double x = bar.left();
    for (int i = 0; i < m_shares.size(); ++i) {
        const double end = borderX(i);
        painter->fillRect(QRectF(x + (i ? 1 : 0), bar.top(), end - x - (i ? 1 : 0), bar.height()), c.series[static_cast<std::size_t>(i) % c.series.size()]);
        x = end;
    }
    if (m_host.editable())
        for (int i = 0; i + 1 < m_shares.size(); ++i) {
            const QRectF handle(std::round(borderX(i)) - 2.5, bar.center().y() - 6, 5, 12);
            paintFrame(painter, handle, m_dragged == i ? c.accent : c.surface, m_dragged == i ? c.accent : c.control, 2);
        }
    for (int i = 0; i < m_shares.size(); ++i)
        paintPort(painter, splitPort(m_box.where, i, static_cast<int>(m_shares.size())), c);
}

void NodeItem::mousePressEvent(QGraphicsSceneMouseEvent *event)
{
    if (event->button() != Qt::LeftButton) {
        event->ignore();
        return;
    }
    m_host.choose(m_box.path);
    m_dragged = borderAt(event->pos());
    update();
}

void NodeItem::mouseMoveEvent(QGraphicsSceneMouseEvent *event)
{
    if (m_dragged < 0)
        return;
    const QRectF bar = shareBar();
    const double before = m_dragged == 0 ? bar.left() : borderX(m_dragged - 1);
    SplitNode split = std::get<SplitNode>(m_node.node);
    for (std::size_t i = 0; i < split.branches.size(); ++i)
        split.branches[i].weight = m_shares.value(static_cast<qsizetype>(i));
    moveBorder(split, m_dragged, static_cast<int>(std::lround((event->pos().x() - before) / bar.width() * 100)));
    m_shares = shares(split);
    update();
}

void NodeItem::mouseReleaseEvent(QGraphicsSceneMouseEvent *)
{
    if (m_dragged < 0)
        return;
    m_dragged = -1;
    update();
    if (m_shares != shares(std::get<SplitNode>(m_node.node)))
        m_host.sharesDropped(m_box.path, m_shares);
}

void NodeItem::mouseDoubleClickEvent(QGraphicsSceneMouseEvent *)
{
    if (m_box.kind == NodeKind::Split && m_host.editable())
        m_host.typeShares(m_box.path);
    else
        m_host.openInspector();
}

void NodeItem::hoverMoveEvent(QGraphicsSceneHoverEvent *event)
{
    if (borderAt(event->pos()) >= 0)
        setCursor(Qt::SplitHCursor);
    else
        unsetCursor();
}

} // namespace ui::routes
