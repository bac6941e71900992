// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/alert_view.h"

#include <QObject>

class QSystemTrayIcon;

namespace gateway::api {
class Gateway;
}

namespace ui::shell {

/// Tells what alerts say that name `desktop`: in the window, and by the desktop's own notifications where it has a tray. GUI thread.
class AlertNotices final : public QObject
{
    Q_OBJECT
public:
    /// @param gateway  outlives this
    AlertNotices(gateway::api::Gateway &gateway, QWidget *window);

Q_SIGNALS:
    void told(const QString &text); ///< for the window itself: a line

private:
    void tell(const gateway::AlertNotice &notice);
    void tellDesktop(const gateway::AlertNotice &notice);

    QWidget *m_window;
    QSystemTrayIcon *m_tray = nullptr; ///< from the first notice on; it stays for as long as the window does
};

} // namespace ui::shell
