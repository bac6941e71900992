// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/reports/sheet.h"

#include "gateway/core/text.h"
#include "gateway/reports/sheet_parts.h"
#include "gateway/reports/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace gateway::reports {

namespace {

constexpr std::size_t longestFilePart = 60;

std::string whose(const ReportData &data)
{
    if (!data.team)
        return "All teams";
    return data.team->empty() ? std::string("Calls without a team") : toValidUtf8(*data.team);
}

std::string spender(const ReportData &data)
{
    return data.team ? whose(data) : std::string("All teams together");
}

double dollars(Money money)
{
    return static_cast<double>(money.nanos()) / 1e9;
}

/// What a file system takes everywhere.
std::string filePart(std::string_view name)
{
    std::string part;
    for (const char c : name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
        part += plain ? c : '-';
    }
    return part.substr(0, longestFilePart);
}

void addReport(const ReportData &data, bool newPage, std::vector<SheetBlock> &blocks)
{
    blocks.emplace_back(SheetTitle {.text = whose(data), .under = fmt::format("{}, {} ({})", data.time.words, data.time.dates, data.time.zone), .newPage = newPage});
    blocks.emplace_back(SheetText {.text = headlineOf(data), .kind = SheetText::Kind::Headline});
    if (data.running)
        blocks.emplace_back(SheetText {.text = fmt::format("This is not over: the figures reach to {}, and those of {} as far into it.", reportMomentText(data.madeAt, data.time.zone), data.time.wordsBefore), .kind = SheetText::Kind::Note});
    if (data.now.calls == 0 && data.before.calls == 0)
        return;
    blocks.emplace_back(tilesOf(data));
    if (data.now.unpriced > 0)
        blocks.emplace_back(SheetText {.text = fmt::format("{} of {} calls have no known price and are not in the cost.", countText(data.now.unpriced), countText(data.now.calls)), .kind = SheetText::Kind::Note});
    blocks.emplace_back(daysOf(data));
    addTables(data, blocks);
}

} // namespace

std::string headlineOf(const ReportData &data)
{
    const std::string in = data.time.kind == ReportTime::Kind::Days ? fmt::format("from {}", data.time.words) : fmt::format("in {}", data.time.words);
    if (data.now.calls == 0)
        return fmt::format("{} made no calls {}.", spender(data), in);
    std::string text = fmt::format("{} spent {} {}", spender(data), moneyText(data.now.cost), in);
    if (data.running)
        text += " so far";
    if (const std::string compared = moreOrLess(dollars(data.now.cost), dollars(data.before.cost)); !compared.empty())
        text += fmt::format(", {} {}", compared, data.running ? "in the same time of " + data.time.wordsBefore : data.time.wordsBefore);
    const auto first = std::ranges::find(data.models, ReportRow::Kind::Named, &ReportRow::kind);
    if (first != data.models.end() && first->now.cost > Money() && data.now.cost > Money())
        text += fmt::format("; {} of it went to {}", first->now.cost == data.now.cost ? std::string("all") : shareText(dollars(first->now.cost) / dollars(data.now.cost)), toValidUtf8(first->name));
    return text + ".";
}

ReportSheet sheetOf(const ReportData &data)
{
    ReportSheet sheet {.title = fmt::format("{}, {}", whose(data), data.time.words),
                       .footer = fmt::format("Signalbox report, made {} ({})", reportMomentText(data.madeAt, data.time.zone), data.time.zone),
                       .fileName = fmt::format("signalbox-{}-{}", !data.team ? std::string("all-teams") : data.team->empty() ? std::string("no-team") : filePart(*data.team), data.time.id)};
    addReport(data, false, sheet.blocks);
    for (const ReportData &section : data.sections)
        addReport(section, true, sheet.blocks);
    if (data.sectionsLeftOut > 0)
        sheet.blocks.emplace_back(SheetText {.text = fmt::format("{} teams with less cost have no section here; their figures are in the table of teams. Ask for a team by its name to have its report.", data.sectionsLeftOut), .kind = SheetText::Kind::Note});
    return sheet;
}

} // namespace gateway::reports
