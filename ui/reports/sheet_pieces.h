// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/report_sheet.h"

#include <QPainter>

#include <functional>
#include <memory>
#include <vector>

namespace ui::reports {

/// What is never parted by the end of a page.
struct Piece
{
    double height = 0;
    bool newPage = false;
    bool withNext = false;             ///< not the last of a page: a title, a table's head
    std::function<void(QPainter &painter, double top)> paint {};
    std::shared_ptr<const Piece> head {}; ///< of a row: what is drawn once more above it where a page begins with it
};

/// Lays a sheet out for pages that are so wide.
std::vector<Piece> piecesOf(const gateway::ReportSheet &sheet, double width);

// Its parts.
void addTiles(const gateway::SheetTiles &tiles, double width, std::vector<Piece> &pieces);
void addBars(const gateway::SheetBars &bars, double width, std::vector<Piece> &pieces);
void addTable(const gateway::SheetTable &table, double width, std::vector<Piece> &pieces);

} // namespace ui::reports
