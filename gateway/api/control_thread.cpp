// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/control_thread.h"

#include <QCoreApplication>
#include <QThread>

#include <future>
#include <memory>
#include <pthread.h>

namespace gateway::api {

ControlThread::ControlThread()
{
    auto started = std::make_shared<std::promise<void>>(); // the thread still has it when the waiting is over
    m_thread = std::thread([this, started] {
        pthread_setname_np(pthread_self(), "control");
        QThread::currentThread()->setObjectName(QStringLiteral("control"));
        QEventLoop loop;
        m_loop = &loop;
        m_context = new QObject;
        started->set_value();
        loop.exec();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // of children that went with the context's end
    });
    started->get_future().wait();
}

ControlThread::~ControlThread()
{
    run([this] { delete m_context; });
    QMetaObject::invokeMethod(m_loop, &QEventLoop::quit, Qt::QueuedConnection);
    m_thread.join();
}

void ControlThread::post(std::function<void()> job)
{
    QMetaObject::invokeMethod(m_context, std::move(job), Qt::QueuedConnection);
}

void ControlThread::run(const std::function<void()> &job)
{
    auto done = std::make_shared<std::promise<void>>();
    post([&job, done] {
        job();
        done->set_value();
    });
    done->get_future().wait();
}

} // namespace gateway::api
