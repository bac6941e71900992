// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/route_canvas.h"

#include "ui/bridge/text.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QDragEnterEvent>
#include <QGraphicsScene>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QPainter>
#include <QRegularExpression>
#include <QScrollBar>
#include <QTimer>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;

namespace {

constexpr double smallest = 0.3, largest = 2.0, step = 1.25;

double startWidth(const QString &name)
{
    const double width = QFontMetricsF(widgets::textFont(13, QFont::DemiBold)).horizontalAdvance(name) + 52;
    return std::clamp(std::ceil(width / 8) * 8, 96.0, 200.0);
}

} // namespace

RouteCanvas::RouteCanvas(QWidget *parent) : QGraphicsView(parent)
{
    setScene(new QGraphicsScene(this));
    setObjectName(u"routes.canvas"_s);
    setAccessibleName(tr("Picture of the route; the outline shows it as a list"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setRenderHint(QPainter::Antialiasing);
    setTransformationAnchor(QGraphicsView::AnchorUnderMouse);
    setDragMode(QGraphicsView::NoDrag);
    setViewportUpdateMode(QGraphicsView::FullViewportUpdate); // edges and labels overlap their nodes; the picture is small
    setAcceptDrops(true);
    scene()->setItemIndexMethod(QGraphicsScene::NoIndex);
}

RouteCanvas::~RouteCanvas() = default;

void RouteCanvas::setRoute(const Route &route, bool editable)
{
    const bool another = !m_route || m_route->id != route.id || (route.id.empty() && m_route->name != route.name);
    const bool same = m_route && m_route->plan == route.plan && m_route->name == route.name && m_editable == editable;
    m_route = route;
    m_editable = editable;
    if (another)
        m_chosen = std::nullopt;
    if (m_chosen && !nodeAt(route.plan, *m_chosen))
        m_chosen = std::nullopt;
    if (!same) {
        const QRectF before = m_layout.bounds;
        rebuild();
        if (another || (m_fitted && before != m_layout.bounds))
            fit();
    }
    viewport()->update();
}

void RouteCanvas::clearRoute()
{
    m_route.reset();
    m_layout = {};
    m_chosen = std::nullopt;
    scene()->clear();
}

void RouteCanvas::setFigures(QHash<Path, NodeFigures> figures, std::optional<double> callsPerSecond, std::optional<double> errorShare)
{
    m_figures = std::move(figures);
    m_callsPerSecond = callsPerSecond;
    m_errorShare = errorShare;
    viewport()->update();
}

void RouteCanvas::setProblems(QSet<Path> nodes, bool routeItself)
{
    m_problems = std::move(nodes);
    m_routeProblem = routeItself;
    viewport()->update();
}

void RouteCanvas::setOverlay(bool overlay)
{
    m_overlay = overlay;
    viewport()->update();
}

void RouteCanvas::setChosen(const std::optional<Path> &path)
{
    if (m_chosen == path)
        return;
    m_chosen = path;
    if (path)
        ensureVisible(sceneRectOf(*path), 24, 24);
    viewport()->update();
    Q_EMIT chosenChanged();
}

QRectF RouteCanvas::sceneRectOf(const Path &path) const
{
    for (const NodeBox &box : m_layout.boxes)
        if (box.path == path)
            return box.where;
    for (const NodeBox &box : m_layout.boxes)
        if (!path.isEmpty() && box.path == path.first(path.size() - 1) && box.kind == NodeKind::Chain)
            return {box.where.left(), box.where.top() + measure::chainHeader + measure::chainRow * path.last(), box.where.width(), measure::chainRow};
    return {};
}

QRectF RouteCanvas::rectOf(const Path &path) const { return mapFromScene(sceneRectOf(path)).boundingRect(); }

void RouteCanvas::rebuild()
{
    delete m_shareEdit;
    m_shareEdit = nullptr;
    scene()->clear();
    m_layout = layOut(m_route->plan, startWidth(bridge::qt(m_route->name)));
    for (const Link &link : m_layout.links) {
        std::optional<int> share;
        if (link.kind == Link::Kind::FromSplit && link.to) {
            const PlanNode *split = nodeAt(m_route->plan, link.to->first(link.to->size() - 1));
            share = shares(std::get<SplitNode>(split->node)).value(link.port);
        }
        scene()->addItem(new EdgeItem(*this, link, share));
    }
    scene()->addItem(new EndItem(*this, m_layout.start, bridge::qt(m_route->name)));
    scene()->addItem(new EndItem(*this, m_layout.flag, {}));
    for (const NodeBox &box : m_layout.boxes) {
        const PlanNode &node = *nodeAt(m_route->plan, box.path);
        if (box.kind == NodeKind::Chain)
            scene()->addItem(new ChainItem(*this, box, node));
        else
            scene()->addItem(new NodeItem(*this, box, node));
    }
    showSceneRect();
}

void RouteCanvas::showSceneRect()
{
    // Room around the picture, so that it can be moved away from what floats over the view.
    scene()->setSceneRect(m_layout.bounds.adjusted(-16, -56, 16, 72));
}

int RouteCanvas::zoomPercent() const { return static_cast<int>(std::lround(transform().m11() * 100)); }

void RouteCanvas::setZoom(double factor)
{
    const double to = std::clamp(factor, smallest, largest);
    setTransform(QTransform::fromScale(to, to));
    Q_EMIT zoomChanged();
}

void RouteCanvas::fit()
{
    m_fitted = true;
    const QRectF all = scene()->sceneRect();
    if (all.isEmpty())
        return;
    const double factor = std::min({1.0, viewport()->width() / all.width(), viewport()->height() / all.height()});
    setZoom(factor);
    centerOn(all.center());
}

void RouteCanvas::zoomIn()
{
    m_fitted = false;
    setZoom(transform().m11() * step);
}

void RouteCanvas::zoomOut()
{
    m_fitted = false;
    setZoom(transform().m11() / step);
}

void RouteCanvas::drawBackground(QPainter *painter, const QRectF &rect)
{
    const widgets::ThemeColors &c = colors();
    painter->fillRect(rect, c.surface);
    constexpr double pitch = 16;
    QList<QPointF> dots;
    for (double x = std::floor(rect.left() / pitch) * pitch; x < rect.right(); x += pitch)
        for (double y = std::floor(rect.top() / pitch) * pitch; y < rect.bottom(); y += pitch)
            dots.append({x, y});
    painter->setPen(QPen(c.line, 1.2, Qt::SolidLine, Qt::RoundCap));
    painter->drawPoints(dots.constData(), static_cast<int>(dots.size()));
}

void RouteCanvas::drawForeground(QPainter *painter, const QRectF &)
{
    if (!m_spot)
        return;
    const QColor accent = colors().accent;
    if (m_spot->row >= 0)
        painter->fillRect(m_spot->glow, accent);
    else
        widgets::paintFocusRing(painter, m_spot->glow.adjusted(-3, -3, 3, 3), accent, 6);
}

void RouteCanvas::choose(const std::optional<Path> &path)
{
    setFocus();
    setChosen(path);
}

void RouteCanvas::openInspector() { Q_EMIT inspectorWanted(); }

void RouteCanvas::rowDropped(const Path &chain, int from, int to)
{
    // Later: the edit rebuilds the picture, and with it the item whose event this is.
    QTimer::singleShot(0, this, [this, chain, from, to] { Q_EMIT rowMoved(chain, from, to); });
}

void RouteCanvas::sharesDropped(const Path &split, const QList<int> &shares)
{
    QTimer::singleShot(0, this, [this, split, shares] { Q_EMIT sharesChanged(split, shares); });
}

void RouteCanvas::typeShares(const Path &split)
{
    const PlanNode *node = m_route ? nodeAt(m_route->plan, split) : nullptr;
    if (!node || kindOf(*node) != NodeKind::Split)
        return;
    delete m_shareEdit;
    m_shareEdit = new QLineEdit(viewport());
    m_shareEdit->setObjectName(u"routes.canvas.shares"_s);
    m_shareEdit->setAccessibleName(tr("Shares of the split, their sum is 100"));
    QStringList parts;
    for (const int one : shares(std::get<SplitNode>(node->node)))
        parts << QString::number(one);
    m_shareEdit->setText(parts.join(u" / "_s));
    m_shareEdit->setAlignment(Qt::AlignCenter);
    const QRect where = rectOf(split).toRect();
    m_shareEdit->setGeometry(where.left(), where.center().y() - 14, std::max(where.width(), 100), 28);
    m_shareEdit->show();
    m_shareEdit->selectAll();
    m_shareEdit->setFocus();
    connect(m_shareEdit, &QLineEdit::editingFinished, this, [this, split, count = parts.size()] {
        if (!m_shareEdit || !m_shareEdit->isVisible())
            return;
        QList<int> typed;
        static const QRegularExpression number(u"\\d+"_s);
        for (auto it = number.globalMatch(m_shareEdit->text()); it.hasNext();)
            typed << std::clamp(it.next().captured().toInt(), 1, 1'000'000);
        m_shareEdit->hide();
        m_shareEdit->deleteLater();
        m_shareEdit = nullptr;
        setFocus();
        if (typed.size() == count)
            sharesDropped(split, typed);
    });
}

void RouteCanvas::keyPressEvent(QKeyEvent *event)
{
    const bool alt = event->modifiers() & Qt::AltModifier;
    const bool control = event->modifiers() & Qt::ControlModifier;
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
    const Path chain = m_chosen->first(m_chosen->size() - 1);
    const PlanNode *node = nodeAt(m_route->plan, chain);
    if (!node || kindOf(*node) != NodeKind::Chain)
        return false;
    const int to = m_chosen->last() + direction;
    if (to < 0 || to >= childCount(*node))
        return true;
    Q_EMIT rowMoved(chain, m_chosen->last(), to);
    return true;
}

bool RouteCanvas::focusNextPrevChild(bool next)
{
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

void RouteCanvas::resizeEvent(QResizeEvent *event)
{
    QGraphicsView::resizeEvent(event);
    if (m_fitted)
        fit();
}

void RouteCanvas::focusInEvent(QFocusEvent *event)
{
    QGraphicsView::focusInEvent(event);
    viewport()->update();
}

void RouteCanvas::focusOutEvent(QFocusEvent *event)
{
    QGraphicsView::focusOutEvent(event);
    viewport()->update();
}

void RouteCanvas::changeEvent(QEvent *event)
{
    QGraphicsView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        viewport()->update();
}

std::optional<RouteCanvas::DropSpot> RouteCanvas::spotAt(const QPointF &at) const
{
    if (!m_route || !m_editable)
        return std::nullopt;
    for (QGraphicsItem *item : scene()->items()) {
        const auto *chain = dynamic_cast<const ChainItem *>(item);
        if (!chain || !chain->box().where.adjusted(-16, -8, 16, 12).contains(at))
            continue;
        const int row = chain->insertionAt(at);
        const QRectF &r = chain->box().where;
        return DropSpot {chain->box().path, row, QRectF(r.left() - 6, chain->insertionY(row) - 1, r.width() + 12, 2)};
    }
    for (const NodeBox &box : m_layout.boxes)
        if (box.kind != NodeKind::Chain && box.where.adjusted(-24, -16, 24, 16).contains(at))
            return DropSpot {box.path, -1, box.where};
    for (const Link &link : m_layout.links) // on an edge: before the node that it leads to
        if (link.to && QRectF(link.from, link.target).normalized().adjusted(-4, -24, 4, 24).contains(at))
            return DropSpot {*link.to, -1, sceneRectOf(*link.to)};
    return std::nullopt;
}

void RouteCanvas::setSpot(const std::optional<DropSpot> &spot)
{
    if (spot == m_spot)
        return;
    m_spot = spot;
    viewport()->update();
}

void RouteCanvas::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasFormat(QLatin1StringView(insertMime)) && m_editable)
        event->acceptProposedAction();
}

void RouteCanvas::dragMoveEvent(QDragMoveEvent *event)
{
    setSpot(spotAt(mapToScene(event->position().toPoint())));
    event->setAccepted(m_spot.has_value());
}

void RouteCanvas::dragLeaveEvent(QDragLeaveEvent *) { setSpot(std::nullopt); }

void RouteCanvas::dropEvent(QDropEvent *event)
{
    const auto spot = spotAt(mapToScene(event->position().toPoint()));
    setSpot(std::nullopt);
    const QByteArray what = event->mimeData()->data(QLatin1StringView(insertMime));
    if (!spot || what.isEmpty())
        return;
    event->acceptProposedAction();
    Q_EMIT insertWanted(static_cast<Insert>(what.toInt()), spot->at, spot->row);
}

} // namespace ui::routes
