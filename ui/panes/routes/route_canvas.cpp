// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/route_canvas.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/chain_item.h"
#include "ui/panes/routes/edge_item.h"
#include "ui/panes/routes/node_items.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QEvent>
#include <QGraphicsScene>
#include <QLineEdit>
#include <QPainter>
#include <QRegularExpression>
#include <QScrollBar>
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
    viewport()->setMouseTracking(true);
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
        ensureVisible(placeOf(m_layout, *path), 24, 24);
    viewport()->update();
    Q_EMIT chosenChanged();
}

QRectF RouteCanvas::rectOf(const Path &path) const { return mapFromScene(placeOf(m_layout, path)).boundingRect(); }

void RouteCanvas::rebuild()
{
    delete m_shareEdit;
    m_shareEdit = nullptr;
    endConnecting(false); // it was of the picture before
    m_hovered.reset();
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
    const QColor accent = colors().accent;
    if (m_connecting)
        m_connecting->paint(painter, colors());
    if (m_hovered && m_editable) {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(accent, 2));
        painter->setBrush(colors().selection);
        painter->drawEllipse(m_hovered->at, 6, 6);
    }
    if (!m_spot)
        return;
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

} // namespace ui::routes
