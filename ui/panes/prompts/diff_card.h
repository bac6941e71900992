// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/prompts/diff_rows.h"
#include "ui/widgets/card.h"

class QComboBox;
class QStackedWidget;

namespace ui::widgets {
class Button;
class ElidedLabel;
class Label;
}

namespace ui::prompts {

class DiffText;

/// What differs between the shown version and another, which is chosen here; the two can change sides.
class DiffCard final : public widgets::Card
{
    Q_OBJECT
public:
    explicit DiffCard(QWidget *parent = nullptr);

    /// @param shown   the version beside it; its number is `number`, 0 where it is being written
    /// @param prompt  whose versions are offered, the one with the usual label first
    void show(const gateway::config::Prompt &prompt, const gateway::config::PromptVersion &shown, bool writing);
    [[nodiscard]] bool identical() const { return m_rows.isEmpty(); }

private:
    [[nodiscard]] std::int64_t firstOther() const;
    void refresh();

    gateway::config::Prompt m_prompt;
    gateway::config::PromptVersion m_shown;
    bool m_writing = false, m_swapped = false;
    QList<DiffRow> m_rows;
    QComboBox *m_other;
    widgets::ElidedLabel *m_against;
    widgets::Label *m_added, *m_removed;
    widgets::Button *m_swap;
    QStackedWidget *m_pages;
    DiffText *m_text;
    widgets::Label *m_same;
};

} // namespace ui::prompts
