// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/fresh_texts.h"
#include "gateway/storage/text_schema.h"

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

struct sqlite3;

namespace gateway::storage {

class ReaderSession;

/// Which calls have words in what was asked or answered: of one expression (filter_text.h), during one question. Query thread.
class TextRows
{
public:
    TextRows(Database &database, const std::vector<TextPart> &parts, std::string expression) : m_database(database), m_parts(parts), m_expression(std::move(expression)) {}

    Result<bool> has(std::int64_t row);
    /// All of them within [first, last].
    Result<> addRows(std::int64_t first, std::int64_t last, std::vector<std::int64_t> &rows);

private:
    /// What is known: which of the rows low..high have the words.
    struct Stretch
    {
        std::int64_t high = 0;
        std::vector<std::int64_t> rows; ///< ascending
    };
    using Stretches = std::map<std::int64_t, Stretch>; ///< by their lowest row; they do not overlap

    const Stretch *known(std::int64_t row) const;
    Result<> learn(std::int64_t row);
    Result<> read(const TextPart &part, std::int64_t from, std::int64_t to, std::vector<std::int64_t> &descending);
    Result<bool> look(std::int64_t row);
    Result<Statement *> ask(std::unordered_map<std::int64_t, Statement> &kept, std::int64_t part, std::string_view condition);

    Database &m_database;
    const std::vector<TextPart> &m_parts;
    std::string m_expression;
    Stretches m_known;
    std::int64_t m_lastLooked = 0;
    int m_looksNearby = 0;
    std::unordered_map<std::int64_t, Statement> m_points, m_ranges; ///< by part
};

/// The full-text index as the questions of one reader see it. Bodies that are not in it yet are looked at themselves, so that
/// a call is found as soon as it is in the log. Query thread.
class TextSearch
{
public:
    TextSearch(ReaderSession &session, std::string path);
    ~TextSearch();

    /// Whether that call has the words of the expression. NotSupported: there is no index, and how to have one.
    Result<bool> has(const std::string &expression, std::int64_t row);
    /// The rows within [first, last] that may have them: the indexed ones do, and all that came since may.
    Result<> addRows(const std::string &expression, std::int64_t first, std::int64_t last, std::vector<std::int64_t> &rows);

    /// A question is over: the next one looks at the index as it is then.
    void endQuestion();

private:
    Result<> beginQuestion();
    Result<> open();
    Result<TextRows *> rowsOf(const std::string &expression);

    const std::string m_path;
    std::unique_ptr<Database> m_database;
    std::pair<std::uint64_t, std::uint64_t> m_file {}; ///< device and number of the file that is open
    FreshTexts m_fresh;
    bool m_asking = false;              ///< a question runs that has asked for words
    std::vector<TextPart> m_parts;      ///< of the question that runs, as are the next two
    TextPlace m_place;
    std::unordered_map<std::string, TextRows> m_rows;
};

/// Lets conditions ask `text_has(expression, row)` of the search. It outlives the connection's statements.
Result<> addTextFunction(sqlite3 *connection, TextSearch &search, std::optional<Error> &problem);

} // namespace gateway::storage
