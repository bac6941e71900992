// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/calls/chat_messages.h"

#include <QJsonArray>
#include <QJsonObject>

/// What messages are made of, in any format that a program may speak: their parts do not look alike, so that each can be
/// told by itself.
namespace ui::calls {

/// Takes the parts of one turn, one after the other.
class TurnReader
{
public:
    explicit TurnReader(const QString &role) { m_turn.role = role == u"model" ? QStringLiteral("assistant") : role; }
    void add(const QJsonValue &content); ///< a string, a part, or an array of these
    void setNote(const QString &note) { m_turn.note = note; }
    /// The turn; before it what tools gave, which Anthropic and Gemini put into a user's turn.
    [[nodiscard]] QList<ChatMessage> messages() const;

private:
    void addPart(const QJsonObject &part);
    void addText(const QString &text, bool newLine);

    ChatMessage m_turn;
    QList<ChatMessage> m_results;
};

/// The Responses API's items: of a request's `input` or an answer's `output`. What an assistant thought, said and called
/// in a row becomes one message.
void addItems(QList<ChatMessage> &messages, const QJsonArray &items);

/// Text of a message's content.
QString contentText(const QJsonValue &content);
/// An error's object of any provider.
ChatMessage errorMessage(const QJsonObject &error);

} // namespace ui::calls
