// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/alert_view.h"
#include "ui/panes/alerts/alert_words.h"

#include <vector>

/// How alerts stand, out of the board and the draft. Pure.
namespace ui::alerts {

enum class AlertCondition {
    Unsaved, ///< it is in the draft alone
    Off,
    Unknown, ///< nothing was looked at yet
    Fine,
    Quiet,   ///< its quiet hours run, and nothing fires
    Muted,   ///< as a whole, and nothing fires
    Pending,
    Firing
};

struct AlertStanding
{
    AlertCondition condition = AlertCondition::Unknown;
    int firing = 0, pending = 0, subjects = 0; ///< subjects: those that are known of
    int unacknowledged = 0;                    ///< of those that fire
    bool quiet = false;
    std::optional<gateway::WallTime> mutedUntil {}; ///< as a whole
    std::optional<gateway::WallTime> lastFired {};
    bool operator==(const AlertStanding &) const = default;
};

/// @param alert  of the draft
AlertStanding standingOf(const Alert &alert, const gateway::AlertBoard &board);
/// Those of one alert: what fires first, then what is about to.
std::vector<gateway::AlertStatus> statesOf(const gateway::AlertBoard &board, const std::string &alert);

struct StateLook
{
    widgets::Icon icon;
    widgets::Role role;
    QString words; ///< "Firing: 2 of 14", "Fine"
    QString note;  ///< "muted until 15:30", "acknowledged"; may be empty
};
StateLook lookOf(const Alert &alert, const AlertStanding &standing, gateway::WallTime now);
StateLook lookOf(const gateway::AlertStatus &status, AlertSeverity severity, gateway::WallTime now); ///< of one subject

/// "15:30", "tomorrow 08:00", "3 Dec 08:00"; "you unmute it" for one that has no end.
QString untilText(gateway::WallTime until, gateway::WallTime now);

} // namespace ui::alerts
