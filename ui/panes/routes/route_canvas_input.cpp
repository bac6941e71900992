// SPDX-License-Identifier: GPL-3.0-or-later
// What the picture of a route makes of mouse, keys and drags.
#include "ui/panes/routes/route_canvas.h"

#include "ui/panes/routes/share_edit.h"

#include <QDragEnterEvent>
#include <QGraphicsScene>
#include <QKeyEvent>
#include <QMimeData>
#include <QMouseEvent>
#include <QScrollBar>
#include <QTimer>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;

namespace {

constexpr double grip = 10; ///< so far from a port's middle the mouse still has it, in pixels of the screen

} // namespace

// ---- keys ----

void RouteCanvas::keyPressEvent(QKeyEvent *event)
{
    const bool alt = event->modifiers() & Qt::AltModifier;
    const bool control = event->modifiers() & Qt::ControlModifier;
    if (connectByKey(event))
        return;
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (alt && moveChosenRow(event->key() == Qt::Key_Up ? -1 : 1))
            return;
        break;
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        if (m_editable)
            Q_EMIT removeWanted();
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        Q_EMIT inspectorWanted();
        return;
    case Qt::Key_F2:
        if (m_editable && m_chosen)
            typeShares(*m_chosen);
        return;
    case Qt::Key_0:
        if (control) {
            fit();
            return;
        }
        break;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomIn();
        return;
    case Qt::Key_Minus:
        zoomOut();
        return;
    case Qt::Key_Escape:
        setChosen(std::nullopt);
        return;
    default: break;
    }
    QGraphicsView::keyPressEvent(event);
}

bool RouteCanvas::moveChosenRow(int direction)
{
    if (!m_editable || !m_chosen || m_chosen->isEmpty())
        return false;
    const Path parent = parentOf(*m_chosen);
    const PlanNode *node = nodeAt(m_route->plan, parent);
    const int to = m_chosen->last() + direction;
    if (kindOf(*node) == NodeKind::Limit)
        return false;
    if (to >= 0 && to < childCount(*node) && !isElse(*node, to) && !isElse(*node, m_chosen->last()))
        Q_EMIT rowMoved(parent, m_chosen->last(), to);
    return true;
}

bool RouteCanvas::focusNextPrevChild(bool next)
{
    if (m_connecting) {
        m_connecting->step(next ? 1 : -1);
        tellConnecting();
        return true;
    }
    if (!m_route || m_shareEdit)
        return QGraphicsView::focusNextPrevChild(next);
    const std::vector<Path> all = walk(m_route->plan);
    const auto at = m_chosen ? std::ranges::find(all, *m_chosen) - all.begin() : -1;
    const auto to = at + (next ? 1 : -1);
    if (to < -1 || to >= static_cast<std::ptrdiff_t>(all.size()))
        return QGraphicsView::focusNextPrevChild(next);
    setChosen(to < 0 ? std::nullopt : std::optional(all[static_cast<std::size_t>(to)]));
    return true;
}

void RouteCanvas::wheelEvent(QWheelEvent *event)
{
    if (event->modifiers() & Qt::ControlModifier) {
        if (event->angleDelta().y() > 0)
            zoomIn();
        else if (event->angleDelta().y() < 0)
            zoomOut();
        event->accept();
        return;
    }
    m_fitted = false;
    QGraphicsView::wheelEvent(event);
}

// ---- drawing lines ----

std::optional<PortPlace> RouteCanvas::portAt(const QPoint &at) const
{
    if (!m_route || !m_editable)
        return std::nullopt;
    for (const PortPlace &place : portsOf(m_layout)) {
        const QPointF away = mapFromScene(place.at) - at;
        if (std::hypot(away.x(), away.y()) <= grip)
            return place;
    }
    return std::nullopt;
}

QPoint RouteCanvas::placeOfPort(const Port &port) const
{
    for (const PortPlace &place : portsOf(m_layout))
        if (place.port == port)
            return mapFromScene(place.at);
    return {};
}

void RouteCanvas::beginConnecting(const Port &from)
{
    m_connecting.emplace(m_route->plan, m_layout, from);
    tellConnecting();
}

/// The line's aim in words, for those who do not see it.
void RouteCanvas::tellConnecting()
{
    if (!m_connecting)
        setAccessibleDescription({});
    else if (!m_connecting->anywhere())
        setAccessibleDescription(tr("There is nothing that a line from here could lead to. Escape gives up."));
    else
        setAccessibleDescription(m_connecting->aim() ? m_connecting->verdict().words : tr("Arrows choose where the line leads, Enter draws it, Escape gives up."));
    viewport()->update();
}

void RouteCanvas::endConnecting(bool draw)
{
    if (!m_connecting)
        return;
    const Connecting ended = std::move(*m_connecting);
    m_connecting.reset();
    tellConnecting();
    if (!draw || !ended.aim() || !ended.verdict().possible)
        return;
    // Later: the edit rebuilds the picture while its event is still being handled.
    QTimer::singleShot(0, this, [this, from = ended.from(), to = *ended.aim()] { Q_EMIT connectWanted(from, to); });
}

/// C draws a line from what is chosen, of a fork from its next way out; while it is drawn all keys are its own.
bool RouteCanvas::connectByKey(QKeyEvent *event)
{
    if (!m_route || !m_editable)
        return false;
    if (event->key() == Qt::Key_C && event->modifiers() == Qt::NoModifier) {
        Port from = portOf(m_route->plan, m_chosen);
        if (m_connecting && m_connecting->from().kind == Port::Kind::Way && m_connecting->from().node == from.node)
            from.way = (m_connecting->from().way + 1) % std::max(1, childCount(*nodeAt(m_route->plan, from.node)));
        beginConnecting(from);
        return true;
    }
    if (!m_connecting)
        return false;
    switch (event->key()) {
    case Qt::Key_Right:
    case Qt::Key_Down: m_connecting->step(1); break;
    case Qt::Key_Left:
    case Qt::Key_Up: m_connecting->step(-1); break;
    case Qt::Key_Return:
    case Qt::Key_Enter: endConnecting(true); return true;
    case Qt::Key_Escape: endConnecting(false); return true;
    default: return true;
    }
    tellConnecting();
    return true;
}

void RouteCanvas::mousePressEvent(QMouseEvent *event)
{
    endConnecting(false); // one that was begun by key
    const auto port = event->button() == Qt::LeftButton ? portAt(event->position().toPoint()) : std::nullopt;
    if (!port && beginPan(event))
        return;
    if (!port) {
        QGraphicsView::mousePressEvent(event);
        return;
    }
    setFocus();
    beginConnecting(port->port);
    m_connecting->pointAt(port->at);
    event->accept();
}

void RouteCanvas::mouseMoveEvent(QMouseEvent *event)
{
    if (m_panFrom) {
        pan(event->position().toPoint());
        return;
    }
    if (m_connecting && event->buttons() & Qt::LeftButton) {
        m_connecting->pointAt(mapToScene(event->position().toPoint()));
        tellConnecting();
        return;
    }
    const auto over = event->buttons() == Qt::NoButton ? portAt(event->position().toPoint()) : std::nullopt;
    setHovered(over);
    if (!over)
        QGraphicsView::mouseMoveEvent(event);
}

void RouteCanvas::setHovered(const std::optional<PortPlace> &port)
{
    const bool changed = port.has_value() != m_hovered.has_value() || (port && port->port != m_hovered->port);
    m_hovered = port;
    if (!changed)
        return;
    if (port)
        viewport()->setCursor(Qt::CrossCursor);
    else
        viewport()->unsetCursor();
    viewport()->update();
}

bool RouteCanvas::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::Leave)
        setHovered(std::nullopt);
    return QGraphicsView::viewportEvent(event);
}

void RouteCanvas::mouseReleaseEvent(QMouseEvent *event)
{
    if (m_panFrom) {
        endPan(event);
        return;
    }
    if (m_connecting && event->button() == Qt::LeftButton) {
        endConnecting(true);
        return;
    }
    QGraphicsView::mouseReleaseEvent(event);
}

// ---- moving the picture about ----

/// By what is empty, or with the middle button by anything.
bool RouteCanvas::beginPan(const QMouseEvent *event)
{
    const bool middle = event->button() == Qt::MiddleButton;
    if (!middle && (event->button() != Qt::LeftButton || itemAt(event->position().toPoint())))
        return false;
    m_panFrom = event->position().toPoint();
    m_panned = false;
    viewport()->setCursor(Qt::ClosedHandCursor);
    return true;
}

void RouteCanvas::pan(const QPoint &to)
{
    const QPoint by = to - *m_panFrom;
    m_panFrom = to;
    if (by.isNull())
        return;
    m_panned = true;
    m_fitted = false;
    // A scroll bar counts from the right where the language does.
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() + (isRightToLeft() ? by.x() : -by.x()));
    verticalScrollBar()->setValue(verticalScrollBar()->value() - by.y());
}

void RouteCanvas::endPan(const QMouseEvent *event)
{
    m_panFrom.reset();
    viewport()->unsetCursor();
    if (!m_panned && event->button() == Qt::LeftButton)
        choose(std::nullopt); // a click on nothing
}

// ---- dragging in from the bar ----

void RouteCanvas::setSpot(const std::optional<Spot> &spot)
{
    if (spot == m_spot)
        return;
    m_spot = spot;
    viewport()->update();
}

void RouteCanvas::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasFormat(QLatin1StringView(insertMime)) && m_editable && m_route)
        event->acceptProposedAction();
}

void RouteCanvas::dragMoveEvent(QDragMoveEvent *event)
{
    setSpot(spotAt(m_layout, m_route->plan, mapToScene(event->position().toPoint())));
    event->setAccepted(m_spot.has_value());
}

void RouteCanvas::dragLeaveEvent(QDragLeaveEvent *) { setSpot(std::nullopt); }

void RouteCanvas::dropEvent(QDropEvent *event)
{
    const QByteArray kind = event->mimeData()->data(QLatin1StringView(insertMime));
    const auto spot = m_route ? spotAt(m_layout, m_route->plan, mapToScene(event->position().toPoint())) : std::nullopt;
    setSpot(std::nullopt);
    if (!spot || kind.isEmpty())
        return;
    event->acceptProposedAction();
    Q_EMIT insertWanted(static_cast<NodeKind>(kind.toInt()), *spot);
}

} // namespace ui::routes
