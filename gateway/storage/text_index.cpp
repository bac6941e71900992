// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/text_index.h"

#include <fmt/format.h>

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <chrono>
#include <numeric>

namespace gateway::storage {

namespace {

constexpr std::int64_t callsAPart = 200'000; // a beginning of a word is looked up in one part at a time
constexpr std::int64_t longestPartUs = std::chrono::microseconds(std::chrono::days(1)).count();
constexpr std::int64_t pagesAStep = 256;
constexpr std::int64_t spareFreePages = 1024;

} // namespace

Result<std::unique_ptr<TextIndex>> TextIndex::open(const std::string &path, std::int64_t lastRow)
{
    auto database = Database::open({.path = path, .cacheKiB = 16384}, textSchema());
    if (!database)
        return std::unexpected(database.error());
    std::unique_ptr<TextIndex> index(new TextIndex(std::move(*database), path));
    if (auto loaded = index->load(); !loaded)
        return std::unexpected(loaded.error());
    if (index->m_place.upTo == 0 && index->m_parts.empty())
        index->m_place = {.from = lastRow + 1, .upTo = lastRow};
    return index;
}

Result<> TextIndex::remove(const std::string &path)
{
    for (const char *suffix : {"", "-wal", "-shm"}) {
        QFile file(toQString(path + suffix));
        if (file.exists() && !file.remove())
            return fail(ErrorCode::Io, fmt::format("The full-text index {} cannot be removed: {}. Delete it by hand.", path, file.errorString().toStdString()), path);
    }
    return {};
}

Result<> TextIndex::load()
{
    auto parts = readParts(*m_database);
    const auto place = readPlace(*m_database);
    if (!parts || !place)
        return std::unexpected(parts ? place.error() : parts.error());
    m_parts = std::move(*parts);
    m_place = *place;
    return {};
}

std::uint64_t TextIndex::calls() const
{
    return std::accumulate(m_parts.begin(), m_parts.end(), std::uint64_t {0}, [](std::uint64_t sum, const TextPart &part) { return sum + static_cast<std::uint64_t>(part.calls); });
}

std::uint64_t TextIndex::bytes() const
{
    return static_cast<std::uint64_t>(QFileInfo(toQString(m_path)).size() + QFileInfo(toQString(m_path + "-wal")).size());
}

Result<> TextIndex::addNewer(std::span<const WordedCall> calls, std::int64_t upTo)
{
    return add(calls, true, {.from = m_place.from, .upTo = upTo});
}

Result<> TextIndex::addOlder(std::span<const WordedCall> calls, std::int64_t from)
{
    return add(calls, false, {.from = from, .upTo = m_place.upTo});
}

Result<> TextIndex::add(std::span<const WordedCall> calls, bool newer, TextPlace place)
{
    auto transaction = Transaction::begin(*m_database);
    if (!transaction)
        return std::unexpected(transaction.error());
    auto done = inTransaction(calls, newer, place);
    if (done)
        done = transaction->commit();
    if (done) {
        m_place = place;
        return {};
    }
    m_database->rollback();
    static_cast<void>(load()); // parts are again what is stored
    return done;
}

Result<> TextIndex::inTransaction(std::span<const WordedCall> calls, bool newer, TextPlace place)
{
    if (!calls.empty()) {
        const auto part = partFor(calls, newer);
        if (!part)
            return std::unexpected(part.error());
        if (auto written = write(**part, calls); !written)
            return written;
    }
    return m_database->run(fmt::format("UPDATE place SET from_row = {}, up_to = {}", place.from, place.upTo));
}

/// The one at that end, or a new one where it is full or of another day.
Result<TextPart *> TextIndex::partFor(std::span<const WordedCall> calls, bool newer)
{
    // The latest of some is when they were stored, about, also where calls of long ago are imported among them.
    const std::int64_t latest = std::ranges::max(calls, {}, &WordedCall::atUs).atUs;
    if (!m_parts.empty()) {
        TextPart &part = newer ? m_parts.back() : m_parts.front();
        const std::int64_t from = std::min(part.fromUs, latest);
        const std::int64_t to = std::max(part.toUs, latest);
        if (part.calls + static_cast<std::int64_t>(calls.size()) <= callsAPart && to - from <= longestPartUs) {
            part.fromUs = from;
            part.toUs = to;
            return &part;
        }
    }
    auto insert = m_database->prepare("INSERT INTO parts (first, last, from_us, to_us, calls) VALUES (?, ?, ?, ?, 0) RETURNING id");
    if (!insert)
        return std::unexpected(insert.error());
    TextPart part {.first = calls.front().row, .last = calls.back().row, .fromUs = latest, .toUs = latest};
    if (auto run = insert->bind(part.first).bind(part.last).bind(part.fromUs).bind(part.toUs).run(); !run)
        return std::unexpected(run.error());
    if (!insert->next())
        return fail(ErrorCode::Internal, "The full-text index lost a part that it had just begun.");
    part.id = insert->integer(0);
    insert->finish();
    if (auto made = m_database->run(fmt::format("CREATE VIRTUAL TABLE {} USING fts5({})", partTable(part.id), textTableOptions)); !made)
        return std::unexpected(made.error());
    return &*m_parts.insert(newer ? m_parts.end() : m_parts.begin(), part);
}

Result<> TextIndex::write(TextPart &part, std::span<const WordedCall> calls)
{
    auto insert = m_database->prepare(fmt::format("INSERT INTO {} (rowid, asked, answered) VALUES (?, ?, ?)", partTable(part.id)));
    if (!insert)
        return std::unexpected(insert.error());
    for (const WordedCall &call : calls) {
        if (call.words.empty())
            continue;
        if (auto done = insert->bind(call.row).bind(std::string_view(call.words.asked)).bind(std::string_view(call.words.answered)).run(); !done)
            return done;
    }
    part.first = std::min(part.first, calls.front().row);
    part.last = std::max(part.last, calls.back().row);
    part.calls += static_cast<std::int64_t>(calls.size());
    auto update = m_database->prepare("UPDATE parts SET first = ?, last = ?, from_us = ?, to_us = ?, calls = ? WHERE id = ?");
    if (!update)
        return std::unexpected(update.error());
    return update->bind(part.first).bind(part.last).bind(part.fromUs).bind(part.toUs).bind(part.calls).bind(part.id).run();
}

Result<bool> TextIndex::forgetBefore(std::int64_t row)
{
    if (!m_parts.empty() && m_parts.front().last < row) {
        if (auto dropped = drop(m_parts.front()); !dropped)
            return std::unexpected(dropped.error());
        m_parts.erase(m_parts.begin());
        return true;
    }
    const auto unused = m_database->number("PRAGMA freelist_count");
    if (!unused || *unused <= spareFreePages)
        return unused ? Result<bool>(false) : std::unexpected(unused.error());
    if (auto done = m_database->run(fmt::format("PRAGMA incremental_vacuum({})", std::min(pagesAStep, *unused - spareFreePages))); !done)
        return std::unexpected(done.error());
    return true;
}

Result<> TextIndex::drop(const TextPart &part)
{
    auto transaction = Transaction::begin(*m_database);
    if (!transaction)
        return std::unexpected(transaction.error());
    if (auto done = m_database->run(fmt::format("DROP TABLE {}", partTable(part.id))); !done)
        return done;
    if (auto done = m_database->run(fmt::format("DELETE FROM parts WHERE id = {}", part.id)); !done)
        return done;
    return transaction->commit();
}

} // namespace gateway::storage
