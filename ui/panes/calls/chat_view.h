// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"
#include "ui/panes/calls/chat_messages.h"

#include <QScrollArea>

class QVBoxLayout;

namespace ui::calls {

/// A call's conversation as cards: the request's messages, then the answer. The last 60 of a long one.
class ChatView final : public QScrollArea
{
    Q_OBJECT
public:
    explicit ChatView(QWidget *parent = nullptr);
    /// @param complete  false: bodies have not been read yet
    /// @param kept      whether the configuration keeps bodies at all
    void setCall(const gateway::CallDetail &detail, bool complete, bool kept);
    [[nodiscard]] const QList<ChatMessage> &messages() const { return m_messages; }

private:
    void fill(const gateway::CallDetail &detail, const QString &missing);

    QWidget *m_page;
    QVBoxLayout *m_column;
    QList<ChatMessage> m_messages;
};

} // namespace ui::calls
