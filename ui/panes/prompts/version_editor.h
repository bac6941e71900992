// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/prompts/prompt_book.h"
#include "ui/widgets/card.h"

#include <QSet>

class QStackedWidget;

namespace ui::widgets {
class Chip;
class ElidedLabel;
class TabStrip;
}

namespace ui::prompts {

class MessagesPage;
class SettingsPage;
class VariablesPage;

/// One version: its messages, variables, model and tools. Whoever types in a stored one begins the next.
class VersionEditor final : public widgets::Card
{
    Q_OBJECT
public:
    explicit VersionEditor(QWidget *parent = nullptr);

    /// @param state  what it is, in words: "v8, read-only; typing starts v9"
    void show(const PromptVersion &version, const QString &state, bool editable);
    void setRoutes(const QStringList &names);
    void setProblems(const std::vector<gateway::api::FieldError> &problems);
    void setMissing(const QSet<QString> &names);
    void focusText();

Q_SIGNALS:
    void edited(const QString &what, const PromptBook::Change &change, const QString &merge);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void showChips();

    widgets::ElidedLabel *m_state;
    widgets::TabStrip *m_tabs;
    QStackedWidget *m_pages;
    MessagesPage *m_messages;
    VariablesPage *m_variables;
    SettingsPage *m_model, *m_tools;
    QList<widgets::Chip *> m_chips;
    QStringList m_chipTexts;
};

} // namespace ui::prompts
