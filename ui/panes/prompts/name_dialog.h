// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/prompts/prompt_book.h"
#include "ui/widgets/dialog.h"

#include <QSet>

class QComboBox;
class QLineEdit;

namespace ui::widgets {
class Label;
}

namespace ui::prompts {

/// Name and folder of a prompt: of a new one, or of one that is renamed or moved.
class NameDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    struct Words
    {
        QString title, submit;
        QString note; ///< below the fields
    };
    /// @param self  the prompt that may keep its name; empty: a new one
    NameDialog(const PromptBook &book, const std::string &self, const Words &words, const QString &name, const QString &folder, QWidget *parent);

Q_SIGNALS:
    void named(const std::string &name, const std::string &folder);

private:
    void check();

    QSet<QString> m_taken;
    QLineEdit *m_name;
    QComboBox *m_folder;
    widgets::Label *m_problem;
    widgets::Button *m_submit;
};

} // namespace ui::prompts
