// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/rows_item.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/plan_words.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QCoreApplication>
#include <QGraphicsScene>
#include <QGraphicsSceneMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;
using namespace measure;

namespace {

QString tr(const char *text) { return QCoreApplication::translate("ui::routes", text); }

constexpr double textLeft = 78; ///< from the row's edge

} // namespace

int RowsItem::rowAt(const QPointF &at) const
{
    const int row = static_cast<int>(std::floor((at.y() - box().where.top() - rowsHeader) / rowHeight));
    return row >= 0 && row < childCount(node()) ? row : -1;
}

int RowsItem::insertionAt(const QPointF &at) const
{
    const double row = (at.y() - box().where.top() - rowsHeader) / rowHeight;
    return std::clamp(static_cast<int>(std::lround(row)), 0, childCount(node()));
}

void RowsItem::paintHeader(QPainter *painter, const ThemeColors &c) const
{
    const QRectF &r = box().where;
    const Mirror at = mirror();
    if (chosen()) {
        painter->setClipPath(rounded(r, 4));
        painter->fillRect(QRectF(r.left(), r.top(), r.width(), rowsHeader), c.selection);
        painter->setClipping(false);
    }
    const auto *balance = std::get_if<BalanceNode>(&node().node);
    const QString title = balance ? kindName(NodeKind::Balance) : box().path.isEmpty() ? tr("main chain") : tr("chain");
    paintIcon(painter, iconOf(box().kind), at(QRectF(r.left() + 12, r.top() + 9, 16, 16)), c.text);
    drawElided(painter, at(QRectF(r.left() + 36, r.top(), 100, rowsHeader)), textFont(13, QFont::DemiBold), c.text, title, at.before());
    drawElided(painter, at(QRectF(r.right() - 112, r.top(), 100, rowsHeader)), textFont(11), c.muted, balance ? balanceWords(balance->by) : tr("fallback"), at.after());
}

void RowsItem::paintNode(QPainter *painter, const ThemeColors &c) const
{
    const QRectF &r = box().where;
    paintCard(painter, rounded(r, 4), c, false, false);
    paintHeader(painter, c);
    if (childCount(node()) == 0)
        drawElided(painter, rowPlace(0).adjusted(16, 0, -16, 0), textFont(12), c.muted, tr("no row yet: add a model"), Qt::AlignHCenter);
    for (int i = 0; i < childCount(node()); ++i)
        paintRow(painter, i, rowPlace(i), false, c);
    painter->setBrush(Qt::NoBrush);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(chosen() ? c.accent : hasProblem() ? c.err : c.control, chosen() || hasProblem() ? 2 : 1));
    painter->drawPath(rounded(r, 4));
    for (int i = 0; i < childCount(node()) && !m_dragging; ++i) {
        if (!host().isChosen(below(box().path, i)))
            continue;
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(c.accent, 2));
        painter->drawRect(rowPlace(i).adjusted(1, 1, -1, 0));
    }
    if (m_dragging && m_pressed >= 0)
        paintLifted(painter, c);
}

void RowsItem::paintLifted(QPainter *painter, const ThemeColors &c) const
{
    const QRectF &r = box().where;
    const double line = rowPlace(insertionAt(m_dragAt)).top();
    painter->fillRect(QRectF(r.left() - 6, line - 1, r.width() + 12, 2), c.accent);
    paintRow(painter, m_pressed, rowPlace(m_pressed).translated(host().mirrored() ? -6 : 6, m_dragAt.y() - m_dragFrom.y()), true, c);
}

void RowsItem::paintRow(QPainter *painter, int row, const QRectF &where, bool lifted, const ThemeColors &c) const
{
    const Path path = below(box().path, row);
    const bool rowChosen = host().isChosen(path);
    const Mirror at(where, host().mirrored());
    if (lifted) {
        painter->setOpacity(0.92);
        paintFrame(painter, where, c.surface, c.accent, 4);
    } else {
        painter->fillRect(where.adjusted(1, 1, -1, 0), rowChosen ? c.selection : c.surface);
        painter->fillRect(QRectF(where.left(), where.top(), where.width(), 1), c.line);
        if (m_dragging && row == m_pressed)
            painter->setOpacity(0.35);
    }
    if (host().editable())
        paintIcon(painter, Icon::Drag, at(QRectF(where.left() + 6, where.center().y() - 7, 14, 14)), c.control);
    paintNumber(painter, row, where, rowChosen, c);
    paintRowText(painter, row, where, c);
    if (host().hasProblem(path) && !lifted) {
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(c.err, 2));
        painter->drawRect(where.adjusted(1, 1, -1, 0));
    }
    painter->setOpacity(1);
    paintPassage(painter, where, host().passage(path), c);
}

/// A chain's rows have an order, a balance's at most a weight.
void RowsItem::paintNumber(QPainter *painter, int row, const QRectF &where, bool rowChosen, const ThemeColors &c) const
{
    const Mirror at(where, host().mirrored());
    QString number = QString::number(row + 1);
    if (const auto *balance = std::get_if<BalanceNode>(&node().node)) {
        const int weight = balance->among[static_cast<std::size_t>(row)].weight;
        number = weight == 1 ? QString() : tr("×%1").arg(weight);
    }
    const QPointF middle = at(QPointF(where.left() + 36, where.center().y()));
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(rowChosen ? blended(c.selection, c.accent, 0.18) : c.raised);
    painter->drawEllipse(middle, number.isEmpty() ? 4 : 10, number.isEmpty() ? 4 : 10);
    painter->setFont(textFont(number.size() > 2 ? 10 : 11, QFont::Medium));
    painter->setPen(c.text);
    painter->drawText(QRectF(middle.x() - 14, middle.y() - 10, 28, 20), Qt::AlignCenter, number);
}

void RowsItem::paintRowText(QPainter *painter, int row, const QRectF &where, const ThemeColors &c) const
{
    const PlanNode &child = *childAt(node(), row);
    if (kindOf(child) == NodeKind::Target) {
        paintTarget(painter, row, where, c);
        return;
    }
    const Mirror at(where, host().mirrored());
    paintIcon(painter, iconOf(kindOf(child)), at(QRectF(where.left() + 53, where.center().y() - 8, 16, 16)), c.accent);
    const QString words = kindOf(child) == NodeKind::Route ? tr("goes on as that route") : tr("goes on beside");
    const double width = where.width() - textLeft - 10;
    drawElided(painter, at(QRectF(where.left() + textLeft, where.top() + 4, width, 16)), textFont(13, QFont::Medium), c.text, fullTitleOf(child), at.before());
    drawElided(painter, at(QRectF(where.left() + textLeft, where.top() + 21, width, 14)), textFont(11), c.muted, words, at.before());
}

void RowsItem::paintTarget(QPainter *painter, int row, const QRectF &where, const ThemeColors &c) const
{
    const PlanNode &child = *childAt(node(), row);
    const QString provider = bridge::qt(std::get<TargetNode>(child.node).provider);
    const NodeFigures figures = host().figures(below(box().path, row));
    const Mirror at(where, host().mirrored());
    const double left = where.left() + textLeft;
    double right = where.right() - 10;
    paintProviderMark(painter, at(QRectF(where.left() + 51, where.center().y() - 10, 20, 20)).toRect(), provider, c);
    const Badge badge = host().overlay() ? badgeOf(figures.health) : Badge {};
    if (!badge.empty()) {
        const double width = badgeWidth(badge);
        paintBadge(painter, at(QRectF(right + 2 - width, 0, width, 0)).left(), where.top() + 12, badge, c);
        right -= width + 2;
    } else if (host().overlay() && figures.share) {
        const QString text = tr("%1 %").arg(qRound(*figures.share * 100));
        drawElided(painter, at(QRectF(right - 44, where.top() + 4, 44, 16)), textFont(11), c.muted, text, at.after());
        right -= QFontMetricsF(textFont(11)).horizontalAdvance(text) + 8;
    }
    const QColor name = badge.icon == Icon::CircuitOpen ? c.muted : c.text;
    drawElided(painter, at(QRectF(left, where.top() + 4, right - left, 16)), textFont(13, QFont::Medium), name, titleOf(child), at.before());
    const QString line = host().overlay() ? figuresLine(figures) : provider;
    drawElided(painter, at(QRectF(left, where.top() + 21, where.right() - 10 - left, 14)), textFont(11), c.muted, line, at.before());
}

void RowsItem::mousePressEvent(QGraphicsSceneMouseEvent *event)
{
    if (event->button() != Qt::LeftButton) {
        event->ignore();
        return;
    }
    m_pressed = rowAt(event->pos());
    m_dragFrom = m_dragAt = event->pos();
    host().choose(m_pressed >= 0 ? below(box().path, m_pressed) : box().path);
}

void RowsItem::mouseMoveEvent(QGraphicsSceneMouseEvent *event)
{
    if (m_pressed < 0 || !host().editable())
        return;
    m_dragAt = event->pos();
    if (!m_dragging && std::abs(m_dragAt.y() - m_dragFrom.y()) > 4) {
        m_dragging = true;
        setZValue(10);
    }
    if (m_dragging && scene())
        scene()->update(); // the lifted row may leave the card
}

void RowsItem::mouseReleaseEvent(QGraphicsSceneMouseEvent *)
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
        host().rowDropped(box().path, from, to);
}

} // namespace ui::routes
