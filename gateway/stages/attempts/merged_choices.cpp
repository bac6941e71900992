// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/merged_choices.h"

#include "gateway/wire/neutral/overloaded.h"

#include <utility>

namespace gateway::stages {

void MergedChoices::onEvent(const wire::ChatEvent &event)
{
    if (m_answers == 1)
        return m_out.onEvent(event);
    std::visit(wire::Overloaded {
        [&](const wire::AnswerStart &start) {
            if (m_ended == 0)
                m_out.onEvent(start);
        },
        [&](const wire::UsageFound &found) {
            m_current = found.usage;
            m_counted = true;
        },
        [&](const wire::AnswerEnd &) { end(); },
        [&](const wire::AnswerError &error) { m_out.onEvent(error); },
        [&](const wire::NativeBlock &block) { m_out.onEvent(block); },
        [&](auto what) {
            what.choice = m_ended;
            m_out.onEvent(what);
        },
    }, event);
}

/// A sum without one of them would be too small: then none is told, and the whole is estimated.
void MergedChoices::end()
{
    m_usage += std::exchange(m_current, {});
    m_complete = m_complete && std::exchange(m_counted, false);
    if (++m_ended < m_answers)
        return;
    if (m_complete)
        m_out.onEvent(wire::UsageFound {m_usage});
    m_out.onEvent(wire::AnswerEnd {});
}

} // namespace gateway::stages
