// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace app {

/// SIGTERM, SIGINT and SIGHUP as Qt signals. One in a process, made on the main thread before any other thread starts, since
/// threads inherit which signals wait for it. SIGPIPE is ignored from then on.
class SignalWatch : public QObject
{
    Q_OBJECT
public:
    explicit SignalWatch(QObject *parent = nullptr);
    ~SignalWatch() override;

Q_SIGNALS:
    void endAsked();    ///< SIGTERM or SIGINT
    void reloadAsked(); ///< SIGHUP

private:
    void read();
    int m_file = -1;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace app
