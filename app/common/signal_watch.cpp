// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/signal_watch.h"

#include <csignal>
#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace app {

namespace {

sigset_t watched()
{
    sigset_t set;
    sigemptyset(&set);
    for (const int each : {SIGTERM, SIGINT, SIGHUP})
        sigaddset(&set, each);
    return set;
}

} // namespace

SignalWatch::SignalWatch(QObject *parent) : QObject(parent)
{
    std::signal(SIGPIPE, SIG_IGN); // NOLINT: before any other thread
    const sigset_t set = watched();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    m_file = ::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (m_file < 0)
        return;
    m_notifier = std::make_unique<QSocketNotifier>(m_file, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &SignalWatch::read);
}

SignalWatch::~SignalWatch()
{
    m_notifier.reset();
    if (m_file >= 0)
        ::close(m_file);
    const sigset_t set = watched();
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void SignalWatch::read()
{
    signalfd_siginfo info {};
    while (::read(m_file, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
        if (info.ssi_signo == SIGHUP)
            Q_EMIT reloadAsked();
        else
            Q_EMIT endAsked();
    }
}

} // namespace app
