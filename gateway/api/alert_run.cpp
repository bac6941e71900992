// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/alert_run.h"

#include "gateway/api/alert_history.h"

#include <algorithm>
#include <iterator>

namespace gateway::api {

namespace {

constexpr int rowsABatch = 10'000;
constexpr std::uint64_t mostBehind = 1'000'000;                        ///< rows: more are passed over
constexpr std::uint64_t mostPrimed = 3'000'000;
constexpr std::chrono::minutes longestCatchUp {5};                     ///< moments before are passed over, as where a machine slept

} // namespace

void AlertRun::rest()
{
    m_place.reset();
    m_last.reset();
    m_held.clear();
}

std::vector<WallTime> AlertRun::momentsTo(WallTime moment) const
{
    if (!m_last || *m_last >= moment || moment - *m_last > longestCatchUp)
        return {moment};
    std::vector<WallTime> moments;
    for (WallTime at = *m_last + alerts::evaluatedEvery; at <= moment; at += alerts::evaluatedEvery)
        moments.push_back(at);
    return moments;
}

std::vector<alerts::AlertEvent> AlertRun::advance(storage::CallLogReader *log, WallTime moment, std::span<const alerts::AlertGauge> gauges, const std::string &zone, std::string &problem)
{
    const std::vector<WallTime> moments = momentsTo(moment);
    if (log != nullptr) {
        Result<> read = m_place ? Result<>() : begin(*log, moments.front());
        if (read)
            read = prime(*log, m_last.value_or(moments.front()));
        if (read)
            read = readCalls(*log, moments.front());
        if (read)
            read = readHistory(*log, moment, zone);
        if (!read)
            problem = read.error().message;
    }
    std::vector<alerts::AlertEvent> events;
    for (const WallTime at : moments) {
        std::erase_if(m_held, [&](const AlertCall &call) {
            if (call.endedAt >= at)
                return false;
            engine.add(call);
            return true;
        });
        std::ranges::move(engine.evaluate(at, gauges), std::back_inserter(events));
    }
    m_last = moment;
    return events;
}

/// New here: the windows are filled from the log, and what came after the first moment waits for the next.
Result<> AlertRun::begin(storage::CallLogReader &log, WallTime moment)
{
    const auto last = log.lastRow();
    if (!last)
        return std::unexpected(last.error());
    m_held.clear();
    auto later = log.alertCalls({.from = moment}, *last, mostPrimed, [&](const AlertCall &call) { m_held.push_back(call); });
    if (!later)
        return later;
    m_place = *last;
    return {};
}

Result<> AlertRun::prime(storage::CallLogReader &log, WallTime moment)
{
    const auto window = engine.unprimed();
    if (!window)
        return {};
    const auto primed = log.alertCalls({.from = moment - *window, .to = moment}, *m_place, mostPrimed, [&](const AlertCall &call) { engine.prime(call); });
    engine.primed(); // with more calls than that, the windows fill as they come
    m_unread = true;
    if (!primed && primed.error().code != ErrorCode::BadRequest)
        return primed;
    return {};
}

Result<> AlertRun::readCalls(storage::CallLogReader &log, WallTime next)
{
    const auto last = log.lastRow();
    if (!last)
        return std::unexpected(last.error());
    if (*last < *m_place)
        m_place = *last; // the log is another one than before
    if (*last - *m_place > mostBehind)
        m_place = *last - mostBehind;
    while (*m_place < *last) {
        const auto upTo = log.alertCallsAfter(*m_place, rowsABatch, [&](const AlertCall &call) {
            if (call.endedAt < next)
                engine.add(call);
            else
                m_held.push_back(call);
        });
        if (!upTo)
            return std::unexpected(upTo.error());
        if (*upTo == 0)
            m_place = *last; // the rows between are gone
        else
            m_place = *upTo;
    }
    return {};
}

Result<> AlertRun::readHistory(storage::CallLogReader &log, WallTime moment, const std::string &zone)
{
    const std::int64_t hour = std::chrono::floor<std::chrono::hours>(moment).time_since_epoch().count();
    const bool isNewHour = !m_historyHour || *m_historyHour != hour;
    if (!isNewHour && !m_unread)
        return {};
    m_historyHour = hour;
    m_unread = false;
    for (const config::Alert &alert : engine.historical()) {
        auto values = hourValues(log, alert.when, {.from = std::chrono::floor<std::chrono::hours>(moment) - std::chrono::days(alert.when.days + 1), .to = moment}, zone);
        if (!values)
            return std::unexpected(values.error());
        engine.setHistory(alert.id, std::move(*values));
    }
    return {};
}

} // namespace gateway::api
