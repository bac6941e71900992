// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/plan_tree.h"

#include <QPointF>
#include <QRectF>

#include <optional>
#include <vector>

/// Where a plan's nodes stand: left to right, on an 8 px grid, children of a node below one another. Pure.
namespace ui::routes {

namespace measure {
inline constexpr double cardWidth = 200, cardHeight = 64, chainWidth = 240, chainHeader = 34, chainRow = 40;
inline constexpr double splitWidth = 120, splitHeight = 64, startHeight = 40, flagSide = 40;
inline constexpr double columnGap = 112, splitGap = 136, flagGap = 48, rowGap = 56;
}

struct NodeBox
{
    Path path;
    NodeKind kind = NodeKind::Target;
    QRectF where;
};

struct Link
{
    enum class Kind { FromStart, FromSplit, FromRow, ToEnd };
    Kind kind = Kind::FromStart;
    std::optional<Path> to;   ///< the node that the edge leads to; of ToEnd: the one it comes from
    int port = 0;             ///< FromSplit: the branch; FromRow: the row
    QPointF from, target;
};

struct PlanLayout
{
    QRectF start, flag;
    std::vector<NodeBox> boxes;   ///< of nodes that are cards; rows of a chain are part of the chain's
    std::vector<Link> links;
    QRectF bounds;
};

/// @param startWidth  of the pill with the route's name
PlanLayout layOut(const gateway::config::PlanNode &plan, double startWidth);

/// The port of branch `index` of `count` on a split's right side.
QPointF splitPort(const QRectF &split, int index, int count);
/// The middle of row `row` on a chain's right side.
QPointF rowPort(const QRectF &chain, int row);

} // namespace ui::routes
