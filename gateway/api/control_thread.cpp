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
        m_inbox = new JobInbox;
        started->set_value();
        loop.exec();
        delete m_inbox;
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // of what went with it
    });
    started->get_future().wait();
}

ControlThread::~ControlThread()
{
    post([this] { m_loop->quit(); });
    m_thread.join();
}

void ControlThread::post(std::function<void()> job)
{
    m_inbox->post(std::move(job));
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
