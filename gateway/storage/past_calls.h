// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/past_call.h"
#include "gateway/core/replay.h"
#include "gateway/storage/body_codec.h"
#include "gateway/storage/call_finder.h"
#include "gateway/storage/call_log_reader.h"

#include <functional>
#include <optional>
#include <vector>

namespace gateway::storage {

/// Reads what Replay goes by. One question's; query thread.
class PastCalls
{
public:
    explicit PastCalls(ReaderSession &session) : m_session(session), m_codec(session.dictionaries()) {}

    /// Sums over all visits in that time but those of tests and shadows; by provider, model and whether streams.
    Result<std::vector<TargetPast>> targets(Span span);

    using Sink = std::function<Result<>(const PastCall &call)>; ///< an error ends the reading
    using Progress = std::function<Result<>(double done)>;      ///< 0 to 1, of the time; likewise
    /// The calls of the query's range and filter that its sample draws, oldest first; no tests, no shadows, no summaries.
    Result<> each(const ReplayQuery &query, PastWish wish, const Sink &sink, const Progress &progress);

private:
    Result<> readLone(Span span, std::vector<TargetPast> &into);
    Result<> readVisits(Span span, std::vector<TargetPast> &into);
    Result<> readSlice(CallFinder &finder, Span span, const ReplayQuery &query, std::vector<PastCall> &into);
    Result<> readRow(const Statement &row, PastCall &call);
    Result<> readAttempts(PastCall &call);
    Result<> readBody(PastCall &call);

    ReaderSession &m_session;
    BodyCodec m_codec;
    std::optional<Statement> m_attempts, m_body;
};

} // namespace gateway::storage
