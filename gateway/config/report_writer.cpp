// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/entity_writer.h"
#include "gateway/config/map_writer.h"
#include "gateway/config/report_words.h"

namespace gateway::config {

Node toNode(const Report &report, const WriteOptions &options)
{
    const Report standard;
    MapWriter map(options);
    if (options.stored) {
        map.write("id", report.id);
        map.writeChoice("origin", report.origin, Origin::Database);
    }
    map.write("name", report.name);
    map.write("enabled", report.enabled, standard.enabled);
    map.write("team", report.team);
    map.addAlways("per", Node::string(std::string(toText(report.per))));
    map.addAlways("at", Node::string(minuteText(report.at)));
    map.write("time_zone", report.timeZone);
    map.write("folder", report.folder);
    map.write("email", report.email);
    return map.take();
}

} // namespace gateway::config
