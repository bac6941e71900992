// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/canvas_items.h"

#include "ui/bridge/text.h"
#include "ui/widgets/format.h"
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
using bridge::TargetState;

namespace {

QString tr(const char *text) { return QCoreApplication::translate("ui::routes", text); }

/// "1.41 s · 1.9 % · $0.0041"
QString figuresLine(const NodeFigures &figures)
{
    if (figures.health.state == TargetState::Unknown && !figures.cost)
        return tr("not asked yet");
    QStringList parts {latency(figures.health.p95), share(figures.health.errorRate)};
    parts << (figures.cost ? money(*figures.cost) : unknownText());
    return parts.join(u" · "_s);
}

struct Badge
{
    Icon icon = Icon::None;
    Role role = Role::Text;
    QString text;
};

Badge badgeOf(const bridge::TargetFigures &figures)
{
    const QString left = figures.restsFor ? span(*figures.restsFor) : QString();
    switch (figures.state) {
    case TargetState::CircuitOpen: return {Icon::CircuitOpen, Role::Err, left.isEmpty() ? tr("open") : left};
    case TargetState::HalfOpen: return {Icon::HalfOpen, Role::Warn, tr("half-open")};
    case TargetState::KeyRejected: return {Icon::Error, Role::Err, tr("key rejected")};
    case TargetState::QuotaGone: return {Icon::Warning, Role::Err, tr("quota used up")};
    case TargetState::Resting: return {Icon::Pause, Role::Warn, left.isEmpty() ? tr("rests") : tr("rests %1").arg(left)};
    case TargetState::RateLimited:
    case TargetState::Well:
    case TargetState::Unknown: break;
    }
    return {};
}

/// A bordered mark with icon and words, right-aligned. @return its left edge
double paintBadge(QPainter *painter, double right, double middle, const Badge &badge, const ThemeColors &c)
{
    const QFont font = textFont(11, QFont::DemiBold);
    const double width = QFontMetricsF(font).horizontalAdvance(badge.text) + 25;
    const QRectF box(right - width, middle - 8, width, 16);
    paintFrame(painter, box, badge.role == Role::Err ? c.errBg : c.warnBg, c.of(badge.role), 3);
    paintIcon(painter, badge.icon, QRectF(box.left() + 5, middle - 6, 12, 12), c.of(badge.role));
    painter->setFont(font);
    painter->setPen(c.of(badge.role));
    painter->drawText(box.adjusted(20, 0, -4, 0), Qt::AlignVCenter | Qt::AlignLeft, badge.text);
    return box.left();
}

void drawElided(QPainter *painter, const QRectF &where, const QFont &font, const QColor &color, const QString &text, Qt::Alignment align = Qt::AlignLeft)
{
    painter->setFont(font);
    painter->setPen(color);
    painter->drawText(where, int(align | Qt::AlignVCenter | Qt::TextSingleLine), QFontMetricsF(font).elidedText(text, Qt::ElideRight, where.width()));
}

/// The card's outline in the colour of what is true of it: chosen, wrong, neither.
void paintCard(QPainter *painter, const QPainterPath &outline, const ThemeColors &c, bool chosen, bool problem)
{
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(chosen ? c.selection : c.surface);
    painter->setPen(QPen(chosen ? c.accent : problem ? c.err : c.control, chosen || problem ? 2 : 1));
    painter->drawPath(outline);
}

QPainterPath rounded(const QRectF &rect, double radius)
{
    QPainterPath path;
    path.addRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    return path;
}

void paintPort(QPainter *painter, const QPointF &at, const ThemeColors &c)
{
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(c.control, 1));
    painter->setBrush(c.surface);
    painter->drawEllipse(at, 4, 4);
}

void paintProblemMark(QPainter *painter, const QRectF &card, const ThemeColors &c)
{
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF mark(card.right() - 10, card.top() - 8, 18, 18);
    painter->setPen(Qt::NoPen);
    painter->setBrush(c.surface);
    painter->drawEllipse(mark);
    paintIcon(painter, Icon::Error, mark.adjusted(1, 1, -1, -1), c.err);
}

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

Role errorRole(const std::optional<double> &errorShare)
{
    if (!errorShare)
        return Role::Muted;
    return *errorShare < 0.01 ? Role::Ok : *errorShare < 0.02 ? Role::Warn : Role::Err;
}

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

// ---- the chain ----

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

// ---- edges ----

namespace {

constexpr double arrowLength = 9;

QPainterPath edgePath(const Link &link)
{
    QPainterPath path(link.from);
    const QPointF to = link.target;
    if (link.kind == Link::Kind::ToEnd && std::abs(to.y() - link.from.y()) > 1) {
        const double radius = std::min({12.0, std::abs(to.y() - link.from.y()) / 2, std::abs(to.x() - link.from.x()) / 2});
        const double down = to.y() > link.from.y() ? 1 : -1;
        path.lineTo(to.x() - radius, link.from.y());
        path.quadTo(to.x(), link.from.y(), to.x(), link.from.y() + down * radius);
        path.lineTo(to.x(), to.y() - down * arrowLength);
        return path;
    }
    const QPointF end(to.x() - arrowLength, to.y());
    if (std::abs(to.y() - link.from.y()) < 1) {
        path.lineTo(end);
        return path;
    }
    const double middle = (link.from.x() + end.x()) / 2;
    path.cubicTo({middle, link.from.y()}, {middle, to.y()}, end);
    return path;
}

} // namespace

EdgeItem::EdgeItem(CanvasHost &host, const Link &link, std::optional<int> share) : m_host(host), m_link(link), m_share(share), m_path(edgePath(link))
{
    setZValue(-1);
    setAcceptedMouseButtons(Qt::NoButton);
}

QRectF EdgeItem::boundingRect() const { return m_path.boundingRect().united(QRectF(m_link.from, m_link.target).normalized()).adjusted(-120, -52, 24, 52); }

void EdgeItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    const ThemeColors &c = m_host.colors();
    const NodeFigures figures = m_link.to && m_link.kind != Link::Kind::FromStart ? m_host.figures(*m_link.to) : NodeFigures {};
    const auto perSecond = m_link.kind == Link::Kind::FromStart ? m_host.routeCallsPerSecond() : figures.callsPerSecond;
    const auto errors = m_link.kind == Link::Kind::FromStart ? m_host.routeErrorShare() : figures.errorShare;
    const bool live = m_host.overlay() && perSecond && *perSecond > 0;
    double width = 1.5;
    if (live) {
        const double whole = m_host.routeCallsPerSecond().value_or(*perSecond);
        // Against the route's own traffic: a tenth of it is a thin line, all of it the widest.
        width = std::clamp(7 + 4.5 * std::log10(std::max(1e-6, *perSecond / std::max(1e-9, whole))), 2.0, 7.0);
    }
    const QColor color = live ? c.of(errorRole(errors)) : c.control;
    QPen pen(color, width, m_link.kind == Link::Kind::FromRow ? Qt::DashLine : Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin);
    if (m_link.kind == Link::Kind::FromRow)
        pen.setDashPattern({3, 2});
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(pen);
    painter->drawPath(m_path);
    paintArrow(painter, color, width);
    paintLabel(painter, c);
}

void EdgeItem::paintArrow(QPainter *painter, const QColor &color, double width) const
{
    const double half = 5 + width / 5;
    const bool vertical = m_link.kind == Link::Kind::ToEnd && std::abs(m_link.target.y() - m_link.from.y()) > 1;
    const QPointF tip = m_link.target;
    QPolygonF head;
    if (vertical) {
        const double back = tip.y() > m_link.from.y() ? -arrowLength : arrowLength;
        head << tip << QPointF(tip.x() - half, tip.y() + back) << QPointF(tip.x() + half, tip.y() + back);
    } else {
        head << tip << QPointF(tip.x() - arrowLength, tip.y() - half) << QPointF(tip.x() - arrowLength, tip.y() + half);
    }
    painter->setPen(Qt::NoPen);
    painter->setBrush(color);
    painter->drawPolygon(head);
}

void EdgeItem::paintLabel(QPainter *painter, const ThemeColors &c) const
{
    if (m_link.kind == Link::Kind::ToEnd)
        return;
    const bool start = m_link.kind == Link::Kind::FromStart;
    const NodeFigures figures = start || !m_link.to ? NodeFigures {} : m_host.figures(*m_link.to);
    const auto perSecond = start ? m_host.routeCallsPerSecond() : figures.callsPerSecond;
    const auto errors = start ? m_host.routeErrorShare() : figures.errorShare;
    const bool live = m_host.overlay() && perSecond.has_value();
    const QFont font = textFont(11), strong = textFont(11, QFont::DemiBold);
    const QString head = m_share ? tr("%1 %").arg(*m_share) : m_link.kind == Link::Kind::FromRow ? tr("row %1").arg(m_link.port + 1) : QString();
    const QString traffic = live ? tr("%1 rps").arg(rate(*perSecond)) : QString();
    const QString failing = live && errors ? tr("%1 err").arg(widgets::share(*errors)) : QString();
    const double gap = 5;
    const double first = QFontMetricsF(font).horizontalAdvance(traffic);
    const double second = failing.isEmpty() ? 0 : QFontMetricsF(font).horizontalAdvance(failing);
    const bool wide = m_link.kind != Link::Kind::FromSplit && first + gap + second <= m_link.target.x() - m_link.from.x() - 10;
    const int lines = (head.isEmpty() ? 0 : 1) + (traffic.isEmpty() ? 0 : 1) + (!wide && !failing.isEmpty() ? 1 : 0);
    if (lines == 0)
        return;
    const double width = std::max({QFontMetricsF(strong).horizontalAdvance(head), wide ? first + (failing.isEmpty() ? 0 : gap) + second : std::max(first, second)});
    const double x = start ? (m_link.from.x() + m_link.target.x() - width) / 2 : m_link.target.x() - 14 - width;
    const bool below = m_link.target.y() > m_link.from.y() + 1; // the way comes from above: the label under it
    const double y = below ? m_link.target.y() + 9 : m_link.target.y() - 9 - 15 * lines;
    painter->fillRect(QRectF(x - 3, y, width + 6, 15 * lines), c.surface);
    double line = y;
    if (!head.isEmpty()) {
        drawElided(painter, QRectF(x, line, width + 2, 15), strong, c.text, head);
        line += 15;
    }
    if (traffic.isEmpty())
        return;
    drawElided(painter, QRectF(x, line, first + 2, 15), font, c.text, traffic);
    if (failing.isEmpty())
        return;
    const QRectF where = wide ? QRectF(x + first + gap, line, second + 2, 15) : QRectF(x, line + 15, second + 2, 15);
    drawElided(painter, where, font, c.of(errorRole(errors)), failing);
}

} // namespace ui::routes
