// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gateway::storage {

/// The numbers of customers in sums by day. Callers choose who their customers are, so there are bounds: of more than 100,000,
/// those that were away longest lose their name, and where all of them came lately a new one has none. Their calls still count,
/// for "(other)". Numbers are never given out again. Writer's thread.
class CustomerTable
{
public:
    static constexpr std::size_t customersAtMost = 100'000;
    static constexpr std::int64_t other = 1; ///< the number of all that have no name

    explicit CustomerTable(Database &database, std::size_t most = customersAtMost) : m_database(database), m_most(most) {}

    /// @param day  on which its call began, since 1970
    /// @return 0 for the empty name
    Result<std::int64_t> number(std::string_view name, std::int64_t day);

    /// After a rollback: numbers given out in it are not there.
    void forget();

private:
    struct Hash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view> {}(text); }
    };
    struct Known
    {
        std::int64_t id = 0;
        std::int64_t day = 0; ///< the last one on which it had a call
    };
    Result<> load();
    Result<Known> look(std::string_view name, std::int64_t day);
    Result<bool> makeRoom(std::int64_t day);
    Result<> touch(Known &known, std::int64_t day);

    Database &m_database;
    std::size_t m_most;
    bool m_loaded = false;
    std::size_t m_count = 0;              ///< of rows
    std::int64_t m_fullUntil = 0;         ///< day: up to it there is no room
    std::unordered_map<std::string, Known, Hash, std::equal_to<>> m_known;
    std::optional<Statement> m_select, m_insert, m_touch;
};

} // namespace gateway::storage
