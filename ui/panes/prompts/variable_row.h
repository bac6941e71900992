// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/prompt.h"

#include <QHash>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QLineEdit;

namespace ui::widgets {
class Button;
class CountField;
class Label;
}

namespace ui::prompts {

/// One variable that a version declares: its name, type and default, and what may be given for it.
class VariableRow final : public QWidget
{
    Q_OBJECT
public:
    VariableRow(int index, QWidget *parent);

    void show(const gateway::config::PromptVariable &variable, bool editable);
    [[nodiscard]] const gateway::config::PromptVariable &variable() const { return m_variable; }
    void setProblem(const QString &field, const QString &why); ///< of "name", "default", "max_length", "min", "max", "one_of"; all others: of the row
    void clearProblems();
    void focusName();

Q_SIGNALS:
    void edited();      ///< variable() is what it is to be now
    void removeWanted();

private:
    void take();        ///< what stands in the fields
    void showFields();  ///< those that the type has

    gateway::config::PromptVariable m_variable;
    QLineEdit *m_name, *m_default, *m_least, *m_most, *m_oneOf, *m_description;
    QComboBox *m_type;
    QCheckBox *m_required;
    widgets::CountField *m_length;
    widgets::Button *m_remove;
    widgets::Label *m_lengthLabel, *m_leastLabel, *m_mostLabel, *m_oneOfLabel, *m_problem;
    bool m_editable = false;
};

} // namespace ui::prompts
