// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/http.h"
#include "gateway/stages/attempts/chat_pass.h"
#include "gateway/stages/attempts/event_pass.h"
#include "gateway/stages/attempts/try.h"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::stages {

/// Relays one stream to the caller, event by event, as its StreamPass makes them. Holds everything back until the first content: up to
/// there a failure is only this attempt's. From there on a failure is told in the stream, which is then cut (faults.md,
/// the rule under all rows). A slow caller slows the reads: nothing is read while bytes wait to be written.
class StreamRelay : public Pooled
{
public:
    /// Whether the answer is a stream that was asked for; all else is WholeAnswer's.
    static bool fits(const pipeline::Exchange &x, const AttemptBook &book, const AnswerForm &form, const pipeline::UpstreamHead &head);

    /// All of it outlives this. Where the try has a continuation, a stream that is cut is left to whoever made that; else it is told here.
    StreamRelay(const Try &attempt, AnswerForm &form, pipeline::UpstreamCall &call);
    ~StreamRelay();
    StreamRelay(const StreamRelay &) = delete;
    StreamRelay &operator=(const StreamRelay &) = delete;

    pipeline::Task<void> run();

private:
    using Next = StreamPass::Next;

    Next take(const Result<pipeline::UpstreamBytes> &read);
    Next failWith(ErrorCode code, std::string message);
    void capture(std::string_view bytes);
    void lose();

    pipeline::Task<Next> onSilence(SteadyTime silentAt);
    pipeline::Task<bool> passGate();
    pipeline::Task<bool> flush();
    pipeline::Task<void> finish();
    pipeline::Task<void> failed();
    pipeline::Task<void> readToEnd();
    [[nodiscard]] SteadyTime silentAt() const;

    const Try &m_try;
    pipeline::Exchange &m_x;
    AttemptBook &m_book;
    AnswerForm &m_form;
    pipeline::UpstreamCall &m_call;
    std::optional<ChatPass> m_chat;   ///< one of these two
    std::optional<EventPass> m_events;
    StreamPass &m_pass;               ///< that one
    std::string m_out;            ///< for the caller; held until m_open
    std::string m_early;          ///< the provider's bytes from before the gate, for the log
    bool m_passed;                ///< no gate, or through it
    bool m_open = false;          ///< first content has come: what is in m_out may go
    bool m_sent = false;          ///< content has gone to the caller: nothing may be tried again
    bool m_ended = false;         ///< all of the upstream's body has come
    SteadyTime m_lastBytes;
};

} // namespace gateway::stages
