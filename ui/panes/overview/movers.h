// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/call_query.h"

#include <QString>

#include <string>
#include <vector>

/// What differs most from the period before. Pure.
namespace ui::overview {

enum class MovedFigure { Cost, Calls, Errors, Latency };

/// A team, key, model or route of which one figure moved.
struct Mover
{
    gateway::UsageField field = gateway::UsageField::Team;
    std::string name;
    MovedFigure figure = MovedFigure::Cost;
    double before = 0, now = 0; ///< nano-dollars, calls, a share from 0 to 1, microseconds
    double weight = 0;          ///< how much it moved, and how much of the whole that was: comparable between figures
    bool operator==(const Mover &) const = default;
};

/// The movers of one field. Left out is what hardly moved (a tenth; for errors a percentage point), what is a small part of the whole
/// (a hundredth), and error shares and latencies of fewer than 20 calls in one of the periods. Groups without a name are none.
std::vector<Mover> moversOf(gateway::UsageField field, const gateway::Usage &now, const gateway::Usage &before);

/// The heaviest of them. The same change told of two things (a team, and its only key) is there once, of the first.
std::vector<Mover> topMovers(std::vector<Mover> movers, std::size_t most);

QString figureWord(MovedFigure figure);                 ///< "Cost"
QString figureText(MovedFigure figure, double value);   ///< "$12.40"
QString fieldWord(gateway::UsageField field);           ///< "team"
/// The call log's filter for what moved: the thing, and of its calls those that are about the figure.
QString moverFilter(const Mover &mover);

} // namespace ui::overview
