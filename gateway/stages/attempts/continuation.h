// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/stages/attempts/answer_form.h"
#include "gateway/wire/neutral/answer_decoder.h"
#include "gateway/wire/neutral/answer_writer.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::pipeline {
struct Exchange;
}

namespace gateway::stages {

/// Knows what a stream has said to the caller so far, so that another target can go on with it where it is cut (faults.md
/// F10, `rescue: continue`). One for each call of a route that wants this, over all of its attempts. It stands in the place of the
/// writer of the caller's format: the first attempt's events are written by it, or, where the provider's own bytes pass,
/// only heard, so that it could write the next; those of a later attempt become the rest of the same answer.
class Continuation final : public wire::AnswerWriter
{
public:
    /// Whether the route rescues so and the call may need it: a chat that is streamed.
    static bool wanted(const pipeline::Exchange &x);

    explicit Continuation(pipeline::Exchange &x) : m_x(x) {}

    /// An attempt begins, anew or with the rest of the answer, if content has gone to the caller.
    /// @param form  of its answer; outlives the attempt
    void begin(const AnswerForm &form);
    void onEvent(const wire::ChatEvent &event) override;
    void setCost(std::optional<Money> cost) override;
    [[nodiscard]] std::string errorEvent(const Error &error) const override;
    /// What was written, for whoever takes it away.
    [[nodiscard]] std::string &written() { return m_written; }

    /// Of a stream that passes as it is: one event of it, for `decoder` to read.
    void hear(wire::AnswerDecoder &decoder, std::string_view type, std::string_view data);

    /// All that came so far has gone to the caller.
    void relayed();
    /// Content has gone to the caller: whatever comes now goes on with it.
    [[nodiscard]] bool hasBegun() const { return m_begun; }
    /// Whether another target may be asked for the rest: text alone has come, and none that has to be JSON.
    [[nodiscard]] bool isPossible() const;
    /// What the attempt that was cut used: told to the caller with what the rest uses.
    void addUsed(const TokenUsage &usage) { m_used += usage; }

    [[nodiscard]] std::string said() const;           ///< plain text
    [[nodiscard]] std::int64_t tokensSaid() const;    ///< an estimate

private:
    void makeWriter(const wire::AnswerStart &start);
    void write(const wire::ChatEvent &event);
    void take(const wire::TextDelta &delta);
    void say(wire::Chars text);
    void join(bool moreComes);

    pipeline::Exchange &m_x;
    const AnswerForm *m_form = nullptr;
    std::unique_ptr<wire::AnswerWriter> m_writer; ///< made with the answer's start
    std::string m_written;
    std::string m_said;          ///< as characters of a JSON string
    std::size_t m_relayed = 0;   ///< of m_said
    bool m_begun = false;        ///< content has gone to the caller
    bool m_goesOn = false;       ///< the attempt under way brings the rest
    bool m_joining = false;      ///< and how it joins is not known yet
    bool m_textAlone = true;
    std::string m_held;          ///< at the joint: what came of the rest, as characters of a JSON string
    TokenUsage m_used;           ///< of attempts that said what stands before the joint
};

} // namespace gateway::stages
