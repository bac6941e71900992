// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/job_inbox.h"

#include <QEventLoop>

#include <functional>
#include <thread>

namespace gateway::api {

/// The control thread: configuration store, keyring, Qt Network. It has an event loop; what lives on it is made and
/// destroyed by jobs. In the daemon too it is a thread of its own, so that both programs are the same program.
class ControlThread
{
public:
    ControlThread();
    ~ControlThread(); ///< runs what was posted before, then ends the thread

    /// Runs `job` there, later. Any thread.
    void post(std::function<void()> job);
    /// Runs `job` there and waits for it. For the start and the end of the process only: nobody else may wait.
    void run(const std::function<void()> &job);
    /// Lives on the control thread: parent and context for what else does.
    [[nodiscard]] QObject *context() { return m_inbox; }

private:
    JobInbox *m_inbox = nullptr;
    QEventLoop *m_loop = nullptr; ///< on the thread's stack
    // Not a QThread: its wait() returns before the system's thread is gone, and what OpenSSL keeps for each thread would
    // be freed while the process ends around it. join() waits for that too.
    std::thread m_thread;
};

} // namespace gateway::api
