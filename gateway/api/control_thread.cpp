// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/control_thread.h"

namespace gateway::api {

ControlThread::ControlThread() : m_context(new QObject)
{
    m_thread.setObjectName(QStringLiteral("control"));
    m_context->moveToThread(&m_thread);
    m_thread.start();
}

ControlThread::~ControlThread()
{
    QObject *context = m_context;
    run([context] { delete context; });
    m_thread.quit();
    m_thread.wait();
}

void ControlThread::post(std::function<void()> job)
{
    QMetaObject::invokeMethod(m_context, std::move(job), Qt::QueuedConnection);
}

void ControlThread::run(const std::function<void()> &job)
{
    QMetaObject::invokeMethod(m_context, job, Qt::BlockingQueuedConnection);
}

} // namespace gateway::api
