// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/condition_values.h"

#include <QWidget>

class QPlainTextEdit;
class QVBoxLayout;

namespace ui::widgets {
class Button;
class Label;
class SegmentedControl;
}

namespace ui::routes {

class ConditionRow;

/// A condition as rows of field, operator and value, or as YAML: what has conditions within conditions is YAML alone.
/// Text that cannot be read is marked with its reason, and changes nothing.
class ConditionEditor final : public QWidget
{
    Q_OBJECT
public:
    /// @param name  of its parts, for tests: "<name>.0.field", "<name>.text", "<name>.add", "<name>.form"
    explicit ConditionEditor(const QString &name, QWidget *parent = nullptr);
    void setCondition(const gateway::config::Condition &condition, bool editable);
    [[nodiscard]] const gateway::config::Condition &condition() const { return m_condition; }
    [[nodiscard]] QWidget *firstField() const;

Q_SIGNALS:
    void changed();

private:
    void showRows(const ConditionRows &rows);
    void showText();
    void makeRows(int count);
    [[nodiscard]] ConditionRows typedRows() const;
    void take(const gateway::config::Condition &condition);
    void readText();

    QString m_name;
    gateway::config::Condition m_condition;
    bool m_editable = true;
    bool m_asText = false;               ///< asked for, or the only way
    widgets::SegmentedControl *m_form, *m_joined;
    QWidget *m_rowsBox;
    QVBoxLayout *m_rowsColumn;
    QList<ConditionRow *> m_rows;
    widgets::Button *m_add;
    QPlainTextEdit *m_text;
    widgets::Label *m_problem;
};

} // namespace ui::routes
