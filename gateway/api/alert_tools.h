// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/core/alert_view.h"

#include <QObject>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway::api {

using gateway::AlertBoard;
using gateway::AlertDelivery;
using gateway::AlertFiring;
using gateway::AlertListQuery;
using gateway::AlertMute;
using gateway::AlertNotice;
using gateway::AlertPreview;
using gateway::AlertState;
using gateway::AlertStatus;

/// Alerts as the window and the admin API see them, beside editing them: a part of the facade, and a child object of the
/// gateway that it belongs to. Answers as all of the facade does: on the gateway's thread, with a context.
class AlertTools : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    /// null: that gateway has none
    static AlertTools *of(const Gateway &gateway) { return gateway.findChild<AlertTools *>(QString(), Qt::FindDirectChildrenOnly); }

    /// Cheap: from memory. Never null.
    [[nodiscard]] virtual std::shared_ptr<const AlertBoard> board() const = 0;
    virtual void firings(AlertListQuery query, QObject *context, Answer<std::vector<AlertFiring>> done) = 0;
    virtual void deliveries(AlertListQuery query, QObject *context, Answer<std::vector<AlertDelivery>> done) = 0;
    /// What an alert, also one that is not stored, would have done in that time. Of one context only the newest is answered. Errors: Invalid
    /// for an alert that has errors; NotSupported for a metric whose past is not kept; BadRequest for too long a time, or one with too many calls.
    virtual void preview(config::Alert alert, TimeRange range, QObject *context, Answer<AlertPreview> done) = 0;
    /// Tells all whom a stored alert names that this is a test. NotFound.
    virtual void test(std::string alert, QObject *context, Answer<std::vector<AlertDelivery>> done) = 0;
    /// @param subject  nullopt: all of the alert's
    /// @param until    nullopt: it is not muted any more; AlertMute::forGood: until that is said
    /// @param by       whose it is. NotFound: there is no such alert
    virtual void mute(std::string alert, std::optional<std::string> subject, std::optional<WallTime> until, EditNote by, QObject *context, Answer<bool> done) = 0;
    /// @param subject  nullopt: all that fire of it
    /// @param done     how many there were. NotFound: none fires
    virtual void acknowledge(std::string alert, std::optional<std::string> subject, EditNote by, QObject *context, Answer<int> done) = 0;

    static constexpr std::chrono::days longestPreview {7};

Q_SIGNALS:
    void changed();                                      ///< board() is another
    void noticed(const gateway::AlertNotice &notice);    ///< an alert that names `desktop` has something to tell
};

} // namespace gateway::api
