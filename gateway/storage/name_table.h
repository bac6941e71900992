// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/call_log_schema.h"
#include "gateway/storage/database.h"

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

namespace gateway::storage {

/// The dictionary of names that repeat. Writer's thread.
class NameTable
{
public:
    explicit NameTable(Database &database) : m_database(database) {}

    /// The name's number, adding it where it is new; nullopt for the empty name. Models, names asked for and
    /// tags past 20,000 of a kind share "(other)": callers choose them.
    Result<std::optional<std::int64_t>> number(NameKind kind, std::string_view name);

    /// After a rollback: numbers given out in it are not there.
    void forget() { m_known = {}; }

private:
    Result<std::int64_t> look(NameKind kind, std::string_view name);
    Result<> prepare();

    struct Hash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view> {}(text); }
    };
    struct Known
    {
        std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>> numbers;
        std::string last; ///< asked for: one call is much like the next
        std::int64_t lastNumber = 0;
    };
    static constexpr std::size_t kinds = 1 + static_cast<std::size_t>(NameKind::Tags); ///< the last one

    Database &m_database;
    std::array<Known, kinds> m_known;
    std::optional<Statement> m_select, m_insert;
};

} // namespace gateway::storage
