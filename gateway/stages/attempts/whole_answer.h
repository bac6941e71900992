// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/pooled_containers.h"
#include "gateway/pipeline/http.h"
#include "gateway/stages/attempts/answer_conversion.h"
#include "gateway/stages/attempts/answer_form.h"
#include "gateway/stages/attempts/try.h"

#include <cstdint>
#include <optional>
#include <string>

namespace gateway::stages {

/// Reads an answer that does not come as the stream that was asked for to its end, and passes it on only if it is one:
/// errors, HTML, cut-off JSON and empty bodies are failures of the attempt (faults.md F13 to F18). A caller who wants a
/// stream gets one, and a stream that nobody asked for becomes a whole answer.
class WholeAnswer : public Pooled
{
public:
    /// All of it outlives this.
    WholeAnswer(const Try &attempt, AnswerForm &form, pipeline::UpstreamCall &call);
    pipeline::Task<void> run();

private:
    enum class Next : std::uint8_t {
        Read, ///< more bytes are needed
        Beat, ///< a comment is due
        Judge ///< all that there is has come, or m_error says why not
    };

    // What came in: plain functions, nothing is awaited while the answer is looked at.
    Next take(const Result<pipeline::UpstreamBytes> &read);
    Next failWith(ErrorCode code, std::string message);
    bool judge();
    bool accept();
    bool acceptChat();
    bool acceptScanned();
    bool acceptCompletionStream();
    bool acceptWatched();
    bool acceptConverted(AnswerConversion::Form came);
    bool acceptEmbeddings();
    bool acceptOpaque();
    void accepted();
    void fail(AttemptEnd end);
    bool failWithheld();
    void lose();
    pipeline::Task<bool> passGate();
    [[nodiscard]] SteadyTime silentAt() const;

    const Try &m_try;
    pipeline::Exchange &m_x;
    AttemptBook &m_book;
    AnswerForm &m_form;
    pipeline::UpstreamCall &m_call;
    const int m_status;
    const SteadyTime m_headAt;
    SteadyTime m_lastBytes;
    PooledText m_body;            ///< what has come, where it comes in pieces
    std::string_view m_came;      ///< all that came
    std::string m_made;           ///< what is sent in its place
    std::string_view m_answer;    ///< what the caller gets: one of them
    std::string m_received;       ///< as it came, for the log: of a try that may yet lose
    bool m_asStream = false;      ///< what the caller gets is one
    std::optional<Error> m_error; ///< why it is not whole
};

} // namespace gateway::stages
