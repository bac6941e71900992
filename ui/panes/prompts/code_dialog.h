// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/prompt.h"
#include "ui/widgets/dialog.h"

class QComboBox;

namespace ui::widgets {
class CodeView;
class Label;
class SegmentedControl;
class TabStrip;
}

namespace ui::prompts {

/// How callers use a prompt: by header, in the body, or by an address of its own; ready to paste but for the key.
class CodeDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    /// @param version  that is shown, which the snippet names by its number unless a label is chosen
    CodeDialog(const gateway::config::Prompt &prompt, std::int64_t version, const QString &origin, QWidget *parent);

private:
    void refresh();

    gateway::config::Prompt m_prompt;
    QString m_origin;
    widgets::TabStrip *m_naming;
    widgets::SegmentedControl *m_speech;
    QComboBox *m_which;
    widgets::CodeView *m_code;
    widgets::Label *m_words;
};

} // namespace ui::prompts
