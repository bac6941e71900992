// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/alerts/mute_menu.h"

#include "gateway/core/alert_view.h"

#include <QCoreApplication>
#include <QDateTime>

using namespace Qt::StringLiterals;

namespace ui::alerts {

namespace {

constexpr int morning = 8; ///< hour

QString tr(const char *text) { return QCoreApplication::translate("alerts", text); }

/// As people go by it: the next day's morning, on the window's clocks.
gateway::WallTime tomorrow(gateway::WallTime now)
{
    const QDateTime today = QDateTime::fromMSecsSinceEpoch(std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch()).count());
    return gateway::WallTime(std::chrono::milliseconds(QDateTime(today.date().addDays(1), QTime(morning, 0)).toMSecsSinceEpoch()));
}

} // namespace

void fillMuteMenu(QMenu *menu, gateway::WallTime now, bool muted, std::function<void(std::optional<gateway::WallTime>)> chosen)
{
    using namespace std::chrono_literals;
    menu->clear();
    const auto offer = [&](const QString &text, const QString &name, std::optional<gateway::WallTime> until) {
        QAction *action = menu->addAction(text, menu, [chosen, until] { chosen(until); });
        action->setObjectName(u"alerts.mute."_s + name);
        return action;
    };
    offer(tr("For 1 hour"), u"hour"_s, now + 1h);
    offer(tr("For 8 hours"), u"shift"_s, now + 8h);
    offer(tr("Until tomorrow, 08:00"), u"tomorrow"_s, tomorrow(now));
    offer(tr("Until unmuted"), u"forGood"_s, gateway::AlertMute::forGood);
    menu->addSeparator();
    offer(tr("Unmute"), u"end"_s, std::nullopt)->setEnabled(muted);
}

} // namespace ui::alerts
