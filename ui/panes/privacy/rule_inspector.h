// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/config_draft.h"
#include "ui/panes/privacy/policy_words.h"
#include "ui/widgets/card.h"

class QScrollArea;
class QStackedWidget;

namespace ui::widgets {
class EmptyState;
class Label;
class TabStrip;
}

namespace ui::panes {
class DraftFooter;
}

namespace ui::privacy {

class PolicyPage;
class RuleForm;

/// The right column: the chosen rule, or the policy; below them what is not saved yet.
class RuleInspector final : public widgets::Panel
{
    Q_OBJECT
public:
    enum Tab { RuleTab, PolicyTab };

    RuleInspector(bridge::ConfigDraft &draft, QWidget *parent = nullptr);

    /// @param policy  that is shown; @param place  of the chosen rule, of which that policy may inherit it
    void show(int policy, const RulePlace &place);
    using QWidget::show;
    void setFileName(const QString &name);
    void setTab(Tab tab);
    void focusRule();
    void focusName();
    [[nodiscard]] bool maySave() const;

Q_SIGNALS:
    void edited(const QString &what, const std::function<void(Rule &)> &change, const QString &merge);
    void detectorWanted(const QString &detect);
    void removeWanted();
    void renamed(const QString &name);
    void extendsWanted(const QString &name);
    void openWanted(const QString &pane, const QString &item);
    void goToWanted(const RulePlace &place); ///< the inherited rule where it is its policy's own
    void saveWanted();

private:
    [[nodiscard]] bool typedWrong() const;
    QWidget *makeHeader();
    void refresh();
    void showRule();
    void refreshFooter();

    bridge::ConfigDraft &m_draft;
    int m_policy = -1;
    RulePlace m_place;
    QString m_file;
    widgets::Label *m_title, *m_subtitle, *m_lock, *m_errors;
    widgets::Button *m_remove, *m_goTo;
    panes::DraftFooter *m_footer;
    widgets::TabStrip *m_tabs;
    QStackedWidget *m_pages;
    QScrollArea *m_ruleScroll;
    widgets::EmptyState *m_noRule;
    RuleForm *m_form;
    PolicyPage *m_page;
};

} // namespace ui::privacy
