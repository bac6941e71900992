// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/prompts/prompt_book.h"

#include <QScrollArea>

class QVBoxLayout;

namespace ui::widgets {
class Button;
class Label;
}

namespace ui::prompts {

class VariableRow;

/// What a version declares of its variables. Where it declares none, every name of its templates is a required text, and
/// they can be declared as that with one button.
class VariablesPage final : public QScrollArea
{
    Q_OBJECT
public:
    explicit VariablesPage(QWidget *parent = nullptr);

    void show(const PromptVersion &version, bool editable);
    void setProblems(const std::vector<gateway::api::FieldError> &problems);

Q_SIGNALS:
    void edited(const QString &what, const PromptBook::Change &change, const QString &merge);

private:
    VariableRow *addRow(int index);

    QVBoxLayout *m_column;
    QList<VariableRow *> m_rows;
    widgets::Label *m_words;
    widgets::Button *m_add, *m_declare;
    std::vector<gateway::config::PromptVariable> m_inferred; ///< of the templates; empty where some are declared
    bool m_toLast = false;
};

} // namespace ui::prompts
