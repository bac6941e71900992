// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/calls/chat_parts.h"

#include <QMap>
#include <QSet>

namespace ui::calls {

/// Joins an answer's events, of whichever format, to what they say in the end; of a stream that was cut, as far as it came.
class ChatStream
{
public:
    void take(const QJsonObject &event);
    [[nodiscard]] QList<ChatMessage> messages() const;

private:
    void takeChoice(const QJsonObject &choice);
    void takeCandidate(const QJsonObject &candidate);
    void takeBlock(const QString &type, const QJsonObject &event);
    void takeItem(const QString &type, const QJsonObject &event);
    void takeError(const QJsonObject &error);

    struct Choice ///< OpenAI's
    {
        ChatMessage message {QStringLiteral("assistant"), {}, {}, {}, {}};
        QMap<int, ChatMessage::ToolCall> tools;
    };
    struct Piece ///< Anthropic's block or the Responses' item: how it began, and what was added
    {
        QJsonObject start;
        QString text, thinking, arguments;
        bool done = false; ///< `start` is all of it
    };
    [[nodiscard]] static QJsonObject wholeBlock(const Piece &piece);
    [[nodiscard]] static QJsonObject wholeItem(const Piece &piece);

    QMap<int, Choice> m_choices;
    QMap<int, TurnReader> m_candidates;
    QMap<int, Piece> m_blocks, m_items;
    bool m_begun = false; ///< Anthropic's message
    QString m_ended;      ///< why, in Anthropic's or the Responses' word
    QList<ChatMessage> m_errors;
};

/// Why an answer of the Responses API ended: its status, or what made it incomplete.
QString responseEnd(const QJsonObject &response);

} // namespace ui::calls
