// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QThread>

#include <functional>

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
    [[nodiscard]] QObject *context() { return m_context; }

private:
    QThread m_thread;
    QObject *m_context = nullptr;
};

} // namespace gateway::api
