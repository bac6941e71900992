// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/treemap_view.h"

#include "ui/panes/costs/treemap_layout.h"
#include "ui/widgets/charts/chart_paint.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

using widgets::ThemeColors;

constexpr double headHeight = 20, gap = 4;
constexpr double leastHead = 56; ///< of a group's height; a lower one has no room for its name

} // namespace

TreemapView::TreemapView(QWidget *parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setLayoutDirection(Qt::LeftToRight); // areas have no direction, and names and figures keep theirs
}

void TreemapView::setGroups(const QList<Group> &groups)
{
    m_groups = groups;
    m_pointed = -1;
    layOut();
    update();
}

void TreemapView::layOut()
{
    m_places.clear();
    QList<double> weights;
    for (const Group &group : m_groups)
        weights.append(group.weight);
    const QList<QRectF> rects = squarified(weights, QRectF(rect()));
    for (qsizetype i = 0; i < rects.size(); ++i) {
        QRectF inner = rects.at(i).adjusted(gap / 2, gap / 2, -gap / 2, -gap / 2);
        if (inner.width() < 2 || inner.height() < 2)
            continue;
        const Group &group = m_groups.at(i);
        if (inner.height() >= leastHead && !group.tiles.isEmpty()) {
            m_places.append({i, -1, QRectF(inner.topLeft(), QSizeF(inner.width(), headHeight))});
            inner.setTop(inner.top() + headHeight);
        }
        if (group.tiles.isEmpty()) {
            m_places.append({i, -1, inner});
            continue;
        }
        QList<double> shares;
        for (const Tile &tile : group.tiles)
            shares.append(tile.weight);
        const QList<QRectF> tiles = squarified(shares, inner);
        for (qsizetype tile = 0; tile < tiles.size(); ++tile)
            if (!tiles.at(tile).isEmpty())
                m_places.append({i, tile, tiles.at(tile)});
    }
}

void TreemapView::paintHead(QPainter *painter, const Group &group, const QRectF &where, const ThemeColors &c) const
{
    painter->setPen(Qt::NoPen);
    painter->setBrush(widgets::seriesColor(c, group.color));
    painter->drawRoundedRect(QRectF(where.left(), where.center().y() - 5, 10, 10), 2, 2);
    const QRectF words = where.adjusted(15, 0, 0, 0);
    painter->setFont(widgets::textFont(11));
    const int value = painter->fontMetrics().horizontalAdvance(group.value);
    painter->setFont(widgets::textFont(11, QFont::DemiBold));
    painter->setPen(c.text);
    const bool both = words.width() > value + 40;
    const double room = both ? words.width() - value - 8 : words.width();
    painter->drawText(words, Qt::AlignVCenter | Qt::AlignLeft, painter->fontMetrics().elidedText(group.label, Qt::ElideRight, int(room)));
    if (!both)
        return;
    painter->setFont(widgets::textFont(11));
    painter->setPen(c.muted);
    painter->drawText(words, Qt::AlignVCenter | Qt::AlignRight, group.value);
}

void TreemapView::paintTile(QPainter *painter, const Place &place, const ThemeColors &c) const
{
    const Group &group = m_groups.at(place.group);
    const QColor color = widgets::seriesColor(c, group.color);
    const QRectF box = QRectF(place.rect.toAlignedRect()).intersected(rect()).adjusted(0.5, 0.5, -1.5, -1.5);
    // Fainter from tile to tile, so that neighbours can be told apart.
    const double share = place.tile < 0 ? 0.2 : 0.28 - 0.04 * double(qMin<qsizetype>(place.tile, 4));
    painter->setPen(QPen(color, 1));
    painter->setBrush(widgets::blended(c.surface, color, share));
    painter->drawRect(box);
    const QString label = place.tile < 0 ? group.label : group.tiles.at(place.tile).label;
    const QString value = place.tile < 0 ? group.value : group.tiles.at(place.tile).value;
    const QRectF words = box.adjusted(6, 3, -4, -3);
    painter->setFont(widgets::textFont(11, QFont::Medium));
    if (words.width() < 28 || words.height() < 13)
        return;
    painter->setPen(c.text);
    painter->drawText(QRectF(words.left(), words.top(), words.width(), 15), Qt::AlignVCenter | Qt::AlignLeft, painter->fontMetrics().elidedText(label, Qt::ElideRight, int(words.width())));
    painter->setFont(widgets::textFont(11));
    if (words.height() >= 28 && painter->fontMetrics().horizontalAdvance(value) <= words.width())
        painter->drawText(QRectF(words.left(), words.top() + 15, words.width(), 15), Qt::AlignVCenter | Qt::AlignLeft, value);
}

void TreemapView::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = widgets::colorsOf(this);
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight);
    for (const Place &place : std::as_const(m_places)) {
        painter.setRenderHint(QPainter::Antialiasing, place.tile < 0);
        if (place.tile < 0 && !m_groups.at(place.group).tiles.isEmpty())
            paintHead(&painter, m_groups.at(place.group), place.rect, c);
        else
            paintTile(&painter, place, c);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    if (m_pointed >= 0 && m_pointed < m_places.size()) {
        painter.setPen(QPen(c.text, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(m_places.at(m_pointed).rect.toAlignedRect()).intersected(rect()).adjusted(0.5, 0.5, -1.5, -1.5));
    }
    if (hasFocus())
        widgets::paintFocusRing(&painter, rect(), c.accent);
}

QString TreemapView::tip(const Place &place) const
{
    const Group &group = m_groups.at(place.group);
    if (place.tile < 0)
        return group.label + u": "_s + group.value;
    const Tile &tile = group.tiles.at(place.tile);
    return tr("%1, %2: %3").arg(group.label, tile.label, tile.value);
}

QString TreemapView::tipAt(const QPoint &at) const
{
    const qsizetype place = placeAt(at);
    return place < 0 ? QString() : tip(m_places.at(place));
}

QRect TreemapView::tileRect(int group, int tile) const
{
    for (const Place &place : m_places)
        if (place.tile >= 0 && m_groups.at(place.group).id == group && m_groups.at(place.group).tiles.at(place.tile).id == tile)
            return place.rect.toAlignedRect();
    return {};
}

qsizetype TreemapView::placeAt(const QPoint &at) const
{
    for (qsizetype i = 0; i < m_places.size(); ++i)
        if (m_places.at(i).rect.contains(at))
            return i;
    return -1;
}

QImage TreemapView::toImage(double scale) const
{
    QImage image(size() * scale, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(scale);
    image.fill(widgets::colorsOf(this).surface);
    const_cast<TreemapView *>(this)->render(&image);
    return image;
}

void TreemapView::point(qsizetype place)
{
    if (place == m_pointed)
        return;
    m_pointed = place;
    setCursor(place >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    setAccessibleDescription(place >= 0 ? tip(m_places.at(place)) : QString());
    update();
}

void TreemapView::open(const Place &place)
{
    const Group &group = m_groups.at(place.group);
    Q_EMIT opened(group.id, place.tile < 0 ? std::nullopt : std::optional(group.tiles.at(place.tile).id));
}

void TreemapView::mouseMoveEvent(QMouseEvent *event)
{
    const qsizetype before = m_pointed;
    point(placeAt(event->position().toPoint()));
    if (m_pointed != before)
        QToolTip::showText(event->globalPosition().toPoint(), m_pointed < 0 ? QString() : tip(m_places.at(m_pointed)), this);
}

void TreemapView::mouseReleaseEvent(QMouseEvent *event)
{
    const qsizetype place = placeAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && place >= 0)
        open(m_places.at(place));
}

void TreemapView::leaveEvent(QEvent *)
{
    if (!hasFocus())
        point(-1);
}

void TreemapView::keyPressEvent(QKeyEvent *event)
{
    const qsizetype last = m_places.size() - 1;
    const auto walk = [&](qsizetype by) {
        point(qBound<qsizetype>(0, m_pointed < 0 ? 0 : m_pointed + by, last));
        if (m_pointed >= 0)
            QToolTip::showText(mapToGlobal(m_places.at(m_pointed).rect.center().toPoint()), tip(m_places.at(m_pointed)), this);
    };
    switch (last < 0 ? 0 : event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Up: walk(-1); break;
    case Qt::Key_Right:
    case Qt::Key_Down: walk(1); break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_pointed >= 0)
            open(m_places.at(m_pointed));
        break;
    case Qt::Key_Escape: point(-1); break;
    default: QWidget::keyPressEvent(event);
    }
}

void TreemapView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    layOut();
    point(-1);
}

void TreemapView::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    update();
}

void TreemapView::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    point(-1);
    update();
}

} // namespace ui::costs
