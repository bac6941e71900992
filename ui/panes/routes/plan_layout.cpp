// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/plan_layout.h"

#include <algorithm>
#include <cmath>

namespace ui::routes {

using gateway::config::PlanNode;
using namespace measure;

namespace {

QSizeF sizeOf(const PlanNode &node)
{
    switch (kindOf(node)) {
    case NodeKind::Chain:
    case NodeKind::Balance: return {rowsWidth, rowsHeader + rowHeight * std::max(1, childCount(node))};
    case NodeKind::Split: return {splitWidth, std::max(splitHeight, 20.0 * (childCount(node) + 1))};
    case NodeKind::When: return {diamondWidth, std::max(diamondHeight, 24.0 * childCount(node))};
    case NodeKind::Limit: return {limitWidth, limitHeight};
    case NodeKind::Target:
    case NodeKind::Route: break;
    }
    return {cardWidth, cardHeight};
}

/// Children that stand beside the card: all of a fork; of rows only what is not a plain row.
std::vector<int> outside(const PlanNode &node)
{
    std::vector<int> indexes;
    for (int i = 0; i < childCount(node); ++i) {
        const PlanNode *child = childAt(node, i);
        if (child && (isFork(kindOf(node)) || childCount(*child) > 0))
            indexes.push_back(i);
    }
    return indexes;
}

/// Whether a when or a limit has an else in which nothing stands.
bool lacksElse(const PlanNode &node)
{
    const int last = childCount(node) - 1;
    return last >= 0 && isElse(node, last) && !childAt(node, last);
}

/// A diamond's first way leaves by its top, and of three or more the last by its foot, where an empty else is too; the
/// others along the edges of its point, of two the second straight on.
Way wayOfDiamond(const QRectF &r, int index, int count, bool footTaken)
{
    const double middle = r.center().y();
    if (count == 1 || (count == 2 && index == 1))
        return {{r.right(), middle}, Side::After};
    if (index == 0)
        return {{r.center().x(), r.top()}, Side::Top};
    if (index == count - 1 && !footTaken)
        return {{r.center().x(), r.bottom()}, Side::Bottom};
    const double share = double(index) / (footTaken ? count : count - 1) * 2 - 1; // -1 top, 1 foot
    return {{r.right() - std::abs(share) * r.width() / 2, middle + share * r.height() / 2}, Side::After};
}

std::vector<Way> waysOf(const PlanNode &node, const QRectF &r)
{
    const Way straight {{r.right(), r.center().y()}, Side::After}, foot {{r.center().x(), r.bottom()}, Side::Bottom};
    const int count = childCount(node);
    std::vector<Way> ways;
    switch (kindOf(node)) {
    case NodeKind::Split:
        for (int i = 0; i < count; ++i)
            ways.push_back({{r.right(), r.top() + r.height() * (i + 1) / (count + 1)}, Side::After});
        break;
    case NodeKind::When: {
        const bool open = lacksElse(node);
        for (int i = 0; i < count - open; ++i)
            ways.push_back(wayOfDiamond(r, i, count - open, open));
        if (open)
            ways.push_back(foot);
        break;
    }
    case NodeKind::Limit: ways = {straight, foot}; break; // what is over the limit leaves by its foot
    default: ways = {straight};
    }
    return ways;
}

/// How far a node with all that stands behind it reaches above and below the line on which an edge comes in.
struct Reach
{
    double above = 0, below = 0;
    [[nodiscard]] double height() const { return above + below; }
};

constexpr double stubLength = 24; // of the edge from an else in which nothing stands

/// The children of a fork or card below one another: how far down from the first one's top each is entered.
struct Stack
{
    std::vector<double> entries;
    double height = 0;
};

Reach reachOf(const PlanNode &node);

Stack stackOf(const PlanNode &node, const std::vector<int> &places)
{
    Stack stack;
    for (const int index : places) {
        const Reach reach = reachOf(*childAt(node, index));
        stack.height += stack.entries.empty() ? 0 : rowGap;
        stack.entries.push_back(stack.height + reach.above);
        stack.height += reach.height();
    }
    return stack;
}

/// The line on which a fork stands, in its stack: that of what it goes straight on to, or amid its ways.
double lineOf(const PlanNode &node, const Stack &stack)
{
    const auto count = stack.entries.size();
    if (kindOf(node) == NodeKind::Limit)
        return stack.entries[0];
    if (kindOf(node) == NodeKind::When && count == 2)
        return stack.entries[1];
    return (stack.entries[(count - 1) / 2] + stack.entries[count / 2]) / 2;
}

Reach reachOf(const PlanNode &node)
{
    const double half = sizeOf(node).height() / 2;
    const double foot = half + (lacksElse(node) ? stubLength + 8 : 0);
    const auto places = outside(node);
    if (places.empty())
        return {half, foot};
    const Stack stack = stackOf(node, places);
    if (hasRows(kindOf(node)))
        return {half, half + rowGap / 2 + stack.height}; // below the card: the way from it to the flag stays free
    const double line = lineOf(node, stack);
    return {std::max(half, line), std::max(foot, stack.height - line)};
}

double gapBehind(const PlanNode &node)
{
    if (hasRows(kindOf(node)))
        return besideGap;
    const auto *when = std::get_if<gateway::config::WhenNode>(&node.node);
    return when && when->branches.size() > 1 ? casesGap : forkGap;
}

class Placer
{
public:
    explicit Placer(PlanLayout &layout) : m_layout(layout) { }

    /// Puts the node so that an edge enters it at `entry`.
    void place(const PlanNode &node, const Path &path, QPointF entry)
    {
        const QSizeF size = sizeOf(node);
        const QRectF where(QPointF(entry.x(), entry.y() - size.height() / 2), size);
        const auto ways = waysOf(node, where);
        m_layout.boxes.push_back({path, kindOf(node), where, ways});
        m_right = std::max(m_right, where.right());
        if (!isFork(kindOf(node)))
            m_ends.push_back({path, ways.front().at});
        if (lacksElse(node)) {
            const Way way = ways.back();
            m_layout.links.push_back(Link {.kind = Link::Kind::Nowhere, .to = below(path, childCount(node) - 1), .port = childCount(node) - 1, .from = way.at,
                .target = way.at + QPointF(0, stubLength), .leaves = way.side, .enters = Side::Top});
        }
        const auto places = outside(node);
        if (places.empty())
            return;
        const bool rows = hasRows(kindOf(node));
        const Stack stack = stackOf(node, places);
        const double top = rows ? where.bottom() + rowGap / 2 : entry.y() - lineOf(node, stack);
        const double x = where.right() + gapBehind(node);
        for (std::size_t i = 0; i < places.size(); ++i) {
            const int index = places[i];
            Link link;
            link.kind = rows ? Link::Kind::FromRow : Link::Kind::FromFork;
            link.onError = kindOf(node) == NodeKind::Chain && index > 0;
            link.port = index;
            link.to = below(path, index);
            link.target = {x, top + stack.entries[i]};
            const Way way = rows ? Way {{where.right(), rowRect(where, index).center().y()}, Side::After} : ways[static_cast<std::size_t>(index)];
            link.from = way.at;
            link.leaves = way.side;
            m_layout.links.push_back(link);
            place(*childAt(node, index), *link.to, link.target);
        }
    }

    [[nodiscard]] double right() const { return m_right; }
    [[nodiscard]] const std::vector<std::pair<Path, QPointF>> &ends() const { return m_ends; }

private:
    PlanLayout &m_layout;
    double m_right = 0;
    std::vector<std::pair<Path, QPointF>> m_ends;
};

double snapped(double value) { return std::round(value / 8) * 8; }

void placeFlag(PlanLayout &layout, const Placer &placer, double entryY)
{
    double y = entryY;
    if (placer.ends().size() == 1)
        y = placer.ends().front().second.y(); // one way: a straight line
    layout.flag = QRectF(placer.right() + flagGap, y - flagSide / 2, flagSide, flagSide);
    for (const auto &[path, from] : placer.ends()) {
        Link link;
        link.kind = Link::Kind::ToEnd;
        link.to = path;
        link.from = from;
        link.target = {layout.flag.left(), y};
        if (std::abs(from.y() - y) >= 1) {
            link.enters = from.y() < y ? Side::Top : Side::Bottom;
            link.target = {layout.flag.center().x(), from.y() < y ? layout.flag.top() : layout.flag.bottom()};
        }
        layout.links.push_back(link);
    }
}

void mirror(PlanLayout &layout)
{
    const double sum = layout.bounds.left() + layout.bounds.right();
    const auto flip = [sum](QRectF &rect) { rect.moveLeft(sum - rect.right()); };
    const auto flipPoint = [sum](QPointF &point) { point.setX(sum - point.x()); };
    flip(layout.start);
    flip(layout.flag);
    flipPoint(layout.startWay.at);
    for (NodeBox &box : layout.boxes) {
        flip(box.where);
        for (Way &way : box.ways)
            flipPoint(way.at);
    }
    for (Link &link : layout.links) {
        flipPoint(link.from);
        flipPoint(link.target);
    }
    layout.mirrored = true;
}

} // namespace

const NodeBox *PlanLayout::box(const Path &path) const
{
    const auto found = std::ranges::find(boxes, path, &NodeBox::path);
    return found == boxes.end() ? nullptr : &*found;
}

PlanLayout layOut(const PlanNode &plan, double startWidth, bool mirrored)
{
    PlanLayout layout;
    Placer placer(layout);
    const QPointF entry(snapped(startWidth + startGap), snapped(reachOf(plan).above));
    layout.start = QRectF(0, entry.y() - startHeight / 2, startWidth, startHeight);
    layout.startWay = {{startWidth, entry.y()}, Side::After};
    Link first;
    first.to = Path {};
    first.from = layout.startWay.at;
    first.target = entry;
    layout.links.push_back(first);
    placer.place(plan, {}, entry);
    placeFlag(layout, placer, entry.y());
    layout.bounds = layout.start.united(layout.flag);
    for (const NodeBox &box : layout.boxes)
        layout.bounds = layout.bounds.united(box.where);
    if (mirrored)
        mirror(layout);
    return layout;
}

QRectF rowRect(const QRectF &card, int row) { return {card.left(), card.top() + rowsHeader + rowHeight * row, card.width(), rowHeight}; }

std::optional<Path> nodeUnder(const PlanLayout &layout, const PlanNode &plan, const QPointF &at)
{
    for (const NodeBox &box : layout.boxes) {
        if (!box.where.contains(at))
            continue;
        const int row = hasRows(box.kind) ? static_cast<int>(std::floor((at.y() - box.where.top() - rowsHeader) / rowHeight)) : -1;
        return row < 0 || row >= childCount(*nodeAt(plan, box.path)) ? box.path : below(box.path, row);
    }
    return std::nullopt;
}

QRectF placeOf(const PlanLayout &layout, const Path &path)
{
    if (const NodeBox *box = layout.box(path))
        return box->where;
    const NodeBox *card = path.isEmpty() ? nullptr : layout.box(parentOf(path));
    return card && hasRows(card->kind) ? rowRect(card->where, path.last()) : QRectF();
}

} // namespace ui::routes
