// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/fresh_texts.h"

#include "gateway/storage/body_rows.h"
#include "gateway/storage/body_words.h"
#include "gateway/storage/text_schema.h"

#include <fmt/format.h>

#include <sqlite3.h>

namespace gateway::storage {

namespace {

constexpr int readAtMost = 1000;            // in one question
constexpr std::size_t takenAtMost = 10'000; // then they are in the index long since

} // namespace

void FreshTexts::Close::operator()(sqlite3 *connection) const
{
    sqlite3_close(connection);
}

FreshTexts::FreshTexts(ReaderSession &session) : m_session(session), m_codec(session.dictionaries()) {}

FreshTexts::~FreshTexts() = default;

Result<> FreshTexts::begin()
{
    m_insert.reset();
    m_look.reset();
    m_taken.clear();
    m_connection.reset();
    sqlite3 *connection = nullptr;
    const int opened = sqlite3_open(":memory:", &connection);
    m_connection.reset(connection);
    if (opened != SQLITE_OK)
        return std::unexpected(databaseError(connection, "Looking through new calls"));
    auto table = Statement::prepare(connection, fmt::format("CREATE VIRTUAL TABLE fresh USING fts5({})", textTableOptions));
    if (!table)
        return std::unexpected(table.error());
    if (auto made = table->run(); !made)
        return made;
    auto insert = Statement::prepare(connection, "INSERT INTO fresh (rowid, asked, answered) VALUES (?, ?, ?)");
    auto look = Statement::prepare(connection, "SELECT 1 FROM fresh WHERE fresh MATCH ? AND rowid = ?");
    if (!insert || !look)
        return std::unexpected(insert ? look.error() : insert.error());
    m_insert.emplace(std::move(*insert));
    m_look.emplace(std::move(*look));
    return {};
}

Result<> FreshTexts::take(std::int64_t row)
{
    auto bodies = readBodiesOf(m_session, m_codec, row);
    if (!bodies)
        return std::unexpected(bodies.error());
    const BodyWords words = bodyWords(*bodies);
    if (!words.empty()) {
        if (auto done = m_insert->bind(row).bind(std::string_view(words.asked)).bind(std::string_view(words.answered)).run(); !done)
            return done;
    }
    m_taken.insert(row);
    return {};
}

Result<bool> FreshTexts::has(const std::string &expression, std::int64_t row)
{
    if (!m_connection || m_taken.size() >= takenAtMost) {
        if (auto begun = begin(); !begun)
            return std::unexpected(begun.error());
    }
    if (!m_taken.contains(row)) {
        if (m_readNow >= readAtMost)
            return false;
        ++m_readNow;
        if (auto taken = take(row); !taken)
            return std::unexpected(taken.error());
    }
    if (auto asked = m_look->bind(std::string_view(expression)).bind(row).run(); !asked)
        return std::unexpected(asked.error());
    const bool found = m_look->next();
    const auto failed = m_look->failure();
    m_look->finish();
    return failed ? Result<bool>(found) : std::unexpected(failed.error());
}

} // namespace gateway::storage
