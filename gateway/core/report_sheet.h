// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// A report as it is read: titles, sentences, tables and charts in their order, with all figures as text. Plain values, so
/// that HTML and PDF are two ways to write down the same.
namespace gateway {

struct SheetTitle
{
    std::string text {};
    std::string under {};                ///< a second line; may be empty
    bool newPage = false;
};

struct SheetText
{
    enum class Kind : std::uint8_t { Plain, Headline, Note };
    std::string text {};
    Kind kind = Kind::Plain;
};

struct SheetTile
{
    enum class Tone : std::uint8_t { Neutral, Good, Bad };
    std::string label {}, value {};
    std::string change {};               ///< "+12 % to the week before"; may be empty
    Tone tone = Tone::Neutral;           ///< of the change
};

struct SheetTiles
{
    std::vector<SheetTile> tiles {};
};

struct SheetBar
{
    std::string label {};                ///< below it; empty: none there, for want of room
    double value = 0;
    std::string text {};                 ///< the value, above it; likewise
    double before = 0;                   ///< the same of the time before
    bool hasBefore = false;
};

struct SheetTick
{
    double value = 0;
    std::string text {};
};

struct SheetBars
{
    std::string title {};                ///< "Cost by day, US dollars"
    std::vector<SheetBar> bars {};
    std::vector<SheetTick> ticks {};     ///< of the axis, from 0 to its end
    std::string legend {}, legendBefore {}; ///< "week 47", "the week before"
};

struct SheetColumn
{
    std::string title {};
    bool number = false;                 ///< to the right
    bool whole = false;                  ///< its texts are not cut where room is short
};

struct SheetRow
{
    std::vector<std::string> cells {};   ///< one for each column
    double share = -1;                   ///< 0 to 1: a bar behind the first column; below 0: none
    bool strong = false;                 ///< a sum
};

struct SheetTable
{
    std::string title {};
    std::vector<SheetColumn> columns {};
    std::vector<SheetRow> rows {};
};

using SheetBlock = std::variant<SheetTitle, SheetText, SheetTiles, SheetBars, SheetTable>;

struct ReportSheet
{
    std::string title {};                ///< "search, week 47"
    std::string footer {};               ///< at the foot of each page
    std::string fileName {};             ///< without an ending: "signalbox-search-2026-W47"
    std::vector<SheetBlock> blocks {};
};

} // namespace gateway
