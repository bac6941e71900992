// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/chain_item.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/canvas_paint.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QCoreApplication>
#include <QGraphicsScene>
#include <QGraphicsSceneMouseEvent>
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

Icon iconOf(const PlanNode &node)
{
    switch (kindOf(node)) {
    case NodeKind::Chain: return Icon::Chain;
    case NodeKind::Split: return Icon::Split;
    case NodeKind::Route: return Icon::Routes;
    case NodeKind::Target: break;
    }
    return Icon::Cube;
}

} // namespace

ChainItem::ChainItem(CanvasHost &host, const NodeBox &box, const PlanNode &node) : m_host(host), m_box(box), m_rows(std::get<FallbackNode>(node.node).children) { }

QRectF ChainItem::boundingRect() const { return m_box.where.adjusted(-12, -12, 12, 12); }

QRectF ChainItem::rowRect(int row) const
{
    return {m_box.where.left(), m_box.where.top() + chainHeader + chainRow * row, m_box.where.width(), chainRow};
}

int ChainItem::rowAt(const QPointF &at) const
{
    const int row = static_cast<int>(std::floor((at.y() - m_box.where.top() - chainHeader) / chainRow));
    return row >= 0 && row < static_cast<int>(m_rows.size()) ? row : -1;
}

int ChainItem::insertionAt(const QPointF &at) const
{
    const double row = (at.y() - m_box.where.top() - chainHeader) / chainRow;
    return std::clamp(static_cast<int>(std::lround(row)), 0, static_cast<int>(m_rows.size()));
}

double ChainItem::insertionY(int row) const { return m_box.where.top() + chainHeader + chainRow * row; }

void ChainItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    const ThemeColors &c = m_host.colors();
    const QRectF &r = m_box.where;
    const bool chosen = m_host.isChosen(m_box.path);
    const bool problem = m_host.hasProblem(m_box.path);
    paintCard(painter, rounded(r, 4), c, false, false);
    if (chosen) {
        painter->setClipPath(rounded(r, 4));
        painter->fillRect(QRectF(r.left(), r.top(), r.width(), chainHeader), c.selection);
        painter->setClipping(false);
    }
    paintIcon(painter, Icon::Chain, QRectF(r.left() + 12, r.top() + 9, 16, 16), c.text);
    drawElided(painter, QRectF(r.left() + 36, r.top(), 120, chainHeader), textFont(13, QFont::DemiBold), c.text, m_box.path.isEmpty() ? tr("main chain") : tr("chain"));
    drawElided(painter, QRectF(r.right() - 92, r.top(), 80, chainHeader), textFont(11), c.muted, tr("fallback"), Qt::AlignRight);
    if (m_rows.empty())
        drawElided(painter, rowRect(0).adjusted(16, 0, -16, 0), textFont(12), c.muted, tr("no row yet: add a model"), Qt::AlignHCenter);
    for (int i = 0; i < static_cast<int>(m_rows.size()); ++i)
        paintRow(painter, i, rowRect(i), false, c);
    painter->setBrush(Qt::NoBrush);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(chosen ? c.accent : problem ? c.err : c.control, chosen || problem ? 2 : 1));
    painter->drawPath(rounded(r, 4));
    paintPort(painter, {r.right(), r.center().y()}, c);
    for (int i = 0; i < static_cast<int>(m_rows.size()); ++i) {
        Path row = m_box.path;
        row.append(i);
        if (m_host.isChosen(row) && !m_dragging) {
            painter->setBrush(Qt::NoBrush);
            painter->setPen(QPen(c.accent, 2));
            painter->drawRect(rowRect(i).adjusted(1, 1, -1, 0));
        }
    }
    if (problem)
        paintProblemMark(painter, r, c);
    if (m_dragging && m_pressed >= 0) {
        const int before = insertionAt(m_dragAt);
        painter->fillRect(QRectF(r.left() - 6, insertionY(before) - 1, r.width() + 12, 2), c.accent);
        paintRow(painter, m_pressed, rowRect(m_pressed).translated(6, m_dragAt.y() - m_dragFrom.y()), true, c);
    }
}

void ChainItem::paintRow(QPainter *painter, int row, const QRectF &where, bool lifted, const ThemeColors &c) const
{
    Path path = m_box.path;
    path.append(row);
    const bool chosen = m_host.isChosen(path);
    if (lifted) {
        painter->setOpacity(0.92);
        paintFrame(painter, where, c.surface, c.accent, 4);
    } else {
        painter->fillRect(where.adjusted(1, 1, -1, 0), chosen ? c.selection : c.surface);
        painter->fillRect(QRectF(where.left(), where.top(), where.width(), 1), c.line);
        if (m_dragging && row == m_pressed)
            painter->setOpacity(0.35);
    }
    const double middle = where.center().y();
    if (m_host.editable())
        paintIcon(painter, Icon::Drag, QRectF(where.left() + 6, middle - 7, 14, 14), c.control);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(chosen ? blended(c.selection, c.accent, 0.18) : c.raised);
    painter->drawEllipse(QPointF(where.left() + 36, middle), 10, 10);
    painter->setFont(textFont(11, QFont::Medium));
    painter->setPen(c.text);
    painter->drawText(QRectF(where.left() + 26, middle - 10, 20, 20), Qt::AlignCenter, QString::number(row + 1));
    paintRowText(painter, row, where, c);
    if (m_host.hasProblem(path) && !lifted) {
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(c.err, 2));
        painter->drawRect(where.adjusted(1, 1, -1, 0));
    }
    painter->setOpacity(1);
}

void ChainItem::paintRowText(QPainter *painter, int row, const QRectF &where, const ThemeColors &c) const
{
    const PlanNode &node = m_rows[static_cast<std::size_t>(row)];
    Path path = m_box.path;
    path.append(row);
    const double left = where.left() + 78;
    double right = where.right() - 10;
    const QRectF mark(where.left() + 51, where.center().y() - 10, 20, 20);
    const NodeFigures figures = m_host.figures(path);
    if (const auto *target = std::get_if<TargetNode>(&node.node)) {
        paintProviderMark(painter, mark.toRect(), bridge::qt(target->provider), c);
        const Badge badge = m_host.overlay() ? badgeOf(figures.health) : Badge {};
        if (badge.icon != Icon::None) {
            right = paintBadge(painter, right + 2, where.top() + 12, badge, c) - 4;
        } else if (m_host.overlay() && figures.share) {
            const QString text = tr("%1 %").arg(qRound(*figures.share * 100));
            drawElided(painter, QRectF(right - 44, where.top() + 4, 44, 16), textFont(11), c.muted, text, Qt::AlignRight);
            right -= QFontMetricsF(textFont(11)).horizontalAdvance(text) + 8;
        }
        const QColor name = badge.icon == Icon::CircuitOpen ? c.muted : c.text;
        drawElided(painter, QRectF(left, where.top() + 4, right - left, 16), textFont(13, QFont::Medium), name, titleOf(node));
        drawElided(painter, QRectF(left, where.top() + 21, where.right() - 10 - left, 14), textFont(11), c.muted,
            m_host.overlay() ? figuresLine(figures) : bridge::qt(target->provider));
        return;
    }
    paintIcon(painter, iconOf(node), mark.adjusted(2, 2, -2, -2), c.accent);
    drawElided(painter, QRectF(left, where.top() + 4, right - left, 16), textFont(13, QFont::Medium), c.text, titleOf(node));
    drawElided(painter, QRectF(left, where.top() + 21, right - left, 14), textFont(11), c.muted,
        kindOf(node) == NodeKind::Route ? tr("goes on as that route") : tr("goes on at the right"));
}

void ChainItem::mousePressEvent(QGraphicsSceneMouseEvent *event)
{
    if (event->button() != Qt::LeftButton) {
        event->ignore();
        return;
    }
    m_pressed = rowAt(event->pos());
    m_dragFrom = m_dragAt = event->pos();
    Path path = m_box.path;
    if (m_pressed >= 0)
        path.append(m_pressed);
    m_host.choose(path);
}

void ChainItem::mouseMoveEvent(QGraphicsSceneMouseEvent *event)
{
    if (m_pressed < 0 || !m_host.editable())
        return;
    m_dragAt = event->pos();
    if (!m_dragging && std::abs(m_dragAt.y() - m_dragFrom.y()) > 4) {
        m_dragging = true;
        setZValue(10);
    }
    if (m_dragging) {
        prepareGeometryChange();
        update();
        if (scene())
            scene()->update(); // the lifted row may leave the card
    }
}

void ChainItem::mouseReleaseEvent(QGraphicsSceneMouseEvent *)
{
    const int from = m_pressed;
    const bool dropped = m_dragging;
    m_dragging = false;
    m_pressed = -1;
    setZValue(0);
    update();
    if (!dropped)
        return;
    const int before = insertionAt(m_dragAt);
    const int to = before > from ? before - 1 : before;
    if (to != from)
        m_host.rowDropped(m_box.path, from, to);
}

void ChainItem::mouseDoubleClickEvent(QGraphicsSceneMouseEvent *) { m_host.openInspector(); }

} // namespace ui::routes
