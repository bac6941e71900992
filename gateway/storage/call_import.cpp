// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/call_store.h"

#include <algorithm>
#include <set>

/// How calls that were logged before come into the log.
namespace gateway::storage {

Result<CallStore::Imported> CallStore::import(std::span<CallRecord> records, WallTime notBefore, WallTime bodiesFrom, bool onlyLook)
{
    const auto removed = m_database.number("SELECT value FROM marks WHERE name = 'removed_us'");
    if (!removed)
        return std::unexpected(removed.error());
    const WallTime from = std::max(notBefore, WallTime(std::chrono::microseconds(*removed + 1)));
    Imported counts;
    auto fresh = selectNew(records, from, counts);
    if (!fresh)
        return std::unexpected(fresh.error());
    counts.taken = fresh->size();
    if (onlyLook || fresh->empty())
        return counts;
    for (CallRecord &record : records) {
        if (record.startedAt < bodiesFrom)
            record.bodies = {};
    }
    bool sealed = false;
    auto done = inTransaction([&]() -> Result<> {
        if (auto written = write(*fresh, {}, Origin::Imported); !written)
            return written;
        if (auto noted = noteLateBodies(*fresh); !noted)
            return noted;
        sealed = m_tail.full();
        return sealed ? m_tail.seal() : Result<> {};
    });
    if (!done)
        return std::unexpected(done.error());
    settle(sealed);
    return counts;
}

Result<std::vector<const CallRecord *>> CallStore::selectNew(std::span<CallRecord> records, WallTime notBefore, Imported &counts)
{
    std::vector<const CallRecord *> fresh;
    std::set<QByteArray> seen;
    for (const CallRecord &record : records) {
        if (record.startedAt < notBefore) {
            ++counts.tooOld;
            continue;
        }
        const QByteArray id = packId(record.id);
        const auto known = isKnown(id);
        if (!known)
            return std::unexpected(known.error());
        if (*known || !seen.insert(id).second)
            ++counts.known;
        else
            fresh.push_back(&record);
    }
    return fresh;
}

Result<bool> CallStore::isKnown(const QByteArray &id)
{
    const auto found = [](Statement &statement) -> Result<bool> {
        if (auto run = statement.run(); !run)
            return std::unexpected(run.error());
        const bool some = statement.next() && !statement.isNull(0);
        auto failed = statement.failure();
        statement.finish(); // a kept statement must not hold the read open
        return failed ? Result<bool>(some) : std::unexpected(failed.error());
    };
    if (isTimed(id)) {
        const auto [from, to] = idTimes(id, id);
        const auto timed = found(m_timedRow->bind(from).bind(to).bindBlob(id));
        if (!timed || *timed)
            return timed;
    }
    return found(m_oddRow->bindBlob(id));
}

/// Bodies are removed in the order of their rows, which is not that of the times of these.
Result<> CallStore::noteLateBodies(std::span<const CallRecord *const> records)
{
    auto note = m_database.prepare("INSERT INTO late_bodies (at_us, row) VALUES (?, ?)");
    if (!note)
        return std::unexpected(note.error());
    auto row = static_cast<std::int64_t>(m_lastRow - records.size());
    for (const CallRecord *record : records) {
        ++row;
        if (!keepsBodies(*record))
            continue;
        if (auto noted = note->bind(record->startedAt.time_since_epoch().count()).bind(row).run(); !noted)
            return noted;
    }
    return {};
}

} // namespace gateway::storage
