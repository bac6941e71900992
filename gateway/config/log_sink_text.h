// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/check_entries.h"
#include "gateway/config/entity_writer.h"
#include "gateway/config/log_sink.h"
#include "gateway/config/map_reader.h"

#include <string>
#include <vector>

/// Log sinks out of their text form, into it, and checked. Internal to config/.
namespace gateway::config {

std::vector<LogSink> readLogSinks(Reading &reading, MapReader &telemetry);
Node logSinksNode(const std::vector<LogSink> &sinks, const WriteOptions &options);
void checkLogSinks(Checks &checks, const std::vector<LogSink> &sinks);

} // namespace gateway::config
