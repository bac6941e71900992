// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/clock.h"
#include "gateway/core/error.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace gateway::storage {

class Database;

/// Takes out of the call log what is older than its settings say, or too much, a little at a time: a step is one short
/// transaction (some milliseconds), so that the writer never waits long. Writer's thread.
class Retention
{
public:
    /// @param seal  puts all calls into roll-ups, before some are removed that are in none (call_tail.h)
    Retention(Database &database, std::function<Result<>()> seal) : m_database(database), m_seal(std::move(seal)) {}

    /// @return whether there is more to do now
    Result<bool> step(const config::LogSettings &settings, WallTime now);

    /// How far a pruning has come.
    struct Pruning
    {
        std::int64_t beforeUs = 0;   ///< calls that began before it go
        bool bodiesOnly = false;
        std::int64_t atUs = 0, atRow = 0; ///< bodiesOnly: calls up to this one are done with
        std::uint64_t calls = 0;     ///< removed, or with bodiesOnly: looked at
        std::uint64_t bodies = 0;    ///< removed alone
    };
    /// Removes a little of what somebody wants removed. @return whether there is more
    Result<bool> prune(Pruning &pruning);

    /// Bytes of the file that hold something.
    Result<std::int64_t> usedBytes();

private:
    Result<bool> pruneBodies(Pruning &pruning);
    void fitStep(std::chrono::steady_clock::time_point began, bool more);
    Result<std::int64_t> removeLateBodies(std::int64_t beforeUs);
    Result<> markRemoved(std::int64_t beforeUs, std::int64_t count);
    Result<bool> oneStep(const config::LogSettings &settings, WallTime now);
    Result<std::int64_t> removeBodies(std::int64_t beforeUs, std::int64_t rows);
    Result<> removeDictionaries();
    Result<std::int64_t> removeCalls(std::int64_t beforeUs, std::int64_t count);
    Result<std::int64_t> removeKeepsakes(std::int64_t nowSeconds);
    Result<std::int64_t> removeKeepsakesBefore(std::int64_t seconds);
    Result<std::int64_t> removeBudgetSpend(std::int64_t beforeUs);
    Result<std::int64_t> removeRollups(std::int64_t beforeSeconds, std::int64_t nowSeconds);
    Result<> keepMinutesFrom(std::int64_t seconds);
    Result<std::int64_t> removeDaySums(std::int64_t beforeSeconds);
    Result<std::int64_t> removeBuckets(std::string_view table, const std::vector<std::string_view> &views, std::int64_t beforeSeconds, std::int64_t secondsAStep);
    Result<bool> shrink(std::int64_t maxBytes);
    Result<bool> tooManyBodies();
    Result<bool> giveBackPages();

    Result<> sealBefore(const std::vector<std::int64_t> &rows);

    Database &m_database;
    std::int64_t m_rowsAStep = 300; ///< of old calls and bodies
    std::function<Result<>()> m_seal;
};

} // namespace gateway::storage
