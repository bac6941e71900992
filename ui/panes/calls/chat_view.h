// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"
#include "ui/panes/calls/chat_messages.h"
#include "ui/panes/calls/text_marks.h"

#include <QScrollArea>

class QVBoxLayout;

namespace ui::calls {

/// A call's conversation as cards: the request's messages, then the answer. The last 60 of a long one.
class ChatView final : public QScrollArea
{
    Q_OBJECT
public:
    explicit ChatView(QWidget *parent = nullptr);
    /// Words to mark, in what is shown and in what comes.
    void setWanted(const QList<WantedWords> &wanted);
    /// @param complete  false: bodies have not been read yet
    /// @param kept      whether the configuration keeps bodies at all
    void setCall(const gateway::CallDetail &detail, bool complete, bool kept);
    [[nodiscard]] const QList<ChatMessage> &messages() const { return m_messages; }

private:
    void fill();

    QWidget *m_page;
    QVBoxLayout *m_column;
    QList<ChatMessage> m_messages;
    QList<WantedWords> m_wanted;
    QString m_missing; ///< why there is not all of it
};

} // namespace ui::calls
