// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/split_item.h"

#include "ui/panes/routes/plan_shares.h"
#include "ui/panes/routes/plan_words.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QCursor>
#include <QGraphicsSceneHoverEvent>
#include <QGraphicsSceneMouseEvent>
#include <QPainter>

#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

namespace {

QPainterPath notched(const QRectF &r, const Mirror &at)
{
    QPainterPath path(at(r.topLeft()));
    path.lineTo(at(QPointF(r.right() - 8, r.top())));
    path.lineTo(at(QPointF(r.right(), r.top() + 10)));
    path.lineTo(at(QPointF(r.right(), r.bottom() - 10)));
    path.lineTo(at(QPointF(r.right() - 8, r.bottom())));
    path.lineTo(at(QPointF(r.left(), r.bottom())));
    path.lineTo(at(QPointF(r.left() + 14, r.center().y())));
    path.closeSubpath();
    return path;
}

} // namespace

SplitItem::SplitItem(CanvasHost &itemHost, const NodeBox &itemBox, const PlanNode &split) : CardItem(itemHost, itemBox, split), m_shares(shares(std::get<SplitNode>(split.node)))
{
    setAcceptHoverEvents(true);
}

QRectF SplitItem::shareBar() const
{
    const QRectF &r = box().where;
    return {r.left() + 24, r.bottom() - 15, r.width() - 36, 6};
}

double SplitItem::borderX(int branch) const
{
    int sum = 0;
    for (int i = 0; i <= branch; ++i)
        sum += m_shares.value(i);
    return shareBar().left() + shareBar().width() * sum / 100;
}

QPointF SplitItem::borderPlace(int branch) const { return mirror()(QPointF(borderX(branch), shareBar().center().y())); }

int SplitItem::borderAt(const QPointF &at) const
{
    if (!host().editable() || std::abs(at.y() - shareBar().center().y()) > 9)
        return -1;
    const auto away = [&](int branch) { return std::abs(mirror()(at.x()) - borderX(branch)); };
    int best = -1;
    for (int i = 0; i + 1 < m_shares.size(); ++i)
        if (away(i) < 6 && (best < 0 || away(i) < away(best)))
            best = i;
    return best;
}

void SplitItem::paintNode(QPainter *painter, const ThemeColors &c) const
{
    const QRectF r = box().where.adjusted(0.5, 0.5, -0.5, -0.5);
    const Mirror at = mirror();
    paintCard(painter, notched(r, at), c, chosen(), hasProblem());
    const double top = r.center().y() - 30;
    QStringList parts;
    for (const int one : m_shares)
        parts << QString::number(one);
    const QFont font = textFont(m_shares.size() > 3 ? 11 : 13, QFont::Medium);
    drawElided(painter, at(QRectF(r.left() + 20, top + 6, r.width() - 28, 14)), textFont(11), c.muted, kindName(NodeKind::Split), Qt::AlignHCenter);
    drawElided(painter, at(QRectF(r.left() + 20, top + 20, r.width() - 28, 18)), font, c.text, parts.join(u" / "_s), Qt::AlignHCenter);
    paintShareBar(painter, c);
}

void SplitItem::paintShareBar(QPainter *painter, const ThemeColors &c) const
{
    const QRectF bar = shareBar();
    const Mirror at = mirror();
    double x = bar.left();
    for (int i = 0; i < m_shares.size(); ++i) {
        const double end = borderX(i);
        painter->fillRect(at(QRectF(x + (i ? 1 : 0), bar.top(), end - x - (i ? 1 : 0), bar.height())), c.series[static_cast<std::size_t>(i) % c.series.size()]);
        x = end;
    }
    if (!host().editable())
        return;
    for (int i = 0; i + 1 < m_shares.size(); ++i) {
        const QRectF handle(std::round(borderX(i)) - 2.5, bar.center().y() - 6, 5, 12);
        paintFrame(painter, at(handle), m_dragged == i ? c.accent : c.surface, m_dragged == i ? c.accent : c.control, 2);
    }
}

void SplitItem::mousePressEvent(QGraphicsSceneMouseEvent *event)
{
    if (event->button() != Qt::LeftButton) {
        event->ignore();
        return;
    }
    host().choose(box().path);
    m_dragged = borderAt(event->pos());
    update();
}

void SplitItem::mouseMoveEvent(QGraphicsSceneMouseEvent *event)
{
    if (m_dragged < 0)
        return;
    const QRectF bar = shareBar();
    const double before = m_dragged == 0 ? bar.left() : borderX(m_dragged - 1);
    SplitNode split = std::get<SplitNode>(node().node);
    setShares(split, m_shares);
    moveBorder(split, m_dragged, static_cast<int>(std::lround((mirror()(event->pos().x()) - before) / bar.width() * 100)));
    m_shares = shares(split);
    update();
}

void SplitItem::mouseReleaseEvent(QGraphicsSceneMouseEvent *)
{
    if (m_dragged < 0)
        return;
    m_dragged = -1;
    update();
    if (m_shares != shares(std::get<SplitNode>(node().node)))
        host().sharesDropped(box().path, m_shares);
}

void SplitItem::mouseDoubleClickEvent(QGraphicsSceneMouseEvent *)
{
    if (host().editable())
        host().typeShares(box().path);
    else
        host().openInspector();
}

void SplitItem::hoverMoveEvent(QGraphicsSceneHoverEvent *event)
{
    if (borderAt(event->pos()) >= 0)
        setCursor(Qt::SplitHCursor);
    else
        unsetCursor();
}

} // namespace ui::routes
