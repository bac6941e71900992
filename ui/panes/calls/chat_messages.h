// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"

#include <QList>
#include <QString>

namespace ui::calls {

/// One message of a conversation, as a card shows it.
struct ChatMessage
{
    QString role;             ///< "system", "user", "assistant", "tool", "error", "input"
    QString text;
    QString thinking;         ///< reasoning that came along
    struct ToolCall
    {
        QString name, arguments;
    };
    QList<ToolCall> tools;
    QString note;             ///< at the right of the card's head: "stop", "tool_call_id …"
};

/// The request's messages, in OpenAI's, Anthropic's, Gemini's or the Responses' form; a prompt (completions) or an input
/// (embeddings). Told apart by what stands in it, and by the endpoint where two write alike. Empty where it is none of these.
QList<ChatMessage> requestMessages(gateway::Endpoint endpoint, const std::string &body);
/// The answer in any of these forms: JSON, or an event stream joined to its text. Several choices are several messages.
QList<ChatMessage> answerMessages(const std::string &body);

} // namespace ui::calls
