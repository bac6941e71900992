// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/budget_charge.h"
#include "gateway/core/error.h"
#include "gateway/storage/statement.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace gateway::storage {

class Database;

/// What was charged to budgets, added up by budget and period. Not thread-safe.
class BudgetCharges
{
public:
    void add(std::span<const BudgetCharge> charges);
    void merge(const BudgetCharges &other);
    void clear() { m_sums.clear(); }
    [[nodiscard]] bool empty() const { return m_sums.empty(); }
    [[nodiscard]] const auto &sums() const { return m_sums; }

private:
    std::map<std::pair<std::uint64_t, std::int64_t>, Money> m_sums; ///< by account and start of the period in microseconds
};

/// Adds up a transaction's charges, and writes them. Writer's thread.
class BudgetSpendTable
{
public:
    explicit BudgetSpendTable(Database &database) : m_database(database) {}

    BudgetCharges charges {};
    Result<> write();

private:
    Database &m_database;
    std::optional<Statement> m_upsert;
};

/// How long periods' sums stay after they began: longer than any lasts, but one that lasts for ever.
inline constexpr std::chrono::days budgetSpendKept {62};

/// What is stored of all budgets' latest periods, as far as they may last still. Opens the file for this; any thread.
/// @param path  of calls.db, of the present version
Result<std::vector<BudgetCharge>> storedBudgetSpend(const std::string &path, WallTime now);

} // namespace gateway::storage
