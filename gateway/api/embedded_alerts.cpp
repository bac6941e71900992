// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_alerts.h"

#include "gateway/alerts/preview.h"
#include "gateway/api/alert_history.h"
#include "gateway/config/config_json.h"
#include "gateway/config/duration.h"
#include "gateway/core/audit.h"

#include <QMetaMethod>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace gateway::api {

namespace {

Error nothingServed()
{
    return {.code = ErrorCode::NotFound, .message = "This process serves no calls, and so evaluates no alerts."};
}

/// The first error of an alert by itself; nullopt: it has none.
std::optional<Error> errorOf(const config::Alert &alert)
{
    config::Alert own = alert;
    own.origin = config::Origin::Database;
    own.id.clear();
    const auto read = config::readAlert(std::string_view(config::toJson(own, config::Secrets::Include)));
    if (read)
        return std::nullopt;
    for (const config::Problem &problem : read.error()) {
        if (!problem.warning)
            return Error {.code = ErrorCode::Invalid, .message = problem.message, .where = problem.field};
    }
    return std::nullopt;
}

/// What the audit log says of it: "route chat until 2026-11-30T12:00:00Z", "until it is unmuted".
std::string auditText(const config::Alert &alert, const std::optional<std::string> &subject, std::optional<WallTime> until)
{
    std::vector<std::string> parts;
    if (subject)
        parts.push_back(subject->empty() ? std::string(toText(alert.when.scope)) : fmt::format("{} {}", toText(alert.when.scope), *subject));
    if (until)
        parts.push_back(*until >= AlertMute::forGood ? "until it is unmuted" : "until " + config::dateText(std::chrono::floor<std::chrono::seconds>(*until)));
    return fmt::format("{}", fmt::join(parts, " "));
}

} // namespace

template <typename T>
void EmbeddedAlerts::onControl(QObject *context, Answer<T> done, std::function<Result<T>(AlertKeeper &)> question)
{
    m_needs.control.post([keeper = m_needs.keeper, question = std::move(question), deliver = m_needs.deliverer.to<Result<T>>(context, std::move(done))] {
        AlertKeeper *there = keeper();
        deliver(there ? question(*there) : Result<T>(std::unexpected(nothingServed())));
    });
}

void EmbeddedAlerts::firings(AlertListQuery query, QObject *context, Answer<std::vector<AlertFiring>> done)
{
    onControl<std::vector<AlertFiring>>(context, std::move(done), [query = std::move(query)](AlertKeeper &keeper) { return keeper.firings(query); });
}

void EmbeddedAlerts::deliveries(AlertListQuery query, QObject *context, Answer<std::vector<AlertDelivery>> done)
{
    onControl<std::vector<AlertDelivery>>(context, std::move(done), [query = std::move(query)](AlertKeeper &keeper) { return keeper.deliveries(query); });
}

void EmbeddedAlerts::preview(config::Alert alert, TimeRange range, QObject *context, Answer<AlertPreview> done)
{
    const WallTime now = m_needs.clock.wallNow();
    range.to = std::min(range.to, now);
    std::optional<Error> wrong = errorOf(alert);
    if (!wrong && (range.from >= range.to || range.to - range.from > longestPreview))
        wrong = Error {.code = ErrorCode::BadRequest, .message = fmt::format("A preview is of up to {} days, and begins before it ends.", longestPreview.count()), .where = "from"};
    m_needs.queries.ask<AlertPreview>(
        QueryService::Length::Long, "alert-preview", context,
        [alert = std::move(alert), range, wrong = std::move(wrong), config = m_needs.config()](storage::CallLogReader &log) -> Result<AlertPreview> {
            if (wrong)
                return std::unexpected(*wrong);
            auto past = alertPast(log, alert, range, *config);
            if (!past)
                return std::unexpected(past.error());
            return alerts::previewOf(alert, std::move(*past), config->gateway.timeZone);
        },
        std::move(done));
}

void EmbeddedAlerts::test(std::string alert, QObject *context, Answer<std::vector<AlertDelivery>> done)
{
    m_needs.control.post([keeper = m_needs.keeper, alert = std::move(alert), deliver = m_needs.deliverer.to<Result<std::vector<AlertDelivery>>>(context, std::move(done))] {
        AlertKeeper *there = keeper();
        if (there == nullptr)
            return deliver(std::unexpected(nothingServed()));
        there->test(alert, deliver);
    });
}

void EmbeddedAlerts::mute(std::string alert, std::optional<std::string> subject, std::optional<WallTime> until, EditNote by, QObject *context, Answer<bool> done)
{
    onControl<bool>(context, std::move(done), [alert = std::move(alert), subject = std::move(subject), until, by = std::move(by), author = m_needs.author, audit = m_needs.audit](AlertKeeper &keeper) {
        auto muted = keeper.mute(alert, subject, until, author(by));
        if (muted)
            audit(by, keeper.find(alert)->name, until ? audit_action::muted : audit_action::unmuted, auditText(*keeper.find(alert), subject, until));
        return muted;
    });
}

void EmbeddedAlerts::acknowledge(std::string alert, std::optional<std::string> subject, EditNote by, QObject *context, Answer<int> done)
{
    onControl<int>(context, std::move(done), [alert = std::move(alert), subject = std::move(subject), by = std::move(by), author = m_needs.author, audit = m_needs.audit](AlertKeeper &keeper) {
        auto count = keeper.acknowledge(alert, subject, author(by));
        if (count)
            audit(by, keeper.find(alert)->name, audit_action::acknowledged, auditText(*keeper.find(alert), subject, std::nullopt));
        return count;
    });
}

bool EmbeddedAlerts::show(const AlertNotice &notice)
{
    if (!isSignalConnected(QMetaMethod::fromSignal(&AlertTools::noticed)))
        return false;
    Q_EMIT noticed(notice);
    return true;
}

} // namespace gateway::api
