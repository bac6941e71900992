// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/privacy/policy_words.h"
#include "ui/widgets/card.h"

#include <QStringList>

class QCheckBox;
class QMenu;

namespace ui::widgets {
class Label;
}

namespace ui::privacy {

class PolicyPicker;

/// 44 px above the rules: which policy, what can be done with it, new rules or guardrails, answers too, and the dry run.
class PolicyBar final : public widgets::Panel
{
    Q_OBJECT
public:
    explicit PolicyBar(QWidget *parent = nullptr);

    /// @param whyKept  why the chosen policy cannot be taken out; empty: it can
    void show(const gateway::config::Config &config, int policy, List list, bool editable, const QString &whyKept);
    using QWidget::show;
    void setDryRun(bool possible);
    void openAddMenu();
    [[nodiscard]] QSize minimumSizeHint() const override; ///< less than its parts ask for: they make room

Q_SIGNALS:
    void policyChosen(int policy);
    void newWanted();
    void renameWanted();
    void duplicateWanted();
    void removeWanted();
    void addWanted(const QString &detect);       ///< a rule
    void addGuardrailWanted(gateway::config::GuardrailKind kind);
    void starterWanted();
    void answersWanted(bool on);
    void dryRunWanted();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void makeMenus();
    void fillAddMenu();
    void fillWithKinds();
    void fit();

    PolicyPicker *m_picker;
    widgets::Label *m_label;
    widgets::Button *m_new, *m_more, *m_add, *m_starter, *m_dryRun;
    QCheckBox *m_answers;
    QMenu *m_policyMenu, *m_addMenu;
    QAction *m_rename, *m_duplicate, *m_remove;
    List m_list = List::Rules; ///< what is added
    QStringList m_taken; ///< detectors that the policy has a rule for
};

} // namespace ui::privacy
