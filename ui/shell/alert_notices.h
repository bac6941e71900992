// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/alert_view.h"

#include <QObject>

class QSystemTrayIcon;

namespace gateway::api {
class AlertTools;
class Gateway;
}

namespace ui::shell {

/// Tells what alerts say that name `desktop`: in the window, and by the desktop's own notifications where it has a tray; and of all
/// alerts how many fire without anybody seeing to it. GUI thread.
class AlertNotices final : public QObject
{
    Q_OBJECT
public:
    /// @param gateway  outlives this
    AlertNotices(gateway::api::Gateway &gateway, QWidget *window);

    /// Those that are acknowledged or muted are left out: somebody knows of them.
    [[nodiscard]] int waiting() const { return m_waiting; }

Q_SIGNALS:
    void told(const QString &text); ///< for the window itself: a line
    void waitingChanged(int firing);
    void openWanted(const QString &alert); ///< by id: its notification was clicked

private:
    void tell(const gateway::AlertNotice &notice);
    void tellDesktop(const gateway::AlertNotice &notice);
    void count();

    QWidget *m_window;
    const gateway::api::AlertTools *m_alerts; ///< null: this gateway has none
    int m_waiting = 0;
    QString m_shown; ///< the alert that was told last
    QSystemTrayIcon *m_tray = nullptr; ///< from the first notice on; it stays for as long as the window does
};

} // namespace ui::shell
