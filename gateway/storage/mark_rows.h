// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"
#include "gateway/core/mark_change.h"
#include "gateway/storage/reader_session.h"

#include <optional>
#include <vector>

/// What people noted at calls: the rows of `call_marks`.
namespace gateway::storage {

class Database;

/// Writes them, in a transaction of their own: all or none. Calls that the log does not have (any more) are passed over.
/// Writer's thread.
/// @return the marks that were there before, of the calls that it has. NotFound: it has none of them
Result<std::vector<MarkChange>> writeMarks(Database &database, const std::vector<MarkChange> &changes);

/// Reads the marks of rows, one after the other. Query thread.
class MarkReader
{
public:
    explicit MarkReader(ReaderSession &session) : m_session(session) {}
    Result<CallMark> read(std::int64_t row);

private:
    ReaderSession &m_session;
    std::optional<Statement> m_ask;
};

/// The colours that calls have, with how many have each. Query thread.
Result<std::vector<FieldValue>> coloursUsed(ReaderSession &session);

} // namespace gateway::storage
