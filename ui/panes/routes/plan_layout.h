// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/plan_tree.h"

#include <QPointF>
#include <QRectF>

#include <optional>
#include <vector>

/// Where a plan's nodes stand: in the direction of reading, children of a node below one another. Pure.
namespace ui::routes {

namespace measure {
inline constexpr double cardWidth = 200, cardHeight = 64, rowsWidth = 240, rowsHeader = 34, rowHeight = 40;
inline constexpr double splitWidth = 120, splitHeight = 64, diamondWidth = 152, diamondHeight = 96, limitWidth = 112, limitHeight = 64;
inline constexpr double startHeight = 40, flagSide = 40, rowGap = 56;
/// As wide as what is said on the edges: figures below one another, of a when with several cases their conditions.
inline constexpr double startGap = 56, forkGap = 72, casesGap = 136, besideGap = 64, flagGap = 40;
}

/// The side of a node that an edge leaves by or comes in at.
enum class Side { Before, After, Top, Bottom };

struct Way
{
    QPointF at;
    Side side = Side::After;
};

struct NodeBox
{
    Path path;
    NodeKind kind = NodeKind::Target;
    QRectF where;
    std::vector<Way> ways; ///< the ports: of a fork one for each child's place, of others the one behind it
};

struct Link
{
    enum class Kind {
        FromStart,
        FromFork,
        FromRow, ///< from a row of a chain or balance to the node that it stands for
        ToEnd,
        Nowhere, ///< a stub, from an else in which nothing stands
    };
    Kind kind = Kind::FromStart;
    std::optional<Path> to;   ///< the node that the edge leads to, or the empty place; of ToEnd: the one it comes from
    int port = 0;             ///< which of the node's ways; FromRow: the row
    bool onError = false;     ///< calls come this way only where what stands before it failed
    QPointF from, target;
    Side leaves = Side::After, enters = Side::Before;
};

struct PlanLayout
{
    QRectF start, flag;
    Way startWay;
    std::vector<NodeBox> boxes;   ///< of nodes that are cards; rows of a chain are part of the chain's
    std::vector<Link> links;
    QRectF bounds;
    bool mirrored = false;        ///< from right to left

    /// nullptr: the node is a row of a card, or not there.
    [[nodiscard]] const NodeBox *box(const Path &path) const;
};

/// @param startWidth  of the pill with the route's name
/// @param mirrored    laid out from right to left
PlanLayout layOut(const gateway::config::PlanNode &plan, double startWidth, bool mirrored = false);

/// Of a row in its card.
QRectF rowRect(const QRectF &card, int row);
/// The node under a point of the picture: a row before its card.
std::optional<Path> nodeUnder(const PlanLayout &layout, const gateway::config::PlanNode &plan, const QPointF &at);
/// Of a card, or of a row; null: not there.
QRectF placeOf(const PlanLayout &layout, const Path &path);

} // namespace ui::routes
