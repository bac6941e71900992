// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/rule_inspector.h"

#include "ui/bridge/text.h"
#include "ui/panes/draft_footer.h"
#include "ui/panes/form_row.h"
#include "ui/panes/privacy/hits_view.h"
#include "ui/panes/privacy/pattern_check.h"
#include "ui/panes/privacy/policy_page.h"
#include "ui/panes/privacy/rule_form.h"
#include "ui/panes/privacy/rule_rows.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/tab_strip.h"

#include <QCheckBox>
#include <QScrollArea>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace ui::privacy {

using bridge::qt;
using widgets::Label;

namespace {

/// A pattern of a draft's own that RE2 does not take, or a schema that is no JSON, is known before the gateway has checked it.
bool anyWrong(const Policies &policies)
{
    for (const Policy &policy : policies) {
        if (policy.origin == gateway::config::Origin::File)
            continue;
        for (const Rule &rule : policy.rules) {
            if (rule.detect == "regex" && (rule.pattern.empty() || checkPattern(qt(rule.pattern))))
                return true;
        }
        for (const Guardrail &guardrail : policy.guardrails) {
            if (!GuardrailForm::wrongIn(guardrail).isEmpty())
                return true;
        }
    }
    return false;
}

} // namespace

RuleInspector::RuleInspector(bridge::ConfigDraft &draft, GuardrailForm::SigningKey signingKey, QWidget *parent)
    : DraftInspector(draft, u"privacy"_s, {tr("Rule"), tr("Policy")}, tr("Choose a rule to see what it looks for."), parent), m_subtitle(new Label(Label::Kind::Secondary)), m_goTo(new widgets::Button(widgets::Button::Kind::Link, widgets::Icon::None, tr("Go to it"))),
      m_form(new RuleForm), m_guardrail(new GuardrailForm(std::move(signingKey))), m_ruleHits(new HitsView), m_guardrailHits(new HitsView), m_page(new PolicyPage), m_ruleScroll(addPage(m_form, m_ruleHits)), m_guardrailScroll(addPage(m_guardrail, m_guardrailHits))
{
    addPage(m_page);
    m_guardrailHits->setObjectName(u"privacy.guardrailHits"_s);
    m_on->setObjectName(u"privacy.rule.on"_s);
    m_remove->setObjectName(u"privacy.rule.remove"_s);
    m_on->setToolTip(tr("What is off is kept, and does nothing (Space)"));
    m_goTo->setObjectName(u"privacy.rule.goTo"_s);
    m_goTo->setSmall(true);
    layOut({m_subtitle, m_goTo, m_on, m_remove});
    connectParts();
    refresh();
}

void RuleInspector::connectParts()
{
    connect(m_form, &RuleForm::edited, this, &RuleInspector::edited);
    connect(m_form, &RuleForm::detectorWanted, this, &RuleInspector::detectorWanted);
    connect(m_guardrail, &GuardrailForm::edited, this, &RuleInspector::guardrailEdited);
    connect(m_guardrail, &GuardrailForm::kindWanted, this, &RuleInspector::kindWanted);
    for (HitsView *hits : {m_ruleHits, m_guardrailHits})
        connect(hits, &HitsView::callsWanted, this, &RuleInspector::callsWanted);
    connect(m_page, &PolicyPage::renamed, this, &RuleInspector::renamed);
    connect(m_page, &PolicyPage::extendsWanted, this, &RuleInspector::extendsWanted);
    connect(m_page, &PolicyPage::typed, this, &RuleInspector::refreshFooter);
    connect(m_page, &PolicyPage::openWanted, this, &RuleInspector::openWanted);
    connect(m_goTo, &QPushButton::clicked, this, [this] { Q_EMIT goToWanted(m_place); });
    connect(&m_draft, &bridge::ConfigDraft::stateChanged, this, &RuleInspector::refreshFooter);
}

void RuleInspector::show(int policy, List list, const RulePlace &place, const std::optional<Hits> &hits, const QString &note)
{
    if (place != m_place || policy != m_policy || list != m_list) {
        m_ruleScroll->ensureVisible(0, 0);
        m_guardrailScroll->ensureVisible(0, 0);
    }
    if (list != std::exchange(m_list, list)) {
        m_tabs->setTabs({list == List::Rules ? tr("Rule") : tr("Guardrail"), tr("Policy")});
        m_nothing->setSentence(list == List::Rules ? tr("Choose a rule to see what it looks for.") : tr("Choose a guardrail to see what it wants of a call."));
    }
    m_policy = policy;
    m_place = place;
    m_hits = hits;
    m_hitsNote = note;
    refresh();
}

void RuleInspector::refresh()
{
    const auto &config = m_draft.config();
    const bool known = m_policy >= 0 && m_policy < static_cast<int>(config.privacyPolicies.size());
    const bool rule = m_tabs->current() == RuleTab;
    m_tabs->setEnabled(known);
    clearHead();
    if (!known) {
        m_title->setText(tr("No policy"));
        m_pages->setCurrentIndex(NothingPage);
        refreshFooter();
        return;
    }
    const Policy &policy = config.privacyPolicies[static_cast<std::size_t>(m_policy)];
    const bool locked = policy.origin == gateway::config::Origin::File;
    showLock(locked);
    if (rule) {
        showEntry();
    } else {
        m_title->setText(tr("Policy %1").arg(qt(policy.name)));
        m_page->show(config, m_policy, !locked, panes::problemsBelow(m_draft.problems(), u"privacy.policies[%1]"_s.arg(m_policy)).value(u"extends"_s));
        m_pages->setCurrentIndex(PolicyPagePage);
    }
    showProblemsBeside(fieldOf(m_list, m_place));
    refreshFooter();
}

bool RuleInspector::hasEntry() const
{
    const auto &policies = m_draft.config().privacyPolicies;
    if (m_place.policy < 0 || m_place.policy >= static_cast<int>(policies.size()) || m_place.rule < 0)
        return false;
    const Policy &of = policies[static_cast<std::size_t>(m_place.policy)];
    return m_place.rule < static_cast<int>(m_list == List::Rules ? of.rules.size() : of.guardrails.size());
}

void RuleInspector::showEntry()
{
    const auto &policies = m_draft.config().privacyPolicies;
    if (!hasEntry()) {
        m_title->setText(tr("Policy %1").arg(qt(policies[static_cast<std::size_t>(m_policy)].name)));
        m_pages->setCurrentIndex(NothingPage);
        return;
    }
    const Policy &of = policies[static_cast<std::size_t>(m_place.policy)];
    const auto at = static_cast<std::size_t>(m_place.rule);
    const bool inherited = m_place.policy != m_policy, editable = !inherited && of.origin != gateway::config::Origin::File, rules = m_list == List::Rules;
    const auto problems = panes::problemsBelow(m_draft.problems(), fieldOf(m_list, m_place));
    showChosen(rules ? ruleTitle(of.rules[at]) : guardrailTitle(of.guardrails[at]), rules ? of.rules[at].enabled : of.guardrails[at].enabled, editable);
    m_subtitle->setVisible(true);
    m_subtitle->setText(inherited ? tr("from %1").arg(qt(of.name)) : (rules ? tr("rule %1") : tr("guardrail %1")).arg(m_place.rule + 1));
    m_goTo->setVisible(inherited);
    if (rules)
        m_form->show(of, of.rules[at], editable, problems);
    else
        m_guardrail->show(of.guardrails[at], editable, problems);
    (rules ? m_ruleHits : m_guardrailHits)->show(m_hits, m_hitsNote);
    m_pages->setCurrentIndex(rules ? RulePage : GuardrailPage);
}

bool RuleInspector::typedWrong() const { return m_page->typedWrong() || anyWrong(m_draft.config().privacyPolicies); }

void RuleInspector::refreshFooter() { m_footer->setWrong(typedWrong() ? tr("A pattern, a schema or a name cannot be used") : QString()); }

void RuleInspector::focusRule()
{
    setTab(RuleTab);
    if (m_list == List::Rules)
        m_form->focusFirst();
    else
        m_guardrail->focusFirst();
}

void RuleInspector::focusName()
{
    setTab(PolicyTab);
    m_page->focusName();
}

} // namespace ui::privacy
