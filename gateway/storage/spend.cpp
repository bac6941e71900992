// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/spend.h"

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
    cost += other.cost;
    lastUs = std::max(lastUs, other.lastUs);
}

void KeptSpend::add(const CallRecord &record)
{
    const std::int64_t started = record.startedAt.time_since_epoch().count();
    m_spent[{record.keyId, record.team, started / quarterUs * quarterUs}].merge(Spent::of(record));
}

void KeptSpend::merge(KeptSpend &&other)
{
    for (const auto &[key, spent] : other.m_spent)
        m_spent[key].merge(spent);
    other.m_spent.clear();
}

void SpendTable::add(const std::string &keyId, const std::string &team, std::int64_t startedUs, const Spent &spent)
{
    const ZoneDays::Day &day = m_days.at(startedUs);
    add(SpendScope::Key, keyId, day, spent);
    add(SpendScope::Team, team, day, spent);
}

void SpendTable::add(SpendScope scope, const std::string &subject, const ZoneDays::Day &day, const Spent &spent)
{
    for (const std::int64_t period : {everPeriod, day.month, day.day}) {
        const std::tuple key(static_cast<std::int64_t>(scope), period, std::string_view(subject));
        auto place = m_spent.lower_bound(key);
        if (place == m_spent.end() || key < place->first)
            place = m_spent.emplace_hint(place, Key(static_cast<std::int64_t>(scope), period, subject), Spent {});
        place->second.merge(spent);
    }
}

Result<> SpendTable::write(NameTable &names)
{
    if (!m_upsert) {
        auto upsert = m_database.prepare("INSERT INTO spend (scope, period, subject, calls, cost, unpriced, last_us) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (scope, period, subject) "
                                         "DO UPDATE SET calls = calls + excluded.calls, cost = cost + excluded.cost, unpriced = unpriced + excluded.unpriced, "
                                         "last_us = max(last_us, excluded.last_us)");
        if (!upsert)
            return std::unexpected(upsert.error());
        m_upsert.emplace(std::move(*upsert));
    }
    for (const auto &[key, spent] : m_spent) {
        const auto &[scope, period, subject] = key;
        auto number = names.number(scope == static_cast<std::int64_t>(SpendScope::Key) ? NameKind::KeyId : NameKind::Team, subject);
        if (!number)
            return std::unexpected(number.error());
        m_upsert->bind(scope).bind(period).bind(number->value_or(0)).bind(static_cast<std::int64_t>(spent.calls)).bind(spent.cost.nanos());
        if (auto run = m_upsert->bind(static_cast<std::int64_t>(spent.unpriced)).bind(spent.lastUs).run(); !run)
            return run;
    }
    return {};
}

} // namespace gateway::storage
