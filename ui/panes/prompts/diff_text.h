// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/prompts/diff_rows.h"
#include "ui/widgets/gutter_edit.h"

namespace ui::prompts {

/// Lines that went and came, with their signs beside them; read-only.
class DiffText final : public widgets::GutterEdit
{
    Q_OBJECT
public:
    explicit DiffText(QWidget *parent = nullptr);
    void show(const QList<DiffRow> &rows);

protected:
    [[nodiscard]] Mark mark(const QTextBlock &block) const override;
    void themeChanged() override { paintRows(); }

private:
    void paintRows();

    QList<DiffRow> m_rows;
    class TemplateHighlighter *m_highlighter;
};

} // namespace ui::prompts
