// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/body_rows.h"

#include "gateway/storage/schemas.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::storage {

namespace {

Result<BodyStretch> readBodies(ReaderSession &session, BodyCodec &codec, StretchOf which, std::int64_t row, int most, std::size_t bytes)
{
    BodyStretch stretch;
    const auto first = session.number(Sql {.text = "SELECT min(row) FROM bodies", .values = {}});
    const auto last = session.number(Sql {.text = "SELECT value FROM marks WHERE name = 'last_row'", .values = {}});
    if (!first || !last)
        return std::unexpected(first ? last.error() : first.error());
    stretch.firstRow = first->value_or(0);
    stretch.lastRow = last->value_or(0);
    const bool after = which == StretchOf::RowsAfter;
    Sql sql;
    sql.add(fmt::format("SELECT row, at_us, {} FROM bodies WHERE row {} ? ORDER BY row {}", bodyColumns, after ? ">" : "<", after ? "ASC" : "DESC"), row);
    auto statement = session.ask(sql.add(" LIMIT ?", std::int64_t {most} + 1));
    if (!statement)
        return std::unexpected(statement.error());
    std::size_t read = 0;
    while (statement->next()) {
        if (stretch.calls.size() == static_cast<std::size_t>(most) || read >= bytes) {
            stretch.more = true;
            break;
        }
        auto bodies = unpackBodies(*statement, 2, codec);
        if (!bodies)
            bodies = CapturedBodies {}; // damaged: whoever opens the call is told so
        read += bodies->request.size() + bodies->answer.size() + bodies->sent.size() + bodies->received.size();
        stretch.calls.push_back({.row = statement->integer(0), .atUs = statement->integer(1), .bodies = std::move(*bodies)});
    }
    if (auto end = session.ended(*statement); !end && !stretch.more)
        return std::unexpected(end.error());
    if (!after)
        std::ranges::reverse(stretch.calls);
    return stretch;
}

} // namespace

Result<CapturedBodies> unpackBodies(const Statement &row, int column, BodyCodec &codec)
{
    CapturedBodies bodies;
    const std::int64_t flags = row.integer(column++);
    for (std::string *body : {&bodies.request, &bodies.answer, &bodies.sent, &bodies.received}) {
        auto unpacked = codec.unpacked(row.blob(column++));
        if (!unpacked)
            return std::unexpected(unpacked.error());
        *body = std::move(*unpacked);
    }
    bodies.requestCut = (flags & body_flag::requestCut) != 0;
    bodies.answerCut = (flags & body_flag::answerCut) != 0;
    bodies.sentCut = (flags & body_flag::sentCut) != 0;
    bodies.receivedCut = (flags & body_flag::receivedCut) != 0;
    bodies.dropped = (flags & body_flag::dropped) != 0;
    return bodies;
}

Result<CapturedBodies> readBodiesOf(ReaderSession &session, BodyCodec &codec, std::int64_t row)
{
    auto statement = session.ask(Sql {.text = fmt::format("SELECT {} FROM bodies WHERE row = ?", bodyColumns), .values = {row}});
    if (!statement)
        return std::unexpected(statement.error());
    if (statement->next())
        return unpackBodies(*statement, 0, codec);
    if (auto end = session.ended(*statement); !end)
        return std::unexpected(end.error());
    return CapturedBodies {};
}

Result<std::unique_ptr<BodyReader>> BodyReader::open(const std::string &path)
{
    auto database = Database::open({.path = path, .access = Access::ReadOnly}, callLogSchema());
    if (!database)
        return std::unexpected(database.error());
    return std::unique_ptr<BodyReader>(new BodyReader(std::move(*database)));
}

Result<BodyStretch> BodyReader::read(StretchOf which, std::int64_t row, int most, std::size_t bytes)
{
    return m_session.consistently([&] { return readBodies(m_session, m_codec, which, row, most, bytes); });
}

} // namespace gateway::storage
