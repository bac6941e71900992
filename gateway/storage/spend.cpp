// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/spend.h"

#include "gateway/storage/figures.h"

#include <algorithm>

namespace gateway::storage {

namespace {

constexpr std::int64_t quarterUs = 15LL * 60 * 1'000'000;
constexpr std::int64_t everPeriod = 0;

} // namespace

Spent Spent::of(const CallRecord &record)
{
    return Spent {.calls = record.repeats,
                  .unpriced = record.cost || record.status == CallStatus::Refused ? 0 : record.repeats,
                  .cost = record.cost.value_or(Money {}),
                  .lastUs = record.startedAt.time_since_epoch().count()};
}

void Spent::merge(const Spent &other)
{
    calls += other.calls;
    unpriced += other.unpriced;
    cost = sumOf(cost, other.cost);
    lastUs = std::max(lastUs, other.lastUs);
}

void KeptSpend::add(const CallRecord &record)
{
    const std::int64_t started = record.startedAt.time_since_epoch().count();
    m_spent[{record.keyId, record.team, started / quarterUs * quarterUs}].merge(Spent::of(record));
    m_charges.add(record.charges);
}

void KeptSpend::merge(KeptSpend &&other)
{
    for (const auto &[key, spent] : other.m_spent)
        m_spent[key].merge(spent);
    m_charges.merge(other.m_charges);
    other.m_spent.clear();
    other.m_charges.clear();
}

void SpendTable::add(std::int64_t keyId, std::int64_t team, std::int64_t startedUs, const Spent &spent)
{
    m_spent[{keyId, team, m_days.at(startedUs).fromUs}].merge(spent);
}

Result<> SpendTable::write()
{
    if (!m_upsert) {
        auto upsert = m_database.prepare("INSERT INTO spend (scope, period, subject, calls, cost, unpriced, last_us) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (scope, period, subject) "
                                         "DO UPDATE SET calls = calls + excluded.calls, cost = cast(cost + excluded.cost AS INTEGER), unpriced = unpriced + excluded.unpriced, "
                                         "last_us = max(last_us, excluded.last_us)");
        if (!upsert)
            return std::unexpected(upsert.error());
        m_upsert.emplace(std::move(*upsert));
    }
    std::map<std::tuple<SpendScope, std::int64_t, std::int64_t>, Spent> sums; // scope, period, subject
    for (const auto &[key, spent] : m_spent) {
        const auto &[keyId, team, dayFromUs] = key;
        const ZoneDays::Day &day = m_days.at(dayFromUs);
        for (const std::int64_t period : {everPeriod, day.month, day.day}) {
            sums[{SpendScope::Key, period, keyId}].merge(spent);
            sums[{SpendScope::Team, period, team}].merge(spent);
        }
    }
    for (const auto &[place, spent] : sums) {
        const auto &[scope, period, subject] = place;
        if (auto written = write(scope, period, subject, spent); !written)
            return written;
    }
    return {};
}

Result<> SpendTable::write(SpendScope scope, std::int64_t period, std::int64_t subject, const Spent &spent)
{
    m_upsert->bind(static_cast<std::int64_t>(scope)).bind(period).bind(subject).bind(static_cast<std::int64_t>(spent.calls)).bind(spent.cost.nanos());
    return m_upsert->bind(static_cast<std::int64_t>(spent.unpriced)).bind(spent.lastUs).run();
}

} // namespace gateway::storage
