// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/backup_thread.h"

#include <pthread.h>

namespace gateway::api {

void BackupThread::start(std::function<void(const std::atomic<bool> &ending)> job)
{
    if (m_thread.joinable())
        m_thread.join(); // of the one before, which is done
    m_busy = true;
    m_ending = false;
    m_thread = std::thread([this, job = std::move(job)]() mutable {
        pthread_setname_np(pthread_self(), m_name);
        job(m_ending);
        job = {}; // with what it holds, before another may start
        m_busy = false;
    });
}

void BackupThread::end()
{
    m_ending = true;
    if (m_thread.joinable())
        m_thread.join();
}

} // namespace gateway::api
