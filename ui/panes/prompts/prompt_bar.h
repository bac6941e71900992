// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/button.h"
#include "ui/widgets/card.h"

class QMenu;

namespace ui::widgets {
class ElidedLabel;
class Label;
}

namespace ui::prompts {

/// 44 px in the place of the filter bar: which prompt it is, and what is done with it.
class PromptBar final : public widgets::Panel
{
    Q_OBJECT
public:
    struct State
    {
        QString name, path;
        QString lock;             ///< the file that it belongs to; empty: to nobody
        bool stored = false;      ///< it has a version
        bool writing = false;
        bool writes = true;       ///< the editor is on the screen: what it has to do with is shown
        std::int64_t next = 1;    ///< the number of the next version
        QString blocked;          ///< why it cannot be saved now; empty: it can
        bool canUndo = false, canRedo = false;
        QString undoText, redoText;
    };

    explicit PromptBar(QWidget *parent = nullptr);
    void show(const State &state);
    void showNothing();
    [[nodiscard]] bool diffOpen() const { return m_diff->isChecked(); }
    void setDiffOpen(bool open) { m_diff->setChecked(open); }

Q_SIGNALS:
    void codeWanted();
    void diffToggled(bool open);
    void saveWanted();
    void discardWanted();
    void undoWanted();
    void redoWanted();
    void renameWanted();
    void duplicateWanted();
    void copyWanted();
    void removeWanted();

private:
    widgets::Label *m_name, *m_lock;
    widgets::ElidedLabel *m_path;
    widgets::Button *m_undo, *m_redo, *m_discard, *m_code, *m_diff, *m_save, *m_more;
    QMenu *m_menu;
    QAction *m_rename, *m_remove;
};

} // namespace ui::prompts
