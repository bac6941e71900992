// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/prompts/prompt_book.h"

#include <QScrollArea>
#include <QSet>

class QVBoxLayout;

namespace ui::widgets {
class Button;
}

namespace ui::prompts {

class MessageBox;

/// The messages of a version, and below them its partials.
class MessagesPage final : public QScrollArea
{
    Q_OBJECT
public:
    explicit MessagesPage(QWidget *parent = nullptr);

    void show(const PromptVersion &version, bool editable);
    void setProblems(const std::vector<gateway::api::FieldError> &problems);
    void setMissing(const QSet<QString> &names); ///< variables without a value
    void focusFirst();

Q_SIGNALS:
    void edited(const QString &what, const PromptBook::Change &change, const QString &merge);

private:
    MessageBox *addMessage(int index);
    MessageBox *addPartial(int index);
    void numberLines();
    void orderKeys();

    QVBoxLayout *m_messageColumn, *m_partialColumn;
    QList<MessageBox *> m_messages, m_partials;
    QStringList m_partialNames; ///< as they are in the version
    widgets::Button *m_add, *m_addPartial;
    QSet<QString> m_missing;
    bool m_editable = false;
    bool m_toLast = false; ///< the message that comes gets the keys
};

} // namespace ui::prompts
