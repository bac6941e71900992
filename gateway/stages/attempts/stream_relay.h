// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/http.h"
#include "gateway/providers/answer_rewrite.h"
#include "gateway/stages/attempts/attempt_book.h"
#include "gateway/stages/attempts/attempt_end.h"
#include "gateway/stages/attempts/keepalive.h"
#include "gateway/wire/chat_stream_scan.h"
#include "gateway/wire/sse_parser.h"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::stages {

/// Relays one stream to the caller, byte for byte, event by event. Holds everything back until the first content: up to
/// there a failure is only this attempt's. From there on a failure is told in the stream, which is then cut (faults.md,
/// the rule under all rows). A slow caller slows the reads: nothing is read while bytes wait to be written.
class StreamRelay
{
public:
    /// Whether the answer is a stream that was asked for; all else is WholeAnswer's.
    static bool fits(const pipeline::Exchange &x, const pipeline::UpstreamHead &head);

    /// @param end  how it ended; untouched where the caller left
    StreamRelay(pipeline::Exchange &x, AttemptBook &book, pipeline::UpstreamCall &call, Keepalive &alive, AttemptEnd &end);
    ~StreamRelay();
    StreamRelay(const StreamRelay &) = delete;
    StreamRelay &operator=(const StreamRelay &) = delete;

    pipeline::Task<void> run();

private:
    enum class Next : std::uint8_t {
        Read,   ///< more bytes are needed
        Finish, ///< the answer is whole
        Fail    ///< m_end says why
    };

    // What came in: plain functions, nothing is awaited while events are looked at.
    Next take(const Result<pipeline::UpstreamBytes> &read);
    Next takeEvent(const wire::SseEvent &event);
    Next takeEnd();
    Next failWith(ErrorCode code, std::string message);
    void pass(const wire::SseEvent &event, const wire::ChunkInfo &chunk);
    void rememberNames(const wire::SseEvent &event, const wire::ChunkInfo &chunk);
    void addMissingUsage();

    pipeline::Task<Next> onSilence(SteadyTime silentAt);
    pipeline::Task<bool> flush();
    pipeline::Task<void> finish();
    pipeline::Task<void> failed();
    pipeline::Task<void> readToEnd();
    [[nodiscard]] SteadyTime silentAt() const;

    pipeline::Exchange &m_x;
    AttemptBook &m_book;
    pipeline::UpstreamCall &m_call;
    Keepalive &m_alive;
    wire::SseParser m_parser;
    wire::ChatStreamScan m_scan;
    std::optional<providers::StreamRewriter> m_rewriter; ///< only where the provider's events need one
    std::string m_out;            ///< for the caller; held until m_open
    bool m_open = false;          ///< first content has come: what is in m_out may go
    bool m_sent = false;          ///< content has gone to the caller: nothing may be tried again
    bool m_usageSent = false;
    bool m_ended = false;         ///< the upstream's body was read to its end
    SteadyTime m_lastBytes;
    std::string m_id, m_model;    ///< of the first chunk that has them, for a usage chunk of our own
    AttemptEnd &m_end;
};

} // namespace gateway::stages
