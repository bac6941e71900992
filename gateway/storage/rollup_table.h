// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/database.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace gateway::storage {

/// Adds up rows of one roll-up table in memory, and writes those that changed. The writer is the table's only writer, so
/// what it holds is what is stored; after a rolled-back transaction forget() makes that true again. Writer's thread.
template <typename Row>
class RollupTable
{
public:
    /// @param seconds  width of a bucket: `bucket` is its start in seconds since 1970 UTC
    RollupTable(std::string table, std::string subject, std::int64_t seconds) : m_table(std::move(table)), m_subject(std::move(subject)), m_seconds(seconds) {}

    /// The row to add to, for a call that began then.
    Row &at(std::int64_t startedUs, std::int64_t subject)
    {
        const std::int64_t bucket = startedUs / 1'000'000 / m_seconds * m_seconds;
        Held &held = m_rows[{bucket, subject}];
        held.changed = true;
        return held.fresh;
    }

    /// Writes what changed, within the caller's transaction.
    Result<> write(Database &database)
    {
        if (!m_select) {
            auto select = database.prepare(fmt::format("SELECT {} FROM {} WHERE bucket = ? AND {} = ?", Row::columns, m_table, m_subject));
            if (!select)
                return std::unexpected(select.error());
            auto replace = database.prepare(fmt::format("INSERT OR REPLACE INTO {} (bucket, {}, {}) VALUES (?, ?{})", m_table, m_subject, Row::columns, marks()));
            if (!replace)
                return std::unexpected(replace.error());
            m_select.emplace(std::move(*select));
            m_replace.emplace(std::move(*replace));
        }
        for (auto &[key, held] : m_rows) {
            if (!held.changed)
                continue;
            if (auto written = write(key, held); !written)
                return written;
        }
        return {};
    }

    /// After the commit: what was added is stored. Old buckets are let go.
    void settle()
    {
        for (auto &[key, held] : m_rows)
            held.changed = false;
        if (m_rows.size() > heldAtMost)
            m_rows.clear();
        if (m_rows.empty())
            return;
        const std::int64_t oldest = m_rows.rbegin()->first.first - m_seconds;
        m_rows.erase(m_rows.begin(), m_rows.lower_bound({oldest, 0}));
    }

    /// After a rollback: nothing of what was held is sure.
    void forget() { m_rows.clear(); }

private:
    struct Held
    {
        Row fresh;           ///< since the last write
        Row stored;          ///< as in the table, once loaded
        bool loaded = false;
        bool changed = false;
    };
    using Key = std::pair<std::int64_t, std::int64_t>;
    static constexpr std::size_t heldAtMost = 20'000;

    static std::string marks()
    {
        std::string text;
        for (int i = 0; i < Row::columnCount; ++i)
            text += ", ?";
        return text;
    }

    Result<> write(const Key &key, Held &held)
    {
        if (!held.loaded) {
            if (auto run = m_select->bind(key.first).bind(key.second).run(); !run)
                return run;
            if (m_select->next())
                held.stored = Row::from(*m_select, 0);
            else if (auto failed = m_select->failure(); !failed)
                return failed;
            m_select->finish();
            held.loaded = true;
        }
        held.stored.merge(held.fresh);
        held.fresh = Row {};
        m_replace->bind(key.first).bind(key.second);
        held.stored.bindTo(*m_replace);
        return m_replace->run();
    }

    std::string m_table;
    std::string m_subject;
    std::int64_t m_seconds;
    std::map<Key, Held> m_rows;
    std::optional<Statement> m_select;
    std::optional<Statement> m_replace;
};

} // namespace gateway::storage
