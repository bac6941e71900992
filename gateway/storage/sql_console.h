// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/sql_session.h"

#include <functional>
#include <memory>
#include <string>

namespace gateway::storage {

/// Runs people's own queries on a thread and a connection of its own, one at a time. What it gives is of its newest query alone.
class SqlConsole
{
public:
    struct Order
    {
        SqlQuestion question;
        std::string timeZone = "UTC";
        SqlLimits limits {};
        std::function<void(SqlProgress)> progress {}; ///< on the console's thread, some times a second; may be empty
        std::function<void(SqlOutcome)> done;         ///< on the console's thread or that of who cancels, once, for the newest query alone
    };

    /// The file is opened with the first query, again where that failed.
    explicit SqlConsole(std::string path);
    /// Stops what runs, and ends the thread.
    ~SqlConsole();
    SqlConsole(const SqlConsole &) = delete;
    SqlConsole &operator=(const SqlConsole &) = delete;

    /// Stops the query before, whose answer nobody gets. Any thread; never blocks.
    void ask(Order order);
    /// The query that runs or waits is answered with Cancelled as soon as it stands still: mostly within some milliseconds. Any thread.
    void cancel();

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace gateway::storage
