// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/stages/attempts/answer_watch.h"
#include "gateway/stages/attempts/attempt_end.h"
#include "gateway/stages/attempts/merged_choices.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::stages {

/// Writes answers that have come to their last byte in the form in which the caller asked for one: whole, or as a stream,
/// whichever of the two the provider chose (wire.md 4.5). Several become the choices of one answer. One for each attempt,
/// on its worker; no I/O.
class AnswerConversion
{
public:
    enum class Form : std::uint8_t { Whole, Stream };

    /// How a provider's answer has come, by its Content-Type.
    static Form formOf(const AttemptBook &book, const AnswerForm &form, std::string_view contentType);

    /// @param form     outlives this
    /// @param answers  how many will be added
    /// @param apart    gets what came, in the place of the call's log; null: the log does
    AnswerConversion(pipeline::Exchange &x, AttemptBook &book, const AnswerForm &form, std::uint32_t answers = 1, std::string *apart = nullptr);

    /// @return how the attempt failed; nullopt: the answer is a whole one
    std::optional<AttemptEnd> add(std::string_view body, Form came, int httpStatus);
    /// Rules for content, the provider's or the model's own, ended one of them.
    [[nodiscard]] bool isWithheld() const { return m_watch.isWithheld(); }
    /// The caller's answer, once all are there. The book has its usage then.
    std::string take();

private:
    void readStream(wire::AnswerDecoder &decoder, std::string_view stream);

    pipeline::Exchange &m_x;
    AttemptBook &m_book;
    const AnswerForm &m_form;
    std::string *m_apart;
    std::string m_stream;                               ///< what the writer of one has written
    std::unique_ptr<wire::AnswerWriter> m_streamWriter; ///< one of these two
    std::unique_ptr<wire::BodyWriter> m_bodyWriter;
    AnswerWatch m_watch;
    MergedChoices m_choices;
};

} // namespace gateway::stages
