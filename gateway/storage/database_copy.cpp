// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/database_copy.h"

#include "gateway/storage/statement.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <sqlite3.h>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace gateway::storage {

namespace {

constexpr int pagesAStep = 256; // of 4 KB
constexpr int busyMs = 5000;

/// What the call log itself is; all other tables of calls.db are made of it, or stand beside it.
constexpr std::array<std::string_view, 13> logTables {"calls", "attempts", "bodies", "late_bodies", "dictionaries", "extras", "feedback", "call_marks", "repriced", "reprice_runs", "blocks", "block_tops", "trace_blocks"};

struct Close
{
    void operator()(sqlite3 *connection) const { sqlite3_close(connection); }
};
using Connection = std::unique_ptr<sqlite3, Close>;

/// Removes what was begun unless it is kept.
class Draft
{
public:
    explicit Draft(std::string path) : m_path(std::move(path)) { remove(); }
    ~Draft()
    {
        if (!m_kept)
            remove();
    }
    Draft(const Draft &) = delete;
    Draft &operator=(const Draft &) = delete;
    void keep() { m_kept = true; }

private:
    void remove() const
    {
        for (const char *suffix : {"", "-journal", "-wal", "-shm"})
            ::unlink((m_path + suffix).c_str());
    }

    std::string m_path;
    bool m_kept = false;
};

Result<Connection> connect(const std::string &path, int flags)
{
    sqlite3 *raw = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    Connection connection(raw);
    if (code != SQLITE_OK)
        return std::unexpected(databaseError(raw, fmt::format("Opening {}", path)));
    sqlite3_busy_timeout(raw, busyMs);
    return connection;
}

Result<> run(const Connection &connection, const std::string &sql)
{
    if (sqlite3_exec(connection.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return std::unexpected(databaseError(connection.get(), "Copying a database"));
    return {};
}

Result<> runAll(const Connection &connection, std::initializer_list<std::string> statements)
{
    for (const std::string &statement : statements) {
        if (auto done = run(connection, statement); !done)
            return done;
    }
    return {};
}

struct EndBackup
{
    void operator()(sqlite3_backup *backup) const { sqlite3_backup_finish(backup); }
};

struct Table
{
    std::string kind, name, sql;
};

/// Of the attached `source`, tables before their indexes; without SQLite's own.
Result<std::vector<Table>> schemaOf(const Connection &connection)
{
    auto query = Statement::prepare(connection.get(), "SELECT type, name, sql FROM source.sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type <> 'table', name");
    if (!query)
        return std::unexpected(query.error());
    if (auto asked = query->run(); !asked)
        return std::unexpected(asked.error());
    std::vector<Table> tables;
    while (query->next())
        tables.push_back({query->text(0), query->text(1), query->text(2)});
    if (auto failed = query->failure(); !failed)
        return std::unexpected(failed.error());
    return tables;
}

Result<std::int64_t> pragma(const Connection &connection, const char *name)
{
    auto query = Statement::prepare(connection.get(), fmt::format("PRAGMA source.{}", name));
    if (!query)
        return std::unexpected(query.error());
    if (auto asked = query->run(); !asked)
        return std::unexpected(asked.error());
    return query->next() ? query->integer(0) : 0;
}

Result<> copyTables(const Connection &connection)
{
    const auto tables = schemaOf(connection);
    if (!tables)
        return std::unexpected(tables.error());
    for (const Table &table : *tables) {
        if (auto made = run(connection, table.sql); !made)
            return made;
        const bool ofLog = std::find(logTables.begin(), logTables.end(), table.name) != logTables.end();
        if (table.kind != "table" || ofLog)
            continue;
        if (auto filled = run(connection, fmt::format("INSERT INTO main.\"{0}\" SELECT * FROM source.\"{0}\"", table.name)); !filled)
            return filled;
    }
    // The sums have those calls still: they must not be imported again.
    if (auto marked = run(connection, "UPDATE main.marks SET value = max(value, coalesce((SELECT max(started_us) FROM source.calls), value)) WHERE name = 'removed_us'"); !marked)
        return marked;
    for (const char *name : {"application_id", "user_version"}) {
        const auto value = pragma(connection, name);
        if (!value)
            return std::unexpected(value.error());
        if (auto set = run(connection, fmt::format("PRAGMA main.{}={}", name, *value)); !set)
            return set;
    }
    return {};
}

} // namespace

Result<> copyDatabase(const std::string &from, const std::string &to, const CopyGo &go)
{
    Draft draft(to);
    const auto source = connect(from, SQLITE_OPEN_READONLY);
    if (!source)
        return std::unexpected(source.error());
    const auto target = connect(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (!target)
        return std::unexpected(target.error());
    // The snapshot: without it, a step after a write begins anew, and beside a busy writer none is ever the last.
    if (auto begun = runAll(*source, {"BEGIN", "SELECT count(*) FROM sqlite_master"}); !begun)
        return begun;
    if (auto set = run(*target, "PRAGMA synchronous=OFF"); !set) // what it is copied into is synced once, as a whole
        return set;
    std::unique_ptr<sqlite3_backup, EndBackup> backup(sqlite3_backup_init(target->get(), "main", source->get(), "main"));
    if (!backup)
        return std::unexpected(databaseError(target->get(), fmt::format("Copying {}", from)));
    int code = SQLITE_OK;
    while (code == SQLITE_OK) {
        code = sqlite3_backup_step(backup.get(), pagesAStep);
        const auto all = static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup.get()));
        const auto left = static_cast<std::uint64_t>(sqlite3_backup_remaining(backup.get()));
        if (go && !go(all - left, all))
            return fail(ErrorCode::Cancelled, "Ended before it was done.");
    }
    backup.reset();
    if (code != SQLITE_DONE)
        return std::unexpected(databaseError(target->get(), fmt::format("Copying {}", from)));
    if (auto set = run(*target, "PRAGMA journal_mode=DELETE"); !set)
        return set;
    draft.keep();
    return {};
}

Result<> copySpend(const std::string &from, const std::string &to)
{
    Draft draft(to);
    const auto target = connect(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (!target)
        return std::unexpected(target.error());
    auto attach = Statement::prepare(target->get(), "ATTACH ? AS source");
    if (!attach)
        return std::unexpected(attach.error());
    if (auto attached = attach->bind(from).run(); !attached)
        return attached;
    attach->finish();
    if (auto begun = runAll(*target, {"PRAGMA main.auto_vacuum=INCREMENTAL", "PRAGMA main.synchronous=OFF", "BEGIN"}); !begun)
        return begun;
    if (auto copied = copyTables(*target); !copied)
        return copied;
    if (auto committed = run(*target, "COMMIT"); !committed)
        return committed;
    draft.keep();
    return {};
}

Result<> leaveVaultOut(const std::string &path)
{
    const auto connection = connect(path, SQLITE_OPEN_READWRITE);
    if (!connection)
        return std::unexpected(connection.error());
    return runAll(*connection, {"PRAGMA secure_delete=ON", "PRAGMA synchronous=OFF", "DELETE FROM vault", "VACUUM"});
}

Result<> leaveHeadersOut(const std::string &path)
{
    const auto connection = connect(path, SQLITE_OPEN_READWRITE);
    if (!connection)
        return std::unexpected(connection.error());
    constexpr const char *plain = "kind = 'provider' AND json_type(body, '$.headers') IS NOT NULL";
    auto query = Statement::prepare(connection->get(), fmt::format("SELECT count(*) FROM entries WHERE {}", plain));
    if (!query)
        return std::unexpected(query.error());
    if (auto asked = query->run(); !asked)
        return asked;
    if (!query->next() || query->integer(0) == 0)
        return query->failure();
    query->finish();
    return runAll(*connection, {"PRAGMA secure_delete=ON", fmt::format("UPDATE entries SET body = json_remove(body, '$.headers') WHERE {}", plain), "VACUUM"});
}

} // namespace gateway::storage
