// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/privacy/pattern_check.h"

#include <QWidget>

namespace ui::privacy {

/// Shows where a pattern is wrong: the letters around the place, those that are wrong in the error colour, and a caret below.
class PatternMark final : public QWidget
{
    Q_OBJECT
public:
    explicit PatternMark(QWidget *parent = nullptr);
    void setProblem(const QString &pattern, const PatternProblem &problem);
    [[nodiscard]] int caretLetter() const { return m_problem.at; }
    [[nodiscard]] QSize sizeHint() const override { return {160, 30}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_pattern;
    PatternProblem m_problem;
};

} // namespace ui::privacy
