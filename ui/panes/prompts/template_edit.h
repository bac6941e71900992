// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/gutter_edit.h"

#include <QElapsedTimer>
#include <QSet>

namespace ui::prompts {

class TemplateHighlighter;

/// One template: as high as its text, with numbered lines and its variables marked. It has no undo of its own, so that
/// Ctrl+Z takes back the steps of the whole version.
class TemplateEdit final : public widgets::GutterEdit
{
    Q_OBJECT
public:
    explicit TemplateEdit(QWidget *parent = nullptr);

    void setTemplate(const QString &text);   ///< announces nothing; the cursor stays where it can
    void setFirstLine(int number);           ///< of the first line
    void setMissing(const QSet<QString> &names);
    [[nodiscard]] QString problem() const { return m_problem; } ///< why it is no template; empty: it is one
    [[nodiscard]] int lineCount() const { return blockCount(); }
    /// Grows with each pause in the typing: what is typed in one go is one step.
    [[nodiscard]] int burst() const { return m_burst; }

    [[nodiscard]] QSize sizeHint() const override { return {200, height()}; }

Q_SIGNALS:
    void typed(const QString &text);
    void heightChanged();

protected:
    [[nodiscard]] Mark mark(const QTextBlock &block) const override;
    bool event(QEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void themeChanged() override;

private:
    void fit();
    void check();

    TemplateHighlighter *m_highlighter;
    QElapsedTimer m_lastTyped;
    QString m_problem;
    int m_first = 1;
    int m_burst = 0;
    bool m_quiet = false;
};

} // namespace ui::prompts
