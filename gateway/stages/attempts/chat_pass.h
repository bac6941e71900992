// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/providers/answer_rewrite.h"
#include "gateway/stages/attempts/stream_pass.h"
#include "gateway/wire/chat_stream_scan.h"
#include "gateway/wire/neutral/answer_decoder.h"
#include "gateway/wire/sse_parser.h"

#include <memory>
#include <optional>

namespace gateway::pipeline {
struct Exchange;
}

namespace gateway::stages {

class AttemptBook;
class Continuation;
struct AnswerForm;

/// OpenAI in and out: byte for byte, event by event, only scanned (architecture.md, "Fast path").
class ChatPass final : public StreamPass
{
public:
    /// @param continuation  null: nobody listens
    ChatPass(pipeline::Exchange &x, AttemptBook &book, const AnswerForm &form, Continuation *continuation, int httpStatus);

    Next take(std::string_view bytes, std::string &out) override;
    Next takeEnd(std::string &out) override;
    void finish(std::string &out) override;
    [[nodiscard]] bool contentSeen() const override { return m_scan.contentSeen(); }
    [[nodiscard]] bool isWithheld() const override { return !contentSeen() && m_scan.finishReason() == "content_filter"; }
    [[nodiscard]] TokenUsage usage() const override;

private:
    Next takeEvent(const wire::SseEvent &event, std::string &out);
    Next failWith(ErrorCode code, std::string message);
    void pass(const wire::SseEvent &event, const wire::ChunkInfo &chunk, std::string &out);
    void passWithoutUsage(const wire::SseEvent &event, const wire::ChunkInfo &chunk, std::string &out);
    void rememberNames(const wire::SseEvent &event, const wire::ChunkInfo &chunk);
    void addMissingUsage(std::string &out) const;

    pipeline::Exchange &m_x;
    AttemptBook &m_book;
    int m_httpStatus;
    Continuation *m_continuation;
    std::unique_ptr<wire::AnswerDecoder> m_decoder; ///< for m_continuation
    wire::SseParser m_parser;
    wire::ChatStreamScan m_scan;
    std::optional<providers::StreamRewriter> m_rewriter; ///< only where the provider's events need one
    bool m_usageSent = false;
    std::string m_id, m_model; ///< of the first chunk that has them, for a usage chunk of our own
};

} // namespace gateway::stages
