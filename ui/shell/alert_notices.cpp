// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/alert_notices.h"

#include "gateway/api/alert_tools.h"
#include "ui/bridge/text.h"
#include "ui/widgets/icons.h"

#include <QSystemTrayIcon>
#include <QWidget>

#include <algorithm>
#include <utility>

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

AlertNotices::AlertNotices(gateway::api::Gateway &gateway, QWidget *window) : QObject(window), m_window(window), m_alerts(gateway::api::AlertTools::of(gateway))
{
    if (m_alerts == nullptr)
        return;
    connect(m_alerts, &gateway::api::AlertTools::noticed, this, &AlertNotices::tell);
    connect(m_alerts, &gateway::api::AlertTools::changed, this, &AlertNotices::count);
    count();
}

void AlertNotices::count()
{
    const auto board = m_alerts->board();
    const auto waiting = static_cast<int>(std::ranges::count_if(board->states, [](const gateway::AlertStatus &status) { return status.state == gateway::AlertState::Firing && status.acknowledgedBy.empty() && !status.mutedUntil; }));
    if (std::exchange(m_waiting, waiting) != waiting)
        Q_EMIT waitingChanged(waiting);
}

void AlertNotices::tell(const gateway::AlertNotice &notice)
{
    m_shown = bridge::qt(notice.alert);
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
        connect(m_tray, &QSystemTrayIcon::messageClicked, this, [this, raise] {
            raise();
            Q_EMIT openWanted(m_shown);
        });
        connect(m_tray, &QSystemTrayIcon::activated, this, raise);
        m_tray->show();
    }
    m_tray->showMessage(bridge::qt(notice.title), bridge::qt(notice.text), iconOf(notice), shownMs);
}

} // namespace ui::shell
