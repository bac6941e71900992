// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/body_codec.h"
#include "gateway/storage/call_log_schema.h"
#include "gateway/storage/database.h"
#include "gateway/storage/filter_sql.h"
#include "gateway/storage/text_search.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace gateway::storage {

/// What an Interrupter may touch while the reader lives.
struct InterruptShared
{
    std::mutex mutex;
    sqlite3 *handle = nullptr; ///< null: the reader is gone
    std::atomic<bool> interrupted = false;
};

/// A read-only connection with what all questions need. Query thread.
class ReaderSession
{
public:
    ReaderSession(std::unique_ptr<Database> database, std::shared_ptr<InterruptShared> shared);
    ~ReaderSession();

    /// Prepares, binds and runs. Cancelled where the question was interrupted, also between two statements.
    Result<Statement> ask(const Sql &sql);
    /// The same for a statement that is asked again and again: prepared into `kept` the first time.
    Result<Statement *> ask(std::optional<Statement> &kept, std::string_view text, std::int64_t value);
    Result<std::optional<std::int64_t>> number(const Sql &sql); ///< nullopt: no row, or NULL
    /// What a result's end means: an error, or just the end.
    Result<> ended(const Statement &statement) const;

    /// The name with that number; empty for 0 and for numbers that are gone.
    Result<std::string> name(std::int64_t id);

    /// The customer with that number; empty for those that lost their name (customer_table.h).
    Result<const std::string *> customer(std::int64_t number); ///< holds until the next call

    /// What a BodyCodec asks for dictionaries; the session outlives it.
    BodyCodec::Dictionaries dictionaries();

    /// Answers what filters ask by text: terms.
    TextSearch &texts() { return m_texts; }

    /// The calls after the mark: the writer has put them into no block and no roll-up yet (call_tail.h).
    struct Tail
    {
        std::int64_t sealedRow = 0;      ///< those after this row
        std::int64_t fromUs = 0, toUs = 0; ///< [from, to) in which they began; equal: there are none
    };
    Result<Tail> tail();

    /// Runs a question over one state of the database.
    template <typename Question>
    auto consistently(Question question) -> decltype(question())
    {
        m_shared->interrupted = false;
        m_tail.reset();
        m_textProblem.reset();
        if (auto begun = m_database->run("BEGIN"); !begun)
            return std::unexpected(begun.error());
        auto answer = question();
        end();
        return answer;
    }

private:
    void end();
    [[nodiscard]] Error reason(const Error &error) const; ///< of a statement that failed

    std::unique_ptr<Database> m_database;
    std::shared_ptr<InterruptShared> m_shared;
    TextSearch m_texts;
    std::optional<Error> m_textProblem; ///< why a text: term could not be answered
    std::unordered_map<std::int64_t, std::string> m_names, m_customers;
    std::optional<Statement> m_customer;
    std::optional<Tail> m_tail; ///< of the question that runs
};

} // namespace gateway::storage
