// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/config_draft.h"
#include "ui/panes/routes/plan_trials.h"
#include "ui/widgets/button.h"
#include "ui/widgets/card.h"

namespace ui::widgets {
class Label;
class SegmentedControl;
}

namespace ui::routes {

/// 44 px in the place of the filter bar: draft or live, how much changed, versions, undo, redo, ways to try the plan, validate,
/// publish.
class DraftBar final : public widgets::Panel
{
    Q_OBJECT
public:
    DraftBar(bridge::ConfigDraft &draft, QWidget *parent);

    [[nodiscard]] bool showsLive() const;
    void showLive(bool live);
    void setLock(const QString &file);       ///< the chosen route belongs to this file; empty: to nobody
    void setBlocked(const QString &why);     ///< why it cannot be published beyond what the draft's check says
    void refresh();
    [[nodiscard]] bool mayPublish() const;
    void setTrial(Trial trial);              ///< whose panel is open
    void setTriable(bool triable);           ///< whether there is a plan to be tried

Q_SIGNALS:
    void viewChanged();
    void diffWanted();
    void revertWanted();
    void versionsWanted();
    void trialWanted(Trial trial);           ///< None: it is to be closed
    void validateWanted();
    void publishWanted();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void setUpTrials(class QHBoxLayout *row);
    void fitTexts();

    bridge::ConfigDraft &m_draft;
    widgets::SegmentedControl *m_which;
    widgets::Label *m_changes;
    widgets::Button *m_diff, *m_revert, *m_versions, *m_undo, *m_redo, *m_simulate, *m_explain, *m_replay, *m_validate, *m_publish;
    QWidget *m_lock;
    widgets::Label *m_lockText;
    QString m_blocked;
    QList<std::pair<widgets::Button *, QString>> m_texts; ///< of those that can do with their signs, those that need their words least first
};

} // namespace ui::routes
