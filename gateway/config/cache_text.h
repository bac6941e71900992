// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/cache_settings.h"
#include "gateway/config/check_entries.h"
#include "gateway/config/map_reader.h"
#include "gateway/config/map_writer.h"

#include <string>

/// The cache's settings in and out of their text form. Internal to config/.
namespace gateway::config {

CacheSettings readCacheSettings(Reading &reading, const Node &node, const std::string &field);
RouteCache readRouteCache(Reading &reading, const Node &node, const std::string &field);
PromptCache readPromptCache(Reading &reading, const Node &node, const std::string &field);
Node routeCacheNode(const RouteCache &cache, const WriteOptions &options);
Node promptCacheNode(const PromptCache &cache, const WriteOptions &options);
/// @param field  of the section: "cache"
void checkCacheSettings(Checks &checks, const std::string &field, const CacheSettings &settings);
void checkRouteCache(Checks &checks, const std::string &field, const RouteCache &cache);

} // namespace gateway::config
