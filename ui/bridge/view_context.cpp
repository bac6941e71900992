// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/view_context.h"

#include "ui/bridge/text.h"

#include <QDateTime>

namespace ui::bridge {
namespace {

QDateTime local(gateway::WallTime at)
{
    return QDateTime::fromMSecsSinceEpoch(std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count());
}

} // namespace

const QList<std::int64_t> &rangeChoices()
{
    static const QList<std::int64_t> choices {900, 3600, 6 * 3600, 24 * 3600, 7 * 86400, 30 * 86400, 90 * 86400, 365 * 86400};
    return choices;
}

QString toText(const RangeChoice &choice)
{
    if (!choice.moving()) {
        const QDateTime from = local(choice.from), to = local(choice.to);
        const bool oneDay = from.date() == to.date();
        const bool manyDays = from.daysTo(to) > 60;
        const QString form = oneDay ? QStringLiteral("HH:mm") : manyDays ? QStringLiteral("d MMM yyyy") : QStringLiteral("d MMM HH:mm");
        return QObject::tr("%1 – %2").arg(from.toString(form), to.toString(form));
    }
    const std::int64_t seconds = choice.lastSeconds;
    if (seconds < 3600)
        return QObject::tr("Last %1 min").arg(seconds / 60);
    if (seconds <= 48 * 3600)
        return QObject::tr("Last %1 h").arg(seconds / 3600);
    if (seconds == 365 * 86400)
        return QObject::tr("Last year");
    return QObject::tr("Last %1 days").arg(seconds / 86400);
}

ViewContext::ViewContext(Now now, QObject *parent) : QObject(parent), m_now(std::move(now)) { }

gateway::api::TimeRange ViewContext::timeRange() const
{
    if (!m_range.moving())
        return {m_range.from, m_range.to};
    return {now() - std::chrono::seconds {m_range.lastSeconds}, gateway::WallTime::max()};
}

void ViewContext::setRange(const RangeChoice &range)
{
    if (range == m_range)
        return;
    m_range = range;
    Q_EMIT rangeChanged();
}

void ViewContext::setFilter(const gateway::CallFilter &filter)
{
    if (filter == m_filter)
        return;
    m_filter = filter;
    Q_EMIT filterChanged();
}

bool ViewContext::setFilterText(const QString &text)
{
    auto parsed = gateway::CallFilter::parse(utf8(text));
    if (!parsed)
        return false;
    setFilter(*parsed);
    return true;
}

void ViewContext::setLive(bool live)
{
    if (live == m_live)
        return;
    m_live = live;
    Q_EMIT liveChanged(live);
}

} // namespace ui::bridge
