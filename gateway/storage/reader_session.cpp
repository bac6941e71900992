// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/reader_session.h"

namespace gateway::storage {

namespace {

constexpr std::size_t namesAtMost = 100'000;

std::unexpected<Error> interrupted()
{
    return fail(ErrorCode::Cancelled, "The question was stopped, because a newer one took its place.");
}

} // namespace

ReaderSession::ReaderSession(std::unique_ptr<Database> database, std::shared_ptr<InterruptShared> shared) : m_database(std::move(database)), m_shared(std::move(shared)), m_texts(*this, textPathBeside(m_database->path()))
{
    if (auto added = addTextFunction(m_database->handle(), m_texts, m_textProblem); !added)
        m_textProblem = added.error(); // each text: term then fails, and nothing else does
    const std::lock_guard lock(m_shared->mutex);
    m_shared->handle = m_database->handle();
}

ReaderSession::~ReaderSession()
{
    const std::lock_guard lock(m_shared->mutex);
    m_shared->handle = nullptr;
}

Result<Statement> ReaderSession::ask(const Sql &sql)
{
    if (m_shared->interrupted)
        return interrupted();
    auto statement = m_database->prepare(sql.text);
    if (!statement)
        return statement;
    sql.bindTo(*statement);
    if (auto run = statement->run(); !run)
        return std::unexpected(reason(run.error()));
    return statement;
}

Result<Statement *> ReaderSession::ask(std::optional<Statement> &kept, std::string_view text, std::int64_t value)
{
    if (m_shared->interrupted)
        return interrupted();
    if (!kept) {
        auto statement = m_database->prepare(text);
        if (!statement)
            return std::unexpected(statement.error());
        kept.emplace(std::move(*statement));
    }
    if (auto run = kept->bind(value).run(); !run)
        return std::unexpected(run.error());
    return &*kept;
}

Result<std::optional<std::int64_t>> ReaderSession::number(const Sql &sql)
{
    auto statement = ask(sql);
    if (!statement)
        return std::unexpected(statement.error());
    if (statement->next())
        return statement->maybeInteger(0);
    if (auto end = ended(*statement); !end)
        return std::unexpected(end.error());
    return std::nullopt;
}

Result<> ReaderSession::ended(const Statement &statement) const
{
    if (m_shared->interrupted)
        return interrupted();
    const auto failed = statement.failure();
    return failed ? Result<> {} : std::unexpected(reason(failed.error()));
}

Error ReaderSession::reason(const Error &error) const
{
    return m_textProblem.value_or(error);
}

Result<std::string> ReaderSession::name(std::int64_t id)
{
    if (id == 0)
        return std::string();
    if (const auto known = m_names.find(id); known != m_names.end())
        return known->second;
    auto statement = ask(Sql {.text = "SELECT name FROM names WHERE id = ?", .values = {id}});
    if (!statement)
        return std::unexpected(statement.error());
    if (!statement->next()) {
        if (auto end = ended(*statement); !end)
            return std::unexpected(end.error());
        return std::string();
    }
    if (m_names.size() >= namesAtMost)
        m_names.clear();
    return m_names.emplace(id, statement->text(0)).first->second;
}

Result<const std::string *> ReaderSession::customer(std::int64_t number)
{
    if (const auto known = m_customers.find(number); known != m_customers.end())
        return &known->second;
    auto asked = ask(m_customer, "SELECT name FROM customers WHERE id = ?", number);
    if (!asked)
        return std::unexpected(asked.error());
    std::string name = (*asked)->next() ? (*asked)->text(0) : std::string();
    const Result<> end = ended(**asked);
    (*asked)->finish(); // a kept statement must not hold the read open
    if (!end)
        return std::unexpected(end.error());
    if (m_customers.size() >= namesAtMost)
        m_customers.clear();
    return &m_customers.emplace(number, std::move(name)).first->second;
}

BodyCodec::Dictionaries ReaderSession::dictionaries()
{
    return [this](std::int64_t number) -> Result<QByteArray> {
        auto asked = ask(Sql {.text = "SELECT bytes FROM dictionaries WHERE id = ?", .values = {number}});
        if (!asked)
            return std::unexpected(asked.error());
        if (asked->next())
            return asked->blob(0);
        if (auto end = ended(*asked); !end)
            return std::unexpected(end.error());
        return fail(ErrorCode::Invalid, "A stored body cannot be shown: the dictionary that it was packed by is missing.");
    };
}

Result<ReaderSession::Tail> ReaderSession::tail()
{
    if (m_tail)
        return *m_tail;
    auto statement = ask(Sql {.text = "SELECT m.value, (SELECT min(started_us) FROM calls NOT INDEXED WHERE row > m.value), (SELECT max(started_us) FROM calls NOT INDEXED WHERE row > m.value) "
                                      "FROM marks AS m WHERE m.name = 'sealed_row'",
                              .values = {}});
    if (!statement)
        return std::unexpected(statement.error());
    Tail tail;
    if (statement->next()) {
        tail.sealedRow = statement->integer(0);
        if (const auto from = statement->maybeInteger(1)) {
            tail.fromUs = *from;
            tail.toUs = statement->integer(2) + 1;
        }
    }
    if (auto end = ended(*statement); !end)
        return std::unexpected(end.error());
    m_tail = tail;
    return tail;
}

/// Ends a read: nothing can be lost. No interrupt may stop this, or the next question would find a transaction open.
void ReaderSession::end()
{
    m_texts.endQuestion();
    const std::lock_guard lock(m_shared->mutex);
    if (!m_database->run("COMMIT"))
        static_cast<void>(m_database->run("ROLLBACK"));
}

} // namespace gateway::storage
