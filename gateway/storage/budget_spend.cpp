// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/budget_spend.h"

#include "gateway/storage/database.h"
#include "gateway/storage/figures.h"
#include "gateway/storage/schemas.h"

namespace gateway::storage {

void BudgetCharges::add(std::span<const BudgetCharge> charges)
{
    for (const BudgetCharge &charge : charges) {
        Money &sum = m_sums[{charge.account, charge.windowFrom.time_since_epoch().count()}];
        sum = sumOf(sum, charge.cost);
    }
}

void BudgetCharges::merge(const BudgetCharges &other)
{
    for (const auto &[place, cost] : other.m_sums) {
        Money &sum = m_sums[place];
        sum = sumOf(sum, cost);
    }
}

Result<> BudgetSpendTable::write()
{
    if (charges.empty())
        return {};
    if (!m_upsert) {
        auto upsert = m_database.prepare("INSERT INTO budget_spend (account, window_us, spent) VALUES (?, ?, ?) ON CONFLICT (account, window_us) "
                                         "DO UPDATE SET spent = cast(spent + excluded.spent AS INTEGER)");
        if (!upsert)
            return std::unexpected(upsert.error());
        m_upsert.emplace(std::move(*upsert));
    }
    for (const auto &[place, cost] : charges.sums()) {
        if (auto written = m_upsert->bind(static_cast<std::int64_t>(place.first)).bind(place.second).bind(cost.nanos()).run(); !written)
            return written;
    }
    return {};
}

Result<std::vector<BudgetCharge>> storedBudgetSpend(const std::string &path, WallTime now)
{
    auto database = Database::open({.path = path, .access = Access::ReadOnly}, callLogSchema());
    if (!database)
        return std::unexpected(database.error());
    // SQLite gives the other columns of the row that max() found.
    auto rows = (*database)->prepare("SELECT account, max(window_us), spent FROM budget_spend WHERE window_us = ? OR window_us >= ? GROUP BY account");
    if (!rows)
        return std::unexpected(rows.error());
    rows->bind(WallTime::min().time_since_epoch().count()).bind((now - budgetSpendKept).time_since_epoch().count());
    if (auto asked = rows->run(); !asked)
        return std::unexpected(asked.error());
    std::vector<BudgetCharge> stored;
    while (rows->next()) {
        stored.push_back({.account = static_cast<std::uint64_t>(rows->integer(0)),
                          .windowFrom = WallTime(std::chrono::microseconds {rows->integer(1)}),
                          .cost = Money::fromNanos(rows->integer(2))});
    }
    if (auto failed = rows->failure(); !failed)
        return std::unexpected(failed.error());
    return stored;
}

} // namespace gateway::storage
