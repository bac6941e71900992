// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/call_log_writer.h"

namespace gateway::storage {

/// Settings under which nothing is removed: for a log that is opened before its own are known. The standard ones would remove what
/// they say is old, where it may be kept for years.
[[nodiscard]] inline CallLogSettings keepingAll()
{
    constexpr std::chrono::days ever {36'500};
    CallLogSettings settings;
    settings.log.keep = ever;
    settings.log.keepBodies = ever;
    settings.log.maxSize = 0;
    return settings;
}

} // namespace gateway::storage
