// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/config_draft.h"
#include "ui/widgets/card.h"

namespace ui::widgets {
class ElidedLabel;
}

namespace ui::panes {

/// Below what is edited: what is not saved, undo and redo, Revert and Save.
class DraftFooter final : public widgets::Panel
{
    Q_OBJECT
public:
    /// @param prefix  of the parts' object names: "privacy" makes "privacy.save"
    DraftFooter(bridge::ConfigDraft &draft, const QString &prefix, QWidget *parent = nullptr);

    /// Why what is typed cannot be saved, known before the gateway has checked it; empty: nothing.
    void setWrong(const QString &why);
    [[nodiscard]] bool maySave() const;

Q_SIGNALS:
    void saveWanted();

private:
    void refresh();

    bridge::ConfigDraft &m_draft;
    QString m_wrong;
    widgets::ElidedLabel *m_state;
    widgets::Button *m_undo, *m_redo, *m_revert, *m_save;
};

} // namespace ui::panes
