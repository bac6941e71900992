// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/token_walk.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/edge_item.h"
#include "ui/widgets/format.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;
using gateway::SimulatedStep;

namespace {

QString tr(const char *text) { return QCoreApplication::translate("ui::routes", text); }

constexpr int legMs = 700, shortestMs = 300;
constexpr double pixelsForFullLeg = 400, radius = 7;

const Link *linkTo(const PlanLayout &layout, const Path &path)
{
    const auto found = std::ranges::find_if(layout.links, [&](const Link &link) { return link.kind != Link::Kind::ToEnd && link.kind != Link::Kind::Nowhere && link.to == path; });
    return found == layout.links.end() ? nullptr : &*found;
}

/// The edge to the flag from the node, or from the card that it is a row of.
const Link *linkToEnd(const PlanLayout &layout, Path path)
{
    for (;;) {
        const auto found = std::ranges::find_if(layout.links, [&](const Link &link) { return link.kind == Link::Kind::ToEnd && link.to == path; });
        if (found != layout.links.end())
            return &*found;
        if (path.isEmpty())
            return nullptr;
        path = parentOf(path);
    }
}

/// Where a node is come into.
QPointF entryOf(const PlanLayout &layout, const Path &path)
{
    const QRectF r = placeOf(layout, path);
    return {layout.mirrored ? r.right() : r.left(), r.center().y()};
}

void follow(QPainterPath &way, const Link &link)
{
    way.lineTo(link.from);
    way.connectPath(edgePath(link));
    way.lineTo(link.target);
}

/// From where the token is to the node: along the edges that its last place did not come by.
QPainterPath wayTo(const PlanLayout &layout, const QPointF &from, const std::optional<Path> &before, const Path &to)
{
    QPainterPath way(from);
    for (qsizetype depth = 0; depth <= to.size(); ++depth) {
        const Path step = to.first(depth);
        const Link *link = linkTo(layout, step);
        if (link && !(before && within(*before, step)))
            follow(way, *link);
    }
    way.lineTo(entryOf(layout, to));
    return way;
}

QString saysOf(const SimulatedStep &step, int attempt)
{
    if (step.end == SimulatedStep::End::Skipped)
        return tr("skipped: %1").arg(bridge::qt(step.words));
    QStringList parts {tr("attempt %1").arg(attempt)};
    if (step.end == SimulatedStep::End::Failed)
        parts << bridge::qt(step.words);
    if (step.tookKnown)
        parts << latency(step.took);
    if (step.end == SimulatedStep::End::Answered && step.cost)
        parts << money(*step.cost);
    return parts.join(u" · "_s);
}

Passage passageOf(SimulatedStep::End end)
{
    return end == SimulatedStep::End::Answered ? Passage::Answered : end == SimulatedStep::End::Failed ? Passage::Failed : Passage::Skipped;
}

} // namespace

std::vector<WalkLeg> walkOf(const PlanLayout &layout, const PlanNode &plan, const gateway::Simulation &simulation)
{
    std::vector<WalkLeg> legs;
    QPointF at = layout.startWay.at;
    std::optional<Path> before;
    int attempt = 0;
    for (const SimulatedStep &step : simulation.steps) {
        attempt += step.end != SimulatedStep::End::Skipped;
        const auto place = pathOf(plan, step.node.empty() ? u"plan"_s : u"plan."_s + bridge::qt(step.node));
        if (!place || placeOf(layout, place->first).isNull())
            continue;
        const Path &path = place->first;
        legs.push_back({wayTo(layout, at, before, path), path, passageOf(step.end), saysOf(step, attempt)});
        at = entryOf(layout, path);
        before = path;
    }
    const Link *last = simulation.answered && before ? linkToEnd(layout, *before) : nullptr;
    if (last) {
        QPainterPath way(at);
        follow(way, *last);
        legs.push_back({way, std::nullopt, Passage::Answered, simulation.steps.back().tookKnown ? tr("answered in %1").arg(latency(simulation.latency)) : tr("answered")});
    }
    return legs;
}

TokenWalk::TokenWalk(QObject *parent) : QObject(parent)
{
    m_motion.setStartValue(0.0);
    m_motion.setEndValue(1.0);
    m_motion.setEasingCurve(QEasingCurve::InOutQuad);
    connect(&m_motion, &QVariantAnimation::valueChanged, this, &TokenWalk::moved);
    connect(&m_motion, &QVariantAnimation::finished, this, &TokenWalk::endLeg);
}

void TokenWalk::start(std::vector<WalkLeg> legs)
{
    clear();
    m_legs = std::move(legs);
    beginLeg();
}

void TokenWalk::clear()
{
    m_motion.stop();
    m_legs.clear();
    m_passages.clear();
    m_leg = 0;
    Q_EMIT moved();
}

void TokenWalk::beginLeg()
{
    if (m_leg >= m_legs.size())
        return;
    if (m_preference.reduced()) {
        endLeg();
        return;
    }
    m_motion.setDuration(std::clamp(static_cast<int>(m_legs[m_leg].way.length() / pixelsForFullLeg * legMs), shortestMs, legMs));
    m_motion.start();
}

void TokenWalk::endLeg()
{
    const WalkLeg &leg = m_legs[m_leg];
    if (leg.to && m_passages.value(*leg.to) != Passage::Answered)
        m_passages.insert(*leg.to, leg.passage);
    ++m_leg;
    Q_EMIT moved();
    beginLeg();
}

void TokenWalk::paint(QPainter *painter, const ThemeColors &c) const
{
    if (m_legs.empty())
        return;
    const bool under = m_leg < m_legs.size();
    const WalkLeg &leg = m_legs[under ? m_leg : m_legs.size() - 1];
    const QPointF at = leg.way.pointAtPercent(under ? m_motion.currentValue().toDouble() : 1);
    // On the way it still says what was last; there it says what came of it.
    const WalkLeg *told = !under ? &leg : m_leg > 0 ? &m_legs[m_leg - 1] : nullptr;
    const Passage passage = told ? told->passage : Passage::Answered;
    const Role role = !told ? Role::Accent : passage == Passage::Failed ? Role::Err : passage == Passage::Skipped ? Role::Warn : Role::Ok;
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(c.surface, 2));
    painter->setBrush(c.of(role));
    painter->drawEllipse(at, radius, radius);
    if (!told)
        return;
    const QFont font = textFont(11, QFont::Medium);
    const double width = QFontMetricsF(font).horizontalAdvance(told->says) + 16;
    const QRectF seen = painter->worldTransform().inverted().mapRect(QRectF(painter->viewport())).adjusted(4, 4, -4, -4);
    QRectF bubble(at.x() - width / 2, at.y() - radius - 28, width, 22);
    if (seen.contains(at)) // it stays in sight with its token
        bubble.moveLeft(std::max(seen.left(), std::min(bubble.left(), seen.right() - width)));
    paintFrame(painter, bubble, c.surface, c.of(role), 4);
    painter->setFont(font);
    painter->setPen(c.text);
    painter->drawText(bubble, Qt::AlignCenter, told->says);
}

} // namespace ui::routes
