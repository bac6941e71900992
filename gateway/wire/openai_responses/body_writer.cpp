// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/openai_responses/answer_writer.h"

namespace gateway::wire::openai_responses {

void ResponsesBodyWriter::onEvent(const ChatEvent &event)
{
    if (const auto *start = std::get_if<AnswerStart>(&event))
        takeStart(m_head, *start);
    else if (const auto *usage = std::get_if<UsageFound>(&event))
        m_usage = usage->usage;
    m_items.onEvent(event);
}

std::string ResponsesBodyWriter::body()
{
    std::string out;
    JsonWriter json(out);
    writeResponse(json, m_head, statusOf(m_items.reason()), m_items, m_usage, m_cost);
    return out;
}

} // namespace gateway::wire::openai_responses
