// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/core/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Alerts as they stand, what they have told, and what they would have. Plain values: alerts/ makes them, storage keeps
/// them, api hands them on, ui and the admin API show them.
namespace gateway {

/// What alerts look at of a call.
struct AlertCall
{
    WallTime endedAt {};
    std::string team {}, key {}, customer {}, route {}, provider {}, model {};
    std::string tags {};                 ///< comma-joined
    CallStatus status = CallStatus::Ok;
    CacheOutcome cache = CacheOutcome::Off;
    bool stream = false, shadow = false;
    std::int16_t httpStatus = 0;
    std::uint32_t repeats = 1;
    std::int64_t latencyUs = 0, firstByteUs = -1;
    std::optional<Money> cost {};
    std::int64_t tokens = 0;             ///< in and out
};

enum class AlertState : std::uint8_t {
    Ok,
    Pending, ///< it is so, but not yet for as long as the alert says
    Firing
};
std::string_view toText(AlertState state);

/// One alert and one of its subjects.
struct AlertStatus
{
    std::string alert {};                ///< its id
    std::string subject {};              ///< empty: the organisation
    AlertState state = AlertState::Ok;
    WallTime since {};                   ///< of the state
    std::optional<double> value {};      ///< in the metric's unit; nullopt: there is none, for want of calls
    std::optional<double> lower {}, upper {}; ///< beyond which it fires; of a deviation they move
    std::uint64_t calls = 0;             ///< in the window
    std::string acknowledgedBy {};       ///< empty: nobody has
    std::optional<WallTime> mutedUntil {};
    std::int64_t firing = 0;             ///< the firing's number; 0: it does not fire
};

/// A time in which it fired.
struct AlertFiring
{
    std::int64_t number = 0;
    std::string alert {}, name {}, subject {}, metric {}, severity {};
    WallTime pendingSince {}, firedAt {};
    std::optional<WallTime> resolvedAt {};
    double value = 0, peak = 0;          ///< as it fired; the farthest from what is well
    std::optional<double> level {};      ///< that it was beyond
    bool told = false;                   ///< else it was muted, or in quiet hours
    std::string acknowledgedBy {};
};

/// What an alert tells.
enum class AlertWord : std::uint8_t { Fired, Reminder, Resolved, Test };
std::string_view toText(AlertWord word);

/// One try to tell somebody.
struct AlertDelivery
{
    std::int64_t number = 0;
    std::int64_t firing = 0;             ///< 0: a test
    std::string alert {}, name {}, subject {};
    AlertWord word = AlertWord::Fired;
    std::string channel {};              ///< "webhook"
    std::string target {};               ///< without secrets: "https://hooks.slack.com/••••", "ops@example.org"
    WallTime at {};
    int attempt = 1;
    bool delivered = false, last = true; ///< last: it is not tried again
    std::string detail {};               ///< why not, or what was answered; no secret
};

/// A page of a list that has the newest first.
struct AlertListQuery
{
    std::string alert {};                ///< by id; empty: of all
    std::int64_t before = 0;             ///< numbers below this one; 0: from the newest
    int limit = 100;                     ///< 1 to 1,000
};

/// A window that is to show it.
struct AlertNotice
{
    std::string alert {}, name {}, subject {}, severity {};
    AlertWord word = AlertWord::Fired;
    std::string title {}, text {};
};

/// A mute: of one subject, or of all of an alert.
struct AlertMute
{
    std::string alert {};
    std::optional<std::string> subject {};
    WallTime until {};

    /// `until` of a mute that somebody has to end: the end of the year 9999.
    static constexpr WallTime forGood {std::chrono::sys_days {std::chrono::year {10'000} / 1 / 1} - std::chrono::seconds {1}};
};

/// How all stand.
struct AlertBoard
{
    WallTime at {};                      ///< when they were looked at; zero: not yet
    std::vector<AlertStatus> states {};  ///< those that are not well, and of others the first hundred of each alert
    std::vector<AlertFiring> last {};    ///< of each alert the last time it fired, as far as it is kept
    std::vector<AlertMute> mutes {};     ///< that last
    std::vector<std::string> quiet {};   ///< ids of alerts whose quiet hours it is
    std::string problem {};              ///< why they are not looked at, in words for a person; empty: they are
};

struct AlertPoint
{
    WallTime at {};
    std::optional<double> value {}, lower {}, upper {};
};

struct AlertSeries
{
    std::string subject {};
    std::vector<AlertPoint> points {};   ///< oldest first; each the farthest value of its time
    std::uint64_t firings = 0;
};

/// What an alert would have done.
struct AlertPreview
{
    WallTime from {}, to {};
    std::uint64_t calls = 0;             ///< that were looked at
    std::uint64_t subjects = 0;
    std::vector<AlertFiring> firings {}; ///< oldest first, at most 1,000; number 0
    std::uint64_t fired = 0;             ///< how often, all told
    std::uint64_t told = 0;              ///< of these, those outside of quiet hours
    std::vector<AlertSeries> series {};  ///< those that fired most, at most 8
};

} // namespace gateway
