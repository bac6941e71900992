// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/prompts/test_table.h"
#include "ui/widgets/card.h"

class QPlainTextEdit;

namespace ui::widgets {
class Button;
class ElidedLabel;
class Label;
class StateLabel;
}

namespace ui::prompts {

/// What a version answered to a case, and what that lacks.
class TestAnswer final : public widgets::Card
{
    Q_OBJECT
public:
    explicit TestAnswer(QWidget *parent = nullptr);
    /// @param outcome  null: there is none
    void show(const TestOutcome *outcome, TestTable::State state, const QString &words);
    /// "printer, v8"
    void setCell(const QString &text);
    using QWidget::show;

Q_SIGNALS:
    void callWanted(const QString &id);

private:
    QString m_callId;
    widgets::ElidedLabel *m_cell;
    widgets::Button *m_open;
    widgets::StateLabel *m_state;
    widgets::Label *m_failures, *m_figures;
    QPlainTextEdit *m_text;
};

} // namespace ui::prompts
