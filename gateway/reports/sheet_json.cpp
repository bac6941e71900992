// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/reports/report_json.h"

#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace gateway::reports {

namespace {

using nlohmann::json;

struct ToJson
{
    json operator()(const SheetTitle &title) const { return {{"is", "title"}, {"text", title.text}, {"under", title.under}, {"new_page", title.newPage}}; }
    json operator()(const SheetText &text) const { return {{"is", "text"}, {"text", text.text}, {"kind", static_cast<int>(text.kind)}}; }
    json operator()(const SheetTiles &tiles) const
    {
        json list = json::array();
        for (const SheetTile &tile : tiles.tiles)
            list.push_back({{"label", tile.label}, {"value", tile.value}, {"change", tile.change}, {"tone", static_cast<int>(tile.tone)}});
        return {{"is", "tiles"}, {"tiles", std::move(list)}};
    }
    json operator()(const SheetBars &bars) const
    {
        json list = json::array(), ticks = json::array();
        for (const SheetBar &bar : bars.bars)
            list.push_back({{"label", bar.label}, {"value", bar.value}, {"text", bar.text}, {"before", bar.before}, {"has_before", bar.hasBefore}});
        for (const SheetTick &tick : bars.ticks)
            ticks.push_back({{"value", tick.value}, {"text", tick.text}});
        return {{"is", "bars"}, {"title", bars.title}, {"bars", std::move(list)}, {"ticks", std::move(ticks)}, {"legend", bars.legend}, {"legend_before", bars.legendBefore}};
    }
    json operator()(const SheetTable &table) const
    {
        json columns = json::array(), rows = json::array();
        for (const SheetColumn &column : table.columns)
            columns.push_back({{"title", column.title}, {"number", column.number}, {"whole", column.whole}});
        for (const SheetRow &row : table.rows)
            rows.push_back({{"cells", row.cells}, {"share", row.share}, {"strong", row.strong}});
        return {{"is", "table"}, {"title", table.title}, {"columns", std::move(columns)}, {"rows", std::move(rows)}};
    }
};

template <typename Enum>
Enum choiceOf(const json &number, Enum last)
{
    return static_cast<Enum>(std::clamp(number.get<int>(), 0, static_cast<int>(last)));
}

SheetTiles tilesFrom(const json &text)
{
    SheetTiles tiles;
    for (const json &one : text.at("tiles"))
        tiles.tiles.push_back({.label = one.at("label"), .value = one.at("value"), .change = one.at("change"), .tone = choiceOf(one.at("tone"), SheetTile::Tone::Bad)});
    return tiles;
}

SheetBars barsFrom(const json &text)
{
    SheetBars bars {.title = text.at("title"), .legend = text.at("legend"), .legendBefore = text.at("legend_before")};
    for (const json &one : text.at("bars"))
        bars.bars.push_back({.label = one.at("label"), .value = one.at("value"), .text = one.at("text"), .before = one.at("before"), .hasBefore = one.at("has_before")});
    for (const json &one : text.at("ticks"))
        bars.ticks.push_back({.value = one.at("value"), .text = one.at("text")});
    return bars;
}

SheetTable tableFrom(const json &text)
{
    SheetTable table {.title = text.at("title")};
    for (const json &one : text.at("columns"))
        table.columns.push_back({.title = one.at("title"), .number = one.at("number"), .whole = one.at("whole")});
    for (const json &one : text.at("rows"))
        table.rows.push_back({.cells = one.at("cells").get<std::vector<std::string>>(), .share = one.at("share"), .strong = one.at("strong")});
    return table;
}

SheetBlock blockFrom(const json &text)
{
    const std::string kind = text.at("is");
    if (kind == "title")
        return SheetTitle {.text = text.at("text"), .under = text.at("under"), .newPage = text.at("new_page")};
    if (kind == "tiles")
        return tilesFrom(text);
    if (kind == "bars")
        return barsFrom(text);
    if (kind == "table")
        return tableFrom(text);
    return SheetText {.text = text.at("text"), .kind = choiceOf(text.at("kind"), SheetText::Kind::Note)};
}

} // namespace

json jsonOf(const ReportSheet &sheet)
{
    json blocks = json::array();
    for (const SheetBlock &block : sheet.blocks)
        blocks.push_back(std::visit(ToJson(), block));
    return {{"title", sheet.title}, {"footer", sheet.footer}, {"file_name", sheet.fileName}, {"blocks", std::move(blocks)}};
}

Result<ReportSheet> sheetFrom(const json &text)
{
    try { // the library throws
        ReportSheet sheet {.title = text.at("title"), .footer = text.at("footer"), .fileName = text.at("file_name")};
        for (const json &block : text.at("blocks"))
            sheet.blocks.push_back(blockFrom(block));
        return sheet;
    } catch (const json::exception &error) {
        return fail(ErrorCode::Malformed, fmt::format("That is no report: {}", error.what()));
    }
}

} // namespace gateway::reports
