// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/job_inbox.h"

#include <QCoreApplication>
#include <QEvent>

namespace gateway::api {

JobInbox::~JobInbox() = default;

void JobInbox::post(std::function<void()> job)
{
    {
        const std::lock_guard lock(m_mutex);
        m_jobs.push_back(std::move(job));
    }
    QCoreApplication::postEvent(this, new QEvent(QEvent::User));
}

bool JobInbox::event(QEvent *event)
{
    if (event->type() != QEvent::User)
        return QObject::event(event);
    std::function<void()> job;
    {
        const std::lock_guard lock(m_mutex);
        job = std::move(m_jobs.front());
        m_jobs.pop_front();
    }
    job();
    return true;
}

} // namespace gateway::api
