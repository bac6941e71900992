// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/config_draft.h"
#include "ui/panes/pane.h"
#include "ui/panes/privacy/guardrail_words.h"
#include "ui/panes/privacy/rule_colors.h"

class QSplitter;
class QStackedWidget;

namespace ui::widgets {
class EmptyState;
class TabStrip;
}

namespace ui::privacy {

class DryRunPanel;
class FindingsReader;
class PolicyBar;
class RuleInspector;
class RulesModel;
class RulesTable;
class TryPanel;

/// Privacy policies: their rules and guardrails in order, what those found lately, whom they are for, what they do with a text
/// and would have done with logged calls; over one draft of the configuration.
class PrivacyPane final : public panes::Pane
{
    Q_OBJECT
public:
    explicit PrivacyPane(const panes::PaneContext &context, QWidget *parent = nullptr);

    [[nodiscard]] QString title() const override { return tr("Privacy"); }
    [[nodiscard]] QList<panes::PaletteEntry> paletteEntries() override;
    void openItem(const QString &item) override; ///< a policy's name
    [[nodiscard]] QWidget *focusTarget() const override;

protected:
    void activated() override;
    void deactivated() override;
    void resizeEvent(QResizeEvent *event) override;

private:
    enum Page { NoPolicy, NoRules, NoGuardrails, RulesPage, GuardrailsPage };
    enum Trial { TrySample, TryLog };

    /// One of the policy's lists, and what of it is chosen.
    struct Section
    {
        RulesModel *model = nullptr;
        RulesTable *table = nullptr;
        RulePlace place {};
    };

    // Building.
    QWidget *makeMiddle();
    QWidget *makeLists();
    Section makeSection(List list);
    QWidget *makeTrials();
    void setUpShortcuts();
    void connectBar();
    void connectSection(List list);
    void connectInspector();

    // What is shown.
    [[nodiscard]] const Policies &policies() const { return m_draft.config().privacyPolicies; }
    [[nodiscard]] const Policy *policy() const; ///< the chosen one; nullptr: there is none
    [[nodiscard]] bool editable() const;
    [[nodiscard]] List list() const;
    Section &section() { return list() == List::Rules ? m_rules : m_guardrails; }
    [[nodiscard]] const Section &section() const { return list() == List::Rules ? m_rules : m_guardrails; }
    void refresh();
    void refreshSection(List list);
    void showEmptiness();
    void chooseList(List list);
    void chooseRow(int row);
    void showChosen();
    void showHits();
    void openHits();
    void showTrial();
    void openTrial(Trial trial);
    [[nodiscard]] QString whyKept() const;

    // Edits.
    void choosePolicy(int index);
    void edit(const QString &what, const std::function<void(Policy &)> &change, const QString &merge = {});
    void editRule(const QString &what, const std::function<void(Rule &)> &change, const QString &merge);
    void editGuardrail(const QString &what, const std::function<void(Guardrail &)> &change, const QString &merge);
    void renamePolicyTo(const QString &name);
    void addPolicy();
    void addStarterPolicy();
    void duplicatePolicy();
    void removePolicy();
    void addRule(const QString &detect);
    void addGuardrail(GuardrailKind kind);
    void moveEntryTo(int from, int to);
    void removeChosen();
    void switchChosen(std::optional<bool> on); ///< nullopt: the other way
    void openStarterSet();
    void save();

    bridge::ConfigDraft m_draft;
    RuleColors m_colors;
    std::string m_chosen;         ///< the chosen policy's id, or its name while it has none
    int m_index = -1;             ///< where it is now
    int m_moves = 0;              ///< moves of one entry that follow one another are one step
    int m_movedTo = -1;
    bool m_refreshing = false;

    PolicyBar *m_bar;
    QSplitter *m_splitter;
    widgets::TabStrip *m_lists;
    QStackedWidget *m_pages, *m_trialPages = nullptr;
    widgets::EmptyState *m_noPolicy, *m_noRules, *m_noGuardrails;
    Section m_rules, m_guardrails;
    FindingsReader *m_findings;
    RuleInspector *m_inspector;
    widgets::TabStrip *m_trials = nullptr;
    QWidget *m_trialBox = nullptr;   ///< null with the two below: the gateway tries nothing out
    TryPanel *m_try = nullptr;
    DryRunPanel *m_dryRun = nullptr;
};

} // namespace ui::privacy
