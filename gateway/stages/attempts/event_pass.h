// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/stages/attempts/answer_watch.h"
#include "gateway/stages/attempts/continuation.h"
#include "gateway/stages/attempts/stream_pass.h"
#include "gateway/wire/event_framing.h"

#include <memory>

namespace gateway::stages {

/// A stream in a format other than OpenAI's chat, or for a caller who speaks another: its events are decoded, and either
/// pass byte for byte (the caller speaks the same) or are written anew.
class EventPass final : public StreamPass
{
public:
    /// How the stream of such an answer is cut.
    static wire::FramingKind framingOf(const AttemptBook &book, const AnswerForm &form);

    /// @param form          outlives this
    /// @param continuation  null: nobody listens; else it writes, too
    EventPass(pipeline::Exchange &x, AttemptBook &book, const AnswerForm &form, Continuation *continuation, int httpStatus);

    Next take(std::string_view bytes, std::string &out) override;
    Next takeEnd(std::string &out) override;
    void finish(std::string &out) override;
    [[nodiscard]] bool contentSeen() const override { return m_watch.contentSeen(); }
    [[nodiscard]] bool isWithheld() const override { return !contentSeen() && m_watch.isWithheld(); }
    [[nodiscard]] TokenUsage usage() const override { return m_watch.usage(); }
    [[nodiscard]] std::string errorEvent(const Error &error) const override;

private:
    Next takeEvent(const wire::FramedEvent &event, std::string &out);
    void pass(const wire::FramedEvent &event, std::string &out);
    void addWritten(std::string &out);
    Next judge();
    Next failWith(ErrorCode code, std::string message);

    pipeline::Exchange &m_x;
    AttemptBook &m_book;
    int m_httpStatus;
    bool m_native;                               ///< the bytes pass
    bool m_asArray;                              ///< as elements of one JSON array, which Google's callers get without alt=sse
    bool m_anyElement = false;
    std::string m_made;                          ///< what the writer wrote since the last look
    std::unique_ptr<wire::EventFraming> m_framing;
    std::unique_ptr<wire::AnswerDecoder> m_decoder;
    Continuation *m_continuation;
    std::unique_ptr<wire::AnswerWriter> m_writer; ///< null: native, or m_continuation writes
    AnswerWatch m_watch;
};

} // namespace gateway::stages
