// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/route_canvas.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/card_item.h"
#include "ui/panes/routes/edge_item.h"
#include "ui/panes/routes/node_items.h"
#include "ui/panes/routes/plan_shares.h"
#include "ui/panes/routes/plan_words.h"
#include "ui/panes/routes/share_edit.h"
#include "ui/widgets/theme.h"

#include <QEvent>
#include <QGraphicsScene>
#include <QPainter>
#include <QTimer>

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

/// "on 429, 5xx, timeout…": what sends a call on to the next row.
QString errorName(const FailureSet &failures)
{
    QStringList shown;
    for (const char *usual : {"429", "5xx", "timeout", "connect"})
        if (shown.size() < 3 && std::ranges::find(failures.items, usual) != failures.items.end())
            shown << QString::fromLatin1(usual);
    const bool more = shown.size() < static_cast<qsizetype>(failures.items.size());
    return RouteCanvas::tr("on %1").arg(shown.join(u", "_s) + (more ? u"…"_s : QString()));
}

} // namespace

RouteCanvas::RouteCanvas(QWidget *parent) : QGraphicsView(parent), m_token(this)
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
    viewport()->setMouseTracking(true);
    scene()->setItemIndexMethod(QGraphicsScene::NoIndex);
    connect(&m_token, &TokenWalk::moved, viewport(), qOverload<>(&QWidget::update));
}

RouteCanvas::~RouteCanvas() = default;

void RouteCanvas::setRoute(const Route &route, bool editable)
{
    const bool another = !m_route || m_route->id != route.id || (route.id.empty() && m_route->name != route.name);
    const bool same = m_route && m_route->plan == route.plan && m_route->name == route.name && m_route->fallbackOn == route.fallbackOn && m_editable == editable;
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
    Q_EMIT laidOut();
}

void RouteCanvas::setFigures(PlanFigures figures)
{
    m_figures = std::move(figures);
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

void RouteCanvas::showWalk(const gateway::Simulation *simulation)
{
    if (simulation && m_route)
        m_token.start(walkOf(m_layout, m_route->plan, *simulation));
    else
        m_token.clear();
}

void RouteCanvas::setChosen(const std::optional<Path> &path)
{
    if (m_chosen == path)
        return;
    m_chosen = path;
    if (path)
        ensureVisible(placeOf(m_layout, *path), 24, 24);
    viewport()->update();
    Q_EMIT chosenChanged();
}

QRectF RouteCanvas::rectOf(const Path &path) const { return mapFromScene(placeOf(m_layout, path)).boundingRect(); }

void RouteCanvas::rebuild()
{
    delete m_shareEdit;
    endConnecting(false); // it was of the picture before
    m_hovered.reset();
    m_spot.reset();
    m_token.clear();
    scene()->clear();
    m_layout = layOut(m_route->plan, startWidth(bridge::qt(m_route->name)), isRightToLeft());
    for (const Link &link : m_layout.links)
        addEdge(link);
    scene()->addItem(new EndItem(*this, m_layout.start, bridge::qt(m_route->name)));
    scene()->addItem(new EndItem(*this, m_layout.flag, {}));
    for (const NodeBox &box : m_layout.boxes)
        scene()->addItem(makeCard(*this, box, *nodeAt(m_route->plan, box.path)));
    // Room around the picture, so that it can be moved away from what floats over the view.
    scene()->setSceneRect(m_layout.bounds.adjusted(-16, -56, 16, 72));
    Q_EMIT laidOut();
}

void RouteCanvas::addEdge(const Link &link)
{
    QString name;
    bool withShare = false;
    if (link.onError) {
        name = errorName(m_route->fallbackOn);
    } else if (link.kind == Link::Kind::FromFork || link.kind == Link::Kind::FromRow || link.kind == Link::Kind::Nowhere) {
        const PlanNode &parent = *nodeAt(m_route->plan, parentOf(*link.to));
        name = wayName(parent, link.port);
        withShare = isFork(kindOf(parent)) && kindOf(parent) != NodeKind::Split; // a split says what it was told to
    }
    if (link.kind == Link::Kind::Nowhere)
        name = tr("%1: nothing").arg(name);
    scene()->addItem(new EdgeItem(*this, link, name, withShare));
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
    if (m_connecting)
        m_connecting->paint(painter, colors());
    if (m_hovered && m_editable) {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(colors().accent, 2));
        painter->setBrush(colors().selection);
        painter->drawEllipse(m_hovered->at, 6, 6);
    }
    m_token.paint(painter, colors());
    if (m_spot)
        paintSpot(painter, m_layout, *m_spot, colors());
}

void RouteCanvas::choose(const std::optional<Path> &path)
{
    setFocus();
    setChosen(path);
}

void RouteCanvas::openInspector() { Q_EMIT inspectorWanted(); }

void RouteCanvas::rowDropped(const Path &rows, int from, int to)
{
    // Later: the edit rebuilds the picture, and with it the item whose event this is.
    QTimer::singleShot(0, this, [this, rows, from, to] { Q_EMIT rowMoved(rows, from, to); });
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
    m_shareEdit = new ShareEdit(shares(std::get<SplitNode>(node->node)), rectOf(split).toRect(), viewport());
    connect(m_shareEdit, &ShareEdit::typed, this, [this, split](const QList<int> &typed) { sharesDropped(split, typed); });
    connect(m_shareEdit, &ShareEdit::done, this, [this] { setFocus(); });
}

void RouteCanvas::resizeEvent(QResizeEvent *event)
{
    QGraphicsView::resizeEvent(event);
    if (m_fitted)
        fit();
}

void RouteCanvas::changeEvent(QEvent *event)
{
    QGraphicsView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        viewport()->update();
    if (event->type() == QEvent::LayoutDirectionChange && m_route) {
        rebuild();
        fit();
    }
}

} // namespace ui::routes
