// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/draft_inspector.h"
#include "ui/panes/privacy/finding_hits.h"
#include "ui/panes/privacy/guardrail_form.h"

namespace ui::privacy {

class HitsView;
class PolicyPage;
class RuleForm;

/// The right column: the chosen rule or guardrail, or the policy; below them what is not saved yet.
class RuleInspector final : public panes::DraftInspector
{
    Q_OBJECT
public:
    enum Tab { RuleTab, PolicyTab };

    RuleInspector(bridge::ConfigDraft &draft, GuardrailForm::SigningKey signingKey, QWidget *parent = nullptr);

    /// @param policy  that is shown; @param place  of the chosen rule or guardrail, which that policy may inherit
    /// @param hits    of it; nullopt: not known; @param note  what is to be said beside them
    void show(int policy, List list, const RulePlace &place, const std::optional<Hits> &hits, const QString &note);
    using QWidget::show;
    void focusRule();
    void focusName();

Q_SIGNALS:
    void edited(const QString &what, const std::function<void(Rule &)> &change, const QString &merge);
    void detectorWanted(const QString &detect);
    void guardrailEdited(const QString &what, const std::function<void(Guardrail &)> &change, const QString &merge);
    void kindWanted(gateway::config::GuardrailKind kind);
    void callsWanted(); ///< those in which it found something
    void renamed(const QString &name);
    void extendsWanted(const QString &name);
    void openWanted(const QString &pane, const QString &item);
    void goToWanted(const RulePlace &place); ///< the inherited rule where it is its policy's own

private:
    enum Page { NothingPage, RulePage, GuardrailPage, PolicyPagePage };
    [[nodiscard]] bool typedWrong() const;
    [[nodiscard]] bool hasEntry() const;
    void connectParts();
    void refresh() override;
    void showEntry();
    void refreshFooter();

    int m_policy = -1;
    List m_list = List::Rules;
    RulePlace m_place;
    std::optional<Hits> m_hits;
    QString m_hitsNote;
    widgets::Label *m_subtitle;
    widgets::Button *m_goTo;
    RuleForm *m_form;
    GuardrailForm *m_guardrail;
    HitsView *m_ruleHits, *m_guardrailHits;
    PolicyPage *m_page;
    QScrollArea *m_ruleScroll, *m_guardrailScroll;
};

} // namespace ui::privacy
