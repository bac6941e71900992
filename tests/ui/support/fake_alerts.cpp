// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_alerts.h"

#include "tests/ui/support/fake_gateway.h"
#include "tests/ui/support/scene_alerts.h"

#include <QTimer>

#include <algorithm>

using namespace gateway;
using namespace gateway::api;

namespace tests {
namespace {

template <typename Row>
std::vector<Row> page(const std::vector<Row> &all, const AlertListQuery &query)
{
    std::vector<Row> found;
    for (const Row &row : all) {
        if ((query.alert.empty() || row.alert == query.alert) && (query.before == 0 || row.number < query.before) && found.size() < static_cast<std::size_t>(query.limit))
            found.push_back(row);
    }
    return found;
}

} // namespace

template <typename T>
void FakeAlerts::answer(QObject *context, Answer<T> done, std::function<Result<T>()> value)
{
    if (m_mood == Mood::Silent)
        return;
    Result<T> made = m_mood == Mood::Failing ? Result<T>(fail(ErrorCode::StoreUnavailable, "The disk has no space left (signalbox.db, 12 MB).")) : value();
    QTimer::singleShot(0, context, [done = std::move(done), made = std::move(made)] { done(made); });
}

void FakeAlerts::setBoard(AlertBoard board)
{
    m_board = std::make_shared<const AlertBoard>(std::move(board));
    Q_EMIT changed();
}

void FakeAlerts::firings(AlertListQuery query, QObject *context, Answer<std::vector<AlertFiring>> done)
{
    answer<std::vector<AlertFiring>>(context, std::move(done), [&] { return page(m_firings, query); });
}

void FakeAlerts::deliveries(AlertListQuery query, QObject *context, Answer<std::vector<AlertDelivery>> done)
{
    answer<std::vector<AlertDelivery>>(context, std::move(done), [&] { return page(m_deliveries, query); });
}

void FakeAlerts::preview(config::Alert alert, TimeRange range, QObject *context, Answer<AlertPreview> done)
{
    m_previewed.push_back(alert);
    answer<AlertPreview>(context, std::move(done), [&] { return scenePreview(alert, range.from, range.to); });
}

void FakeAlerts::test(std::string alert, QObject *context, Answer<std::vector<AlertDelivery>> done)
{
    m_tested.push_back(alert);
    answer<std::vector<AlertDelivery>>(context, std::move(done), [&]() -> Result<std::vector<AlertDelivery>> {
        const auto config = m_gateway.config();
        const auto found = std::ranges::find(config->alerts, alert, &config::Alert::id);
        if (found == config->alerts.end())
            return fail(ErrorCode::NotFound, "There is no such alert.");
        std::vector<AlertDelivery> told;
        for (const config::Notify &notify : found->notify) {
            const bool reached = m_refusal.empty() || notify.kind == config::NotifyKind::Desktop;
            told.push_back({.number = 1000 + static_cast<std::int64_t>(m_deliveries.size()), .alert = alert, .name = found->name, .word = AlertWord::Test, .channel = std::string(toText(notify.kind)),
                            .target = notify.isWebhook() ? config::shownWebhook(notify.to) : notify.to, .at = FakeGateway::sceneTime(), .delivered = reached, .detail = reached ? "it answered 200" : m_refusal});
            m_deliveries.insert(m_deliveries.begin(), told.back());
        }
        return told;
    });
}

void FakeAlerts::mute(std::string alert, std::optional<std::string> subject, std::optional<WallTime> until, EditNote, QObject *context, Answer<bool> done)
{
    m_mutes.push_back({alert, subject, until});
    answer<bool>(context, std::move(done), [&]() -> Result<bool> {
        AlertBoard board = *m_board;
        std::erase_if(board.mutes, [&](const AlertMute &mute) { return mute.alert == alert && mute.subject == subject; });
        if (until)
            board.mutes.push_back({.alert = alert, .subject = subject, .until = *until});
        for (AlertStatus &status : board.states) {
            if (status.alert == alert && (!subject || status.subject == *subject))
                status.mutedUntil = until;
        }
        setBoard(std::move(board));
        return true;
    });
}

void FakeAlerts::acknowledge(std::string alert, std::optional<std::string> subject, EditNote, QObject *context, Answer<int> done)
{
    answer<int>(context, std::move(done), [&]() -> Result<int> {
        AlertBoard board = *m_board;
        int count = 0;
        for (AlertStatus &status : board.states) {
            if (status.alert != alert || status.state != AlertState::Firing || (subject && status.subject != *subject))
                continue;
            status.acknowledgedBy = "window";
            ++count;
        }
        if (count == 0)
            return fail(ErrorCode::NotFound, "It does not fire.");
        setBoard(std::move(board));
        return count;
    });
}

} // namespace tests
