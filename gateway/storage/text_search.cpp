// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/text_search.h"

#include "gateway/storage/reader_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <sqlite3.h>
#include <sys/stat.h>

namespace gateway::storage {

namespace {

constexpr std::size_t rowsALook = 4096;       // read at once
constexpr std::int64_t nearbyRows = 4096;     // rows that are looked at one by one are near one another,
constexpr int looksBeforeReading = 32;        // so often, and those around them are read at once

std::pair<std::uint64_t, std::uint64_t> fileAt(const std::string &path)
{
    struct stat found {};
    return stat(path.c_str(), &found) == 0 ? std::pair<std::uint64_t, std::uint64_t>(found.st_dev, found.st_ino) : std::pair<std::uint64_t, std::uint64_t>();
}

/// What a condition's function works with.
struct Asked
{
    TextSearch *search;
    std::optional<Error> *problem;
};

void textHas(sqlite3_context *context, int, sqlite3_value **values)
{
    const auto &asked = *static_cast<const Asked *>(sqlite3_user_data(context));
    const auto *words = reinterpret_cast<const char *>(sqlite3_value_text(values[0]));
    if (words == nullptr || *asked.problem)
        return sqlite3_result_int(context, 0);
    auto has = asked.search->has(std::string(words, static_cast<std::size_t>(sqlite3_value_bytes(values[0]))), sqlite3_value_int64(values[1]));
    if (has)
        return sqlite3_result_int(context, *has ? 1 : 0);
    *asked.problem = has.error(); // SQLite would keep its words alone
    sqlite3_result_error(context, has.error().message.c_str(), -1);
}

} // namespace

// ---- one expression

const TextRows::Stretch *TextRows::known(std::int64_t row) const
{
    auto after = m_known.upper_bound(row);
    if (after == m_known.begin())
        return nullptr;
    const Stretch &stretch = std::prev(after)->second;
    return row <= stretch.high ? &stretch : nullptr;
}

Result<Statement *> TextRows::ask(std::unordered_map<std::int64_t, Statement> &kept, std::int64_t part, std::string_view condition)
{
    const auto known = kept.find(part);
    if (known != kept.end())
        return &known->second;
    const std::string table = partTable(part);
    auto statement = m_database.prepare(fmt::format("SELECT rowid FROM {} WHERE {} MATCH ? AND {}", table, table, condition));
    if (!statement)
        return std::unexpected(statement.error());
    return &kept.emplace(part, std::move(*statement)).first->second;
}

Result<> TextRows::read(const TextPart &part, std::int64_t from, std::int64_t to, std::vector<std::int64_t> &descending)
{
    auto rows = ask(m_ranges, part.id, "rowid BETWEEN ? AND ? ORDER BY rowid DESC");
    if (!rows)
        return std::unexpected(rows.error());
    if (auto asked = (*rows)->bind(std::string_view(m_expression)).bind(from).bind(to).run(); !asked)
        return asked;
    while (descending.size() < rowsALook && (*rows)->next())
        descending.push_back((*rows)->integer(0));
    const auto failed = (*rows)->failure();
    (*rows)->finish();
    return failed;
}

/// Reads which rows have the words, from that one down, as many as come at once.
Result<> TextRows::learn(std::int64_t row)
{
    const auto after = m_known.upper_bound(row);
    const std::int64_t lowest = after == m_known.begin() ? 0 : std::prev(after)->second.high + 1;
    std::vector<std::int64_t> descending;
    for (auto part = m_parts.rbegin(); part != m_parts.rend() && part->last >= lowest && descending.size() < rowsALook; ++part) {
        if (part->first > row)
            continue;
        if (auto done = read(*part, std::max(lowest, part->first), std::min(row, part->last), descending); !done)
            return done;
    }
    const std::int64_t low = descending.size() < rowsALook ? lowest : descending.back();
    std::ranges::reverse(descending);
    m_known[low] = {.high = row, .rows = std::move(descending)};
    return {};
}

Result<bool> TextRows::look(std::int64_t row)
{
    const auto part = std::ranges::find_if(m_parts, [row](const TextPart &each) { return each.first <= row && row <= each.last; });
    if (part == m_parts.end())
        return false;
    auto point = ask(m_points, part->id, "rowid = ?");
    if (!point)
        return std::unexpected(point.error());
    if (auto asked = (*point)->bind(std::string_view(m_expression)).bind(row).run(); !asked)
        return std::unexpected(asked.error());
    const bool found = (*point)->next();
    const auto failed = (*point)->failure();
    (*point)->finish();
    return failed ? Result<bool>(found) : std::unexpected(failed.error());
}

Result<bool> TextRows::has(std::int64_t row)
{
    if (const Stretch *stretch = known(row))
        return std::ranges::binary_search(stretch->rows, row);
    m_looksNearby = std::abs(row - m_lastLooked) < nearbyRows ? m_looksNearby + 1 : 0;
    m_lastLooked = row;
    if (m_looksNearby < looksBeforeReading)
        return look(row);
    m_looksNearby = 0;
    // Whether they are looked at upwards or downwards, the next ones are among these.
    const auto next = m_known.upper_bound(row);
    const std::int64_t from = next == m_known.end() ? row + nearbyRows / 2 : std::min(row + nearbyRows / 2, next->first - 1);
    if (auto learnt = learn(from); !learnt)
        return std::unexpected(learnt.error());
    const Stretch *stretch = known(row);
    return stretch != nullptr ? Result<bool>(std::ranges::binary_search(stretch->rows, row)) : look(row);
}

Result<> TextRows::addRows(std::int64_t first, std::int64_t last, std::vector<std::int64_t> &rows)
{
    for (std::int64_t row = last; row >= first;) {
        const Stretch *stretch = known(row);
        if (stretch == nullptr) {
            if (auto learnt = learn(row); !learnt)
                return learnt;
            stretch = known(row);
        }
        const auto from = std::ranges::lower_bound(stretch->rows, first);
        rows.insert(rows.end(), from, std::ranges::upper_bound(stretch->rows, row));
        row = std::prev(m_known.upper_bound(row))->first - 1;
    }
    return {};
}

// ---- all of a reader's

TextSearch::TextSearch(ReaderSession &session, std::string path) : m_path(std::move(path)), m_fresh(session) {}

TextSearch::~TextSearch()
{
    endQuestion();
}

Result<> TextSearch::open()
{
    const auto file = fileAt(m_path);
    if (m_database && file == m_file)
        return {};
    m_database.reset();
    if (file.second == 0)
        return fail(ErrorCode::NotSupported, "Requests and answers are not indexed, so that text: finds nothing. Turn on full text in the settings of the call log (gateway.log.full_text).", "filter");
    auto database = Database::open({.path = m_path, .access = Access::ReadOnly, .cacheKiB = 16384}, textSchema());
    if (!database)
        return std::unexpected(database.error());
    m_database = std::move(*database);
    m_file = file;
    return {};
}

Result<> TextSearch::beginQuestion()
{
    if (m_asking)
        return {};
    if (auto opened = open(); !opened)
        return opened;
    m_fresh.beginQuestion();
    if (auto begun = m_database->run("BEGIN"); !begun)
        return begun;
    m_asking = true;
    auto parts = readParts(*m_database);
    const auto place = readPlace(*m_database);
    if (!parts || !place) {
        endQuestion();
        return std::unexpected(parts ? place.error() : parts.error());
    }
    m_parts = std::move(*parts);
    m_place = *place;
    return {};
}

void TextSearch::endQuestion()
{
    m_rows.clear();
    if (std::exchange(m_asking, false) && !m_database->run("COMMIT"))
        static_cast<void>(m_database->run("ROLLBACK"));
}

Result<TextRows *> TextSearch::rowsOf(const std::string &expression)
{
    if (auto begun = beginQuestion(); !begun)
        return std::unexpected(begun.error());
    const auto known = m_rows.find(expression);
    return known != m_rows.end() ? &known->second : &m_rows.try_emplace(expression, *m_database, m_parts, expression).first->second;
}

Result<bool> TextSearch::has(const std::string &expression, std::int64_t row)
{
    auto rows = rowsOf(expression);
    if (!rows)
        return std::unexpected(rows.error());
    return row > m_place.upTo ? m_fresh.has(expression, row) : (*rows)->has(row);
}

Result<> TextSearch::addRows(const std::string &expression, std::int64_t first, std::int64_t last, std::vector<std::int64_t> &rows)
{
    auto indexed = rowsOf(expression);
    if (!indexed)
        return std::unexpected(indexed.error());
    for (std::int64_t row = std::max(first, m_place.upTo + 1); row <= last; ++row)
        rows.push_back(row);
    return (*indexed)->addRows(first, std::min(last, m_place.upTo), rows);
}

Result<> addTextFunction(sqlite3 *connection, TextSearch &search, std::optional<Error> &problem)
{
    const auto forget = [](void *asked) { delete static_cast<Asked *>(asked); };
    auto asked = std::make_unique<Asked>(Asked {.search = &search, .problem = &problem});
    if (sqlite3_create_function_v2(connection, "text_has", 2, SQLITE_UTF8, asked.release(), textHas, nullptr, nullptr, forget) != SQLITE_OK) // which forgets on failure, too
        return std::unexpected(databaseError(connection, "Opening the call log"));
    return {};
}

} // namespace gateway::storage
