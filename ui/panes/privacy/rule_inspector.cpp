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

namespace {

using bridge::qt;
using widgets::Button;
using widgets::Icon;
using widgets::Label;
using widgets::Role;

constexpr int mostErrors = 3;

/// @param below  null: nothing
QScrollArea *scrolled(QWidget *page, QWidget *below = nullptr)
{
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *surface = new widgets::Panel;
    auto *column = new QVBoxLayout(surface);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(page);
    if (below)
        column->addWidget(below);
    column->addStretch(1);
    scroll->setWidget(surface);
    return scroll;
}

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
    : Panel(Role::Surface, Qt::LeftEdge, parent), m_draft(draft), m_title(new Label(Label::Kind::Strong)), m_subtitle(new Label(Label::Kind::Secondary)), m_lock(new Label(Label::Kind::Secondary)), m_errors(new Label(Label::Kind::Secondary)),
      m_on(new QCheckBox(tr("On"))), m_remove(Button::iconOnly(Icon::Trash, tr("Remove it (Del)"), nullptr, Button::Kind::Flat)), m_goTo(new Button(Button::Kind::Link, Icon::None, tr("Go to it"))), m_footer(new panes::DraftFooter(draft, u"privacy"_s)), m_tabs(new widgets::TabStrip({tr("Rule"), tr("Policy")})), m_pages(new QStackedWidget), m_ruleScroll(nullptr), m_guardrailScroll(nullptr),
      m_noRule(new widgets::EmptyState(tr("Choose a rule to see what it looks for."))), m_form(new RuleForm), m_guardrail(new GuardrailForm(std::move(signingKey))), m_ruleHits(new HitsView), m_guardrailHits(new HitsView), m_page(new PolicyPage)
{
    setObjectName(u"privacy.inspector"_s);
    m_tabs->setObjectName(u"privacy.tabs"_s);
    m_noRule->setPicture(false);
    m_guardrailHits->setObjectName(u"privacy.guardrailHits"_s);
    m_ruleScroll = scrolled(m_form, m_ruleHits);
    m_guardrailScroll = scrolled(m_guardrail, m_guardrailHits);
    m_pages->addWidget(m_noRule);
    m_pages->addWidget(m_ruleScroll);
    m_pages->addWidget(m_guardrailScroll);
    m_pages->addWidget(scrolled(m_page));
    m_errors->setObjectName(u"privacy.errors"_s);
    m_errors->setRole(Role::Err);
    m_errors->setWordWrap(true);
    m_errors->setContentsMargins(16, 8, 16, 8);
    m_errors->hide();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeader());
    column->addWidget(m_tabs);
    column->addWidget(m_pages, 1);
    column->addWidget(m_errors);
    column->addWidget(m_footer);
    connectParts();
    refresh();
}

void RuleInspector::connectParts()
{
    connect(m_tabs, &widgets::TabStrip::currentChanged, this, &RuleInspector::refresh);
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
    connect(m_remove, &QPushButton::clicked, this, &RuleInspector::removeWanted);
    connect(m_goTo, &QPushButton::clicked, this, [this] { Q_EMIT goToWanted(m_place); });
    connect(m_footer, &panes::DraftFooter::saveWanted, this, &RuleInspector::saveWanted);
    connect(&m_draft, &bridge::ConfigDraft::stateChanged, this, &RuleInspector::refreshFooter);
    connect(&m_draft, &bridge::ConfigDraft::checked, this, &RuleInspector::refresh);
}

QWidget *RuleInspector::makeHeader()
{
    auto *header = new QWidget;
    m_title->setObjectName(u"privacy.title"_s);
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_remove->setObjectName(u"privacy.rule.remove"_s);
    m_remove->setSmall(true);
    m_on->setObjectName(u"privacy.rule.on"_s);
    m_on->setToolTip(tr("What is off is kept, and does nothing (Space)"));
    connect(m_on, &QCheckBox::clicked, this, &RuleInspector::switchWanted);
    m_goTo->setObjectName(u"privacy.rule.goTo"_s);
    m_goTo->setSmall(true);
    m_lock->setWordWrap(true);
    m_lock->setObjectName(u"privacy.lock"_s);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_title, 1);
    row->addWidget(m_subtitle);
    row->addWidget(m_goTo);
    row->addWidget(m_on);
    row->addWidget(m_remove);
    auto *column = new QVBoxLayout(header);
    column->setContentsMargins(16, 8, 12, 4);
    column->setSpacing(2);
    column->addLayout(row);
    column->addWidget(m_lock);
    return header;
}

void RuleInspector::show(int policy, List list, const RulePlace &place, const std::optional<Hits> &hits, const QString &note)
{
    if (place != m_place || policy != m_policy || list != m_list) {
        m_ruleScroll->ensureVisible(0, 0);
        m_guardrailScroll->ensureVisible(0, 0);
    }
    if (list != std::exchange(m_list, list)) {
        m_tabs->setTabs({list == List::Rules ? tr("Rule") : tr("Guardrail"), tr("Policy")});
        m_noRule->setSentence(list == List::Rules ? tr("Choose a rule to see what it looks for.") : tr("Choose a guardrail to see what it wants of a call."));
    }
    m_policy = policy;
    m_place = place;
    m_hits = hits;
    m_hitsNote = note;
    refresh();
}

void RuleInspector::setFileName(const QString &name)
{
    m_file = name;
    refresh();
}

void RuleInspector::setTab(Tab tab) { m_tabs->setCurrent(tab); }

void RuleInspector::refresh()
{
    const auto &config = m_draft.config();
    const bool known = m_policy >= 0 && m_policy < static_cast<int>(config.privacyPolicies.size());
    const bool rule = m_tabs->current() == RuleTab;
    m_tabs->setEnabled(known);
    m_remove->setVisible(false);
    m_on->setVisible(false);
    m_goTo->setVisible(false);
    m_subtitle->setText({});
    m_lock->setVisible(false);
    if (!known) {
        m_title->setText(tr("No policy"));
        m_pages->setCurrentIndex(NothingPage);
        refreshFooter();
        return;
    }
    const Policy &policy = config.privacyPolicies[static_cast<std::size_t>(m_policy)];
    const bool locked = policy.origin == gateway::config::Origin::File;
    m_lock->setVisible(locked);
    m_lock->setText(tr("Set by %1, edit it there").arg(m_file.isEmpty() ? tr("the --config file") : m_file));
    if (rule) {
        showEntry();
    } else {
        m_title->setText(tr("Policy %1").arg(qt(policy.name)));
        m_page->show(config, m_policy, !locked, panes::problemsBelow(m_draft.problems(), u"privacy.policies[%1]"_s.arg(m_policy)).value(u"extends"_s));
        m_pages->setCurrentIndex(PolicyPagePage);
    }
    QStringList errors;
    for (const auto &problem : m_draft.problems()) {
        if (!problem.warning && !qt(problem.field).startsWith(fieldOf(m_list, m_place)))
            errors << qt(problem.message);
    }
    m_errors->setVisible(!errors.isEmpty());
    m_errors->setText(errors.size() <= mostErrors ? errors.join(u'\n') : tr("%1\nand %2 more").arg(errors.mid(0, mostErrors).join(u'\n')).arg(errors.size() - mostErrors));
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
    m_title->setText(rules ? ruleTitle(of.rules[at]) : guardrailTitle(of.guardrails[at]));
    m_subtitle->setText(inherited ? tr("from %1").arg(qt(of.name)) : (rules ? tr("rule %1") : tr("guardrail %1")).arg(m_place.rule + 1));
    m_goTo->setVisible(inherited);
    m_remove->setVisible(editable);
    m_on->setVisible(true);
    m_on->setEnabled(editable);
    m_on->setChecked(rules ? of.rules[at].enabled : of.guardrails[at].enabled);
    if (rules)
        m_form->show(of, of.rules[at], editable, problems);
    else
        m_guardrail->show(of.guardrails[at], editable, problems);
    (rules ? m_ruleHits : m_guardrailHits)->show(m_hits, m_hitsNote);
    m_pages->setCurrentIndex(rules ? RulePage : GuardrailPage);
}

bool RuleInspector::typedWrong() const { return m_page->typedWrong() || anyWrong(m_draft.config().privacyPolicies); }

bool RuleInspector::maySave() const { return m_footer->maySave(); }

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
