// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/token_usage.h"
#include "gateway/stages/attempts/answer_form.h"
#include "gateway/wire/neutral/answer_writer.h"
#include "gateway/wire/neutral/kept_reasoning.h"
#include "gateway/wire/token_estimate.h"

#include <optional>
#include <string>

namespace gateway::pipeline {
struct Exchange;
}

namespace gateway::stages {

class AttemptBook;

/// Stands between a decoder and the writer of the caller's format: notes what the gateway needs of an answer, and gives
/// the events on. Before the end it puts the usage into the book, so that the writer can tell what the call cost.
class AnswerWatch final : public wire::ChatEventSink
{
public:
    /// @param form     outlives this
    /// @param writer   null: nobody writes, the provider's bytes are the caller's
    /// @param answers  how many of the provider's are put together: each had the prompt
    AnswerWatch(pipeline::Exchange &x, AttemptBook &book, const AnswerForm &form, wire::AnswerWriter *writer, std::int64_t answers = 1);

    void onEvent(const wire::ChatEvent &event) override;

    /// Where a route goes on to the next target after a refusal, the words for it are no content yet.
    [[nodiscard]] bool contentSeen() const { return m_content || (m_refused && !m_refusalMayFallBack); }
    /// The provider's rules for content, or the model's own, ended the answer.
    [[nodiscard]] bool isWithheld() const { return m_withheld; }
    [[nodiscard]] bool ended() const { return m_ended; }
    [[nodiscard]] bool failed() const { return m_failed; }
    [[nodiscard]] const std::string &errorObject() const { return m_error; } ///< empty: bytes that are not of the format
    [[nodiscard]] TokenUsage usage() const; ///< the provider's count, or an estimate of what came

private:
    void note(const wire::ChatEvent &event);
    void giveUp(wire::Chars word);
    void begin(const wire::AnswerStart &start);
    void count(wire::Chars text);
    void say(wire::Chars text);

    pipeline::Exchange &m_x;
    AttemptBook &m_book;
    const AnswerForm &m_form;
    wire::AnswerWriter *m_writer;
    std::int64_t m_answers;
    std::optional<wire::ReasoningCollector> m_reasoning; ///< where the provider may want some of it back
    const bool m_refusalMayFallBack;
    bool m_content = false;
    bool m_refused = false;
    bool m_withheld = false;
    bool m_finished = false; ///< its reason to end has come
    bool m_ended = false;
    bool m_failed = false;
    std::string m_error;
    std::string m_id; ///< of a response that its provider keeps, plain
    std::optional<TokenUsage> m_usage;
    wire::TextSize m_text;
};

/// The codec's settings for this call.
wire::AnswerSettings answerSettings(const pipeline::Exchange &x, const AnswerForm &form);
/// The decoder of what the provider speaks.
std::unique_ptr<wire::AnswerDecoder> decoderFor(const pipeline::Exchange &x, const AttemptBook &book, const AnswerForm &form);

} // namespace gateway::stages
