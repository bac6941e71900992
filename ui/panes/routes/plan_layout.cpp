// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/plan_layout.h"

#include <algorithm>
#include <cmath>

namespace ui::routes {

using gateway::config::PlanNode;
using namespace measure;

namespace {

bool isCard(const PlanNode &node) { return kindOf(node) != NodeKind::Target && kindOf(node) != NodeKind::Route; }

QSizeF sizeOf(const PlanNode &node)
{
    switch (kindOf(node)) {
    case NodeKind::Chain: return {chainWidth, chainHeader + chainRow * std::max(1, childCount(node))};
    case NodeKind::Split: return {splitWidth, std::max(splitHeight, 20.0 * (childCount(node) + 1))};
    default: return {cardWidth, cardHeight};
    }
}

/// Children that stand as cards of their own: all branches of a split; of a chain only what is not a plain row.
std::vector<int> outside(const PlanNode &node)
{
    std::vector<int> indexes;
    for (int i = 0; i < childCount(node); ++i)
        if (kindOf(node) == NodeKind::Split || isCard(childOf(node, i)))
            indexes.push_back(i);
    return indexes;
}

double heightOfChildren(const PlanNode &node);

/// Height of the node with all that stands to the right of it.
double treeHeight(const PlanNode &node)
{
    const double own = sizeOf(node).height();
    const double below = heightOfChildren(node);
    if (kindOf(node) == NodeKind::Chain)
        return below > 0 ? own + rowGap / 2 + below : own; // the way from the chain to the flag stays free
    return std::max(own, below);
}

double heightOfChildren(const PlanNode &node)
{
    double height = 0;
    for (const int index : outside(node))
        height += treeHeight(childOf(node, index)) + (height > 0 ? rowGap : 0);
    return height;
}

class Placer
{
public:
    explicit Placer(PlanLayout &layout) : m_layout(layout) { }

    /// Puts the node into the strip of its tree's height from `top`. @return the point where an edge enters it
    QPointF place(const PlanNode &node, const Path &path, double x, double top)
    {
        const QSizeF size = sizeOf(node);
        const double tree = treeHeight(node);
        const bool chain = kindOf(node) == NodeKind::Chain;
        QRectF where(QPointF(x, chain ? top : top + (tree - size.height()) / 2), size);
        const std::size_t mine = m_layout.boxes.size();
        m_layout.boxes.push_back({path, kindOf(node), where});
        m_right = std::max(m_right, where.right());
        double y = chain ? where.bottom() + rowGap / 2 : top + (tree - heightOfChildren(node)) / 2;
        std::vector<Link> below;
        for (const int index : outside(node)) {
            Link link;
            link.kind = chain ? Link::Kind::FromRow : Link::Kind::FromSplit;
            link.port = index;
            link.to = path;
            link.to->append(index);
            const PlanNode &child = childOf(node, index);
            link.target = place(child, *link.to, where.right() + (chain ? columnGap / 2 + 8 : splitGap), y);
            below.push_back(std::move(link));
            y += treeHeight(child) + rowGap;
        }
        if (!chain && !below.empty()) { // level with the middle of what it leads to: its ways are straight or alike
            const double middle = (below[(below.size() - 1) / 2].target.y() + below[below.size() / 2].target.y()) / 2;
            where.moveTop(std::clamp(middle - size.height() / 2, top, top + tree - size.height()));
            m_layout.boxes[mine].where = where;
        }
        for (Link &link : below) {
            link.from = chain ? rowPort(where, link.port) : splitPort(where, link.port, childCount(node));
            m_layout.links.push_back(std::move(link));
        }
        if (kindOf(node) != NodeKind::Split)
            m_ends.push_back({path, QPointF(where.right(), where.center().y())});
        return {where.left(), where.center().y()};
    }

    [[nodiscard]] double right() const { return m_right; }
    [[nodiscard]] const std::vector<std::pair<Path, QPointF>> &ends() const { return m_ends; }

private:
    PlanLayout &m_layout;
    double m_right = 0;
    std::vector<std::pair<Path, QPointF>> m_ends;
};

double snapped(double value) { return std::round(value / 8) * 8; }

} // namespace

QPointF splitPort(const QRectF &split, int index, int count)
{
    return {split.right(), split.top() + split.height() * (index + 1) / (count + 1)};
}

QPointF rowPort(const QRectF &chain, int row) { return {chain.right(), chain.top() + chainHeader + chainRow * (row + 0.5)}; }

PlanLayout layOut(const PlanNode &plan, double startWidth)
{
    PlanLayout layout;
    Placer placer(layout);
    const double x = snapped(startWidth + columnGap);
    const QPointF entry = placer.place(plan, {}, x, 0);
    layout.start = QRectF(0, entry.y() - startHeight / 2, startWidth, startHeight);
    layout.links.insert(layout.links.begin(), {Link::Kind::FromStart, Path {}, 0, {startWidth, entry.y()}, entry});
    double flagY = entry.y();
    if (placer.ends().size() == 1)
        flagY = placer.ends().front().second.y(); // one way: a straight line
    layout.flag = QRectF(placer.right() + flagGap, flagY - flagSide / 2, flagSide, flagSide);
    for (const auto &[path, from] : placer.ends()) {
        const bool level = std::abs(from.y() - flagY) < 1;
        const QPointF target = level ? QPointF(layout.flag.left(), flagY) : QPointF(layout.flag.center().x(), from.y() < flagY ? layout.flag.top() : layout.flag.bottom());
        layout.links.push_back({Link::Kind::ToEnd, path, 0, from, target});
    }
    layout.bounds = layout.start.united(layout.flag);
    for (const NodeBox &box : layout.boxes)
        layout.bounds = layout.bounds.united(box.where);
    return layout;
}

} // namespace ui::routes
