// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/mark_rows.h"

#include "gateway/core/mark_colour.h"
#include "gateway/core/text.h"
#include "gateway/storage/call_row.h"
#include "gateway/storage/database.h"

#include <fmt/format.h>

namespace gateway::storage {

namespace {

constexpr std::string_view markOf = "SELECT colour, comment FROM call_marks WHERE row = ?";

CallMark markIn(const Statement &row)
{
    return {.colour = static_cast<int>(row.integer(0)), .comment = row.text(1)};
}

/// The statements of one transaction.
struct Pen
{
    Statement read, write, remove;

    static Result<Pen> take(Database &database)
    {
        auto read = database.prepare(markOf);
        auto write = database.prepare("INSERT OR REPLACE INTO call_marks (row, colour, comment) VALUES (?, ?, ?)");
        auto remove = database.prepare("DELETE FROM call_marks WHERE row = ?");
        for (const auto *each : {&read, &write, &remove}) {
            if (!*each)
                return std::unexpected(each->error());
        }
        return Pen {.read = std::move(*read), .write = std::move(*write), .remove = std::move(*remove)};
    }

    Result<CallMark> now(std::int64_t row)
    {
        if (auto run = read.bind(row).run(); !run)
            return std::unexpected(run.error());
        CallMark mark;
        if (read.next())
            mark = markIn(read);
        else if (auto failed = read.failure(); !failed)
            return std::unexpected(failed.error());
        read.finish();
        return mark;
    }

    Result<> put(std::int64_t row, const CallMark &mark)
    {
        if (mark == CallMark {})
            return remove.bind(row).run();
        return write.bind(row).bind(std::int64_t {mark.colour}).bindTextOrNull(mark.comment).run();
    }
};

Error notThere(const std::vector<MarkChange> &changes)
{
    if (changes.size() == 1)
        return {.code = ErrorCode::NotFound, .message = fmt::format("The call {} is not in the log (any more).", jsonQuoted(truncatedUtf8(changes.front().callId, 100))), .where = "id"};
    return {.code = ErrorCode::NotFound, .message = "The log has none of these calls (any more).", .where = "id"};
}

} // namespace

Result<std::vector<MarkChange>> writeMarks(Database &database, const std::vector<MarkChange> &changes)
{
    auto transaction = Transaction::begin(database);
    if (!transaction)
        return std::unexpected(transaction.error());
    auto pen = Pen::take(database);
    if (!pen)
        return std::unexpected(pen.error());
    std::vector<MarkChange> before;
    for (const MarkChange &change : changes) {
        const auto row = rowOfCall(database, change.callId);
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            continue;
        const auto mark = pen->now(**row);
        if (!mark)
            return std::unexpected(mark.error());
        if (auto put = pen->put(**row, {.colour = change.colour.value_or(mark->colour), .comment = change.comment.value_or(mark->comment)}); !put)
            return std::unexpected(put.error());
        before.push_back({.callId = change.callId, .colour = mark->colour, .comment = mark->comment});
    }
    if (before.empty())
        return std::unexpected(notThere(changes));
    if (auto committed = transaction->commit(); !committed)
        return std::unexpected(committed.error());
    return before;
}

Result<CallMark> MarkReader::read(std::int64_t row)
{
    auto asked = m_session.ask(m_ask, markOf, row);
    if (!asked)
        return std::unexpected(asked.error());
    Statement &statement = **asked;
    if (!statement.next()) {
        if (auto end = m_session.ended(statement); !end)
            return std::unexpected(end.error());
        return CallMark {};
    }
    CallMark mark = markIn(statement);
    statement.finish(); // a kept statement must not hold the read open
    return mark;
}

Result<std::vector<FieldValue>> coloursUsed(ReaderSession &session)
{
    auto asked = session.ask(Sql {.text = "SELECT colour, count(*) FROM call_marks WHERE colour > 0 GROUP BY colour", .values = {}});
    if (!asked)
        return std::unexpected(asked.error());
    std::vector<FieldValue> values;
    while (asked->next())
        values.push_back({.value = std::string(markColourName(static_cast<int>(asked->integer(0)))), .calls = static_cast<std::uint64_t>(asked->integer(1))});
    if (auto end = session.ended(*asked); !end)
        return std::unexpected(end.error());
    return values;
}

} // namespace gateway::storage
