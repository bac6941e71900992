// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace bench {

struct RetentionOptions
{
    int days = 1;                ///< how many of the log's oldest days go
    int callsASecond = 2000;     ///< that are stored meanwhile
    std::int64_t maxBytes = 0;   ///< > 0: none by age; so many bytes are left
};

/// Takes a log's oldest days out of it, or shrinks it, while calls are stored and a first page is read ten times a second; prints
/// how long that took, how late calls were stored and pages came before and meanwhile, and what the file gave back.
void measureRetention(const std::string &path, const RetentionOptions &options);

/// The same as steps alone, as fast as they come: how long each holds the database.
void measureRetentionSteps(const std::string &path, const RetentionOptions &options);

} // namespace bench
