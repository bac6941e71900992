// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/storage/budget_spend.h"
#include "gateway/storage/name_table.h"
#include "gateway/storage/zone_days.h"

#include <map>
#include <string>
#include <tuple>

namespace gateway::storage {

/// What calls cost a scope.
struct Spent
{
    std::uint64_t calls = 0;
    std::uint64_t unpriced = 0;
    Money cost;
    std::int64_t lastUs = 0;

    static Spent of(const CallRecord &record);
    void merge(const Spent &other);
};

/// Spend of calls whose records had to be given up: kept by key, team and quarter of an hour (no zone's day begins within
/// one), and by budget, until it can be stored. Not thread-safe.
class KeptSpend
{
public:
    using Key = std::tuple<std::string, std::string, std::int64_t>; ///< key's id, team, start of the quarter in microseconds
    void add(const CallRecord &record);
    void merge(KeptSpend &&other);
    [[nodiscard]] const std::map<Key, Spent> &all() const { return m_spent; }
    [[nodiscard]] const BudgetCharges &charges() const { return m_charges; }
    [[nodiscard]] bool empty() const { return m_spent.empty() && m_charges.empty(); }

private:
    std::map<Key, Spent> m_spent;
    BudgetCharges m_charges;
};

/// Adds up a transaction's spend by scope and period, and writes it. Writer's thread.
class SpendTable
{
public:
    explicit SpendTable(Database &database) : m_database(database), m_days("UTC") {}

    void setTimeZone(const std::string &zone) { m_days = ZoneDays(zone); }
    /// @param keyId, team  numbers in `names`; 0: none
    void add(std::int64_t keyId, std::int64_t team, std::int64_t startedUs, const Spent &spent);
    Result<> write();
    void forget() { m_spent.clear(); } ///< after the transaction, whichever way it ended

private:
    using Key = std::tuple<std::int64_t, std::int64_t, std::int64_t>; ///< key's id, team, start of the day in microseconds
    Result<> write(SpendScope scope, std::int64_t period, std::int64_t subject, const Spent &spent);

    Database &m_database;
    ZoneDays m_days;
    std::map<Key, Spent> m_spent;
    std::optional<Statement> m_upsert;
};

} // namespace gateway::storage
