// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

struct sqlite3;

namespace gateway::storage {

class Database;

/// Moves what was committed from the write-ahead log into the database file, on a thread of its own: it waits for the
/// disk twice, and a commit that did so itself kept the next records waiting longer than the flush interval (G01).
class Checkpointer
{
public:
    /// @param writer  open without checkpoints of its own, on this thread; outlives the checkpointer
    explicit Checkpointer(Database &writer);
    ~Checkpointer();
    Checkpointer(const Checkpointer &) = delete;
    Checkpointer &operator=(const Checkpointer &) = delete;

    /// After commits, on the writer's thread: wakes the other one where there is much in the log. Only where that does not
    /// keep up, it waits for the disk itself.
    void keepLogShort();

private:
    static int logGrew(void *self, sqlite3 *, const char *, int pages);
    void want();
    void run();

    Database &m_writer;
    int m_pages = 0;      ///< in the log since the latest commit; writer's thread
    const std::string m_path;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_wanted = false;
    bool m_ending = false;
    std::thread m_thread; ///< last: it uses all of the above
};

} // namespace gateway::storage
