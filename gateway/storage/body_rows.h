// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/body_codec.h"
#include "gateway/storage/reader_session.h"

#include <memory>
#include <string>
#include <vector>

/// The bodies of the call log in the order of their rows. Query thread.
namespace gateway::storage {

struct StoredBodies
{
    std::int64_t row = 0;
    std::int64_t atUs = 0; ///< when the call began
    CapturedBodies bodies;
};

/// Some that follow one another: there are no other bodies between them.
struct BodyStretch
{
    std::vector<StoredBodies> calls; ///< by row, ascending
    bool more = false;               ///< there are others beyond
    std::int64_t firstRow = 0;       ///< of all bodies; 0: there are none
    std::int64_t lastRow = 0;        ///< of the log, with bodies or without
};

enum class StretchOf : std::uint8_t { RowsAfter, RowsBefore };

/// Reads them over a connection of its own. The thread that opened it.
class BodyReader
{
public:
    /// @param path  of calls.db, of the present version
    static Result<std::unique_ptr<BodyReader>> open(const std::string &path);

    /// Those next to a row, at most `most`, and of about `bytes` at most (one, at least, where there is one).
    Result<BodyStretch> read(StretchOf which, std::int64_t row, int most, std::size_t bytes);

private:
    explicit BodyReader(std::unique_ptr<Database> database) : m_session(std::move(database), std::make_shared<InterruptShared>()), m_codec(m_session.dictionaries()) {}
    ReaderSession m_session;
    BodyCodec m_codec;
};

/// Of one row; empty ones where it has none.
Result<CapturedBodies> readBodiesOf(ReaderSession &session, BodyCodec &codec, std::int64_t row);

/// Columns of `bodies` from which unpackBodies() reads, in its order.
inline constexpr std::string_view bodyColumns = "flags, request, answer, sent, received";
Result<CapturedBodies> unpackBodies(const Statement &row, int column, BodyCodec &codec);

} // namespace gateway::storage
