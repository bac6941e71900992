// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/prompt.h"
#include "gateway/core/prompt_results.h"
#include "ui/widgets/dialog.h"

class QComboBox;

namespace ui::widgets {
class Label;
}

namespace ui::prompts {

/// Puts a label on a version, a present one or a new one: publishing, and rolling back. Says before what callers get then.
class LabelDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    /// @param figures  of the last hour, for how many call; empty: not known
    LabelDialog(const gateway::config::Prompt &prompt, std::int64_t version, const std::vector<gateway::PromptFigures> &figures, QWidget *parent);

Q_SIGNALS:
    void moved(const QString &label, std::int64_t version);
    void removed(const QString &label);

private:
    [[nodiscard]] QString label() const;
    [[nodiscard]] const gateway::config::PromptVersion *holder(const QString &label) const; ///< of the label; null: it is new
    void refresh();

    gateway::config::Prompt m_prompt;
    std::vector<gateway::PromptFigures> m_figures;
    QComboBox *m_label, *m_version;
    widgets::Label *m_effects;
    widgets::Button *m_move, *m_takeOff;
};

} // namespace ui::prompts
