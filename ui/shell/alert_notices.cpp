// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/alert_notices.h"

#include "gateway/api/alert_tools.h"
#include "ui/bridge/text.h"
#include "ui/widgets/icons.h"

#include <QSystemTrayIcon>
#include <QWidget>

namespace ui::shell {
namespace {

constexpr int shownMs = 10'000;

QSystemTrayIcon::MessageIcon iconOf(const gateway::AlertNotice &notice)
{
    if (notice.word == gateway::AlertWord::Resolved || notice.severity == "info")
        return QSystemTrayIcon::Information;
    return notice.severity == "critical" ? QSystemTrayIcon::Critical : QSystemTrayIcon::Warning;
}

} // namespace

AlertNotices::AlertNotices(gateway::api::Gateway &gateway, QWidget *window) : QObject(window), m_window(window)
{
    if (const auto *alerts = gateway::api::AlertTools::of(gateway))
        connect(alerts, &gateway::api::AlertTools::noticed, this, &AlertNotices::tell);
}

void AlertNotices::tell(const gateway::AlertNotice &notice)
{
    Q_EMIT told(bridge::qt(notice.title));
    tellDesktop(notice);
}

void AlertNotices::tellDesktop(const gateway::AlertNotice &notice)
{
    if (!QSystemTrayIcon::isSystemTrayAvailable() || !QSystemTrayIcon::supportsMessages())
        return;
    if (m_tray == nullptr) {
        m_tray = new QSystemTrayIcon(widgets::applicationIcon(), this);
        m_tray->setToolTip(m_window->windowTitle());
        const auto raise = [this] {
            m_window->showNormal();
            m_window->raise();
            m_window->activateWindow();
        };
        connect(m_tray, &QSystemTrayIcon::messageClicked, this, raise);
        connect(m_tray, &QSystemTrayIcon::activated, this, raise);
        m_tray->show();
    }
    m_tray->showMessage(bridge::qt(notice.title), bridge::qt(notice.text), iconOf(notice), shownMs);
}

} // namespace ui::shell
