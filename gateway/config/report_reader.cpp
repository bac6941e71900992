// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/report_text.h"
#include "gateway/config/report_words.h"
#include "gateway/core/text.h"

#include <fmt/format.h>

namespace gateway::config {

namespace {

void readAt(Reading &reading, MapReader &map, int &at)
{
    if (map.node().find("at") == nullptr) {
        map.take("at"); // known
        return;
    }
    std::string text;
    map.read("at", text);
    if (const auto minute = minuteOfDay(text))
        at = *minute;
    else
        reading.error(*map.node().find("at"), map.at("at"), fmt::format("{} is no time of day; write one such as \"07:00\"", jsonQuoted(text)));
}

} // namespace

Report readReport(Reading &reading, const Node &node, const std::string &field)
{
    Report report;
    MapReader map(reading, node, field, "report");
    if (reading.stored()) {
        map.read("id", report.id);
        map.readChoice("origin", report.origin, {Origin::Database, Origin::File});
    } else {
        report.origin = reading.options().origin;
    }
    map.read("name", report.name);
    map.read("enabled", report.enabled);
    map.read("team", report.team);
    map.readChoice("per", report.per, {ReportPeriod::Week, ReportPeriod::Month});
    readAt(reading, map, report.at);
    map.read("time_zone", report.timeZone);
    map.read("folder", report.folder);
    map.read("email", report.email);
    map.finish();
    return report;
}

} // namespace gateway::config
