// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_event.h"

#include <cstdint>

namespace gateway::stages {

/// Makes one answer with several choices of several answers with one each, read one behind another: each is the choice
/// that its place says, and their usage is added up.
class MergedChoices final : public wire::ChatEventSink
{
public:
    /// @param answers  how many come; 1: their events go on as they are
    MergedChoices(std::uint32_t answers, wire::ChatEventSink &out) : m_answers(answers), m_out(out) {}

    void onEvent(const wire::ChatEvent &event) override;

private:
    void end();

    std::uint32_t m_answers;
    wire::ChatEventSink &m_out;
    std::uint32_t m_ended = 0;        ///< also the number of the one that is read now
    TokenUsage m_usage {};            ///< of those that have ended
    TokenUsage m_current {};          ///< of the one that is read now, as far as it was told
    bool m_counted = false;           ///< it was told
    bool m_complete = true;           ///< each that has ended told its own
};

} // namespace gateway::stages
