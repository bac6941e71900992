// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/body_codec.h"
#include "gateway/storage/reader_session.h"

#include <vector>

namespace gateway::storage {

/// Reads rows of the call log back into records. Query thread.
class CallRows
{
public:
    explicit CallRows(ReaderSession &session) : m_session(session), m_codec(session.dictionaries()) {}

    /// The record of a row with its attempts, without bodies. NotFound.
    Result<CallRow> read(std::int64_t row);
    /// Fills in the bodies, or says that they expired.
    Result<CallDetail> withBodies(CallRow row);

private:
    Result<CallRow> readCall(const Statement &statement, std::int64_t row);
    Result<> readExtras(std::int64_t row, CallRecord &record);
    Result<> readAttempts(std::int64_t row, CallRecord &record);

    ReaderSession &m_session;
    BodyCodec m_codec;
    std::optional<Statement> m_call, m_extras, m_attempts; ///< a page asks them for each of its rows
    std::int64_t m_flags = 0; ///< of the row read last
};

} // namespace gateway::storage
