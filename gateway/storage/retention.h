// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/clock.h"
#include "gateway/core/error.h"

namespace gateway::storage {

class Database;

/// Takes out of the call log what is older than its settings say, or too much, a little at a time: a step is one short
/// transaction (some milliseconds), so that the writer never waits long. Writer's thread.
class Retention
{
public:
    explicit Retention(Database &database) : m_database(database) {}

    /// @return whether there is more to do now
    Result<bool> step(const config::LogSettings &settings, WallTime now);

private:
    Result<std::int64_t> removeBodies(std::int64_t beforeUs);
    Result<std::int64_t> removeCalls(std::int64_t beforeUs);
    Result<std::int64_t> removeRollups(std::int64_t beforeSeconds);
    Result<bool> shrink(std::int64_t maxBytes);
    Result<bool> giveBackPages();

    Database &m_database;
};

} // namespace gateway::storage
