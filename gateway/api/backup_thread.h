// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <atomic>
#include <functional>
#include <thread>

namespace gateway::api {

/// The thread of a backup or import: it reads and writes for minutes, and nobody is to wait for that. One at a time. Lives on one
/// thread.
class BackupThread
{
public:
    /// @param name  of the thread
    explicit BackupThread(const char *name = "backup") : m_name(name) {}
    ~BackupThread() { end(); }
    BackupThread(const BackupThread &) = delete;
    BackupThread &operator=(const BackupThread &) = delete;

    [[nodiscard]] bool busy() const { return m_busy; }
    /// Runs `job` there. Only while not busy.
    /// @param job  takes whether it is to end before it is done
    void start(std::function<void(const std::atomic<bool> &ending)> job);
    /// Ends what runs and waits for that.
    void end();

private:
    const char *m_name;
    std::thread m_thread;
    std::atomic<bool> m_busy {false};
    std::atomic<bool> m_ending {false};
};

} // namespace gateway::api
