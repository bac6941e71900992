// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/privacy_pane.h"

#include "ui/bridge/text.h"
#include "ui/panes/privacy/policy_bar.h"
#include "ui/panes/privacy/policy_edit.h"
#include "ui/panes/privacy/rule_inspector.h"
#include "ui/panes/privacy/rules_table.h"
#include "ui/panes/privacy/starter_dialog.h"

/// What the privacy pane changes in its draft.
namespace ui::privacy {

using namespace Qt::StringLiterals;
using bridge::qt;
using bridge::utf8;

void PrivacyPane::choosePolicy(int index)
{
    if (index < 0 || index >= static_cast<int>(policies().size()))
        return;
    m_index = index;
    const Policy &chosen = policies()[static_cast<std::size_t>(index)];
    m_chosen = chosen.id.empty() ? "name:" + chosen.name : chosen.id;
    m_rules.place = m_guardrails.place = {index, 0};
    refresh();
}

void PrivacyPane::edit(const QString &what, const std::function<void(Policy &)> &change, const QString &merge)
{
    if (!editable())
        return;
    m_draft.edit(what, [index = static_cast<std::size_t>(m_index), &change](Config &config) {
        if (index < config.privacyPolicies.size())
            change(config.privacyPolicies[index]);
    }, merge.isEmpty() ? merge : u"policy %1 %2"_s.arg(m_index).arg(merge));
}

void PrivacyPane::editRule(const QString &what, const std::function<void(Rule &)> &change, const QString &merge)
{
    const RulePlace place = m_rules.place;
    if (place.policy != m_index)
        return;
    edit(what, [rule = place.rule, &change](Policy &policy) {
        if (rule >= 0 && rule < static_cast<int>(policy.rules.size()))
            change(policy.rules[static_cast<std::size_t>(rule)]);
    }, merge.isEmpty() ? merge : u"rule %1 %2"_s.arg(place.rule).arg(merge));
}

void PrivacyPane::editGuardrail(const QString &what, const std::function<void(Guardrail &)> &change, const QString &merge)
{
    const RulePlace place = m_guardrails.place;
    if (place.policy != m_index)
        return;
    edit(what, [at = place.rule, &change](Policy &policy) {
        if (at >= 0 && at < static_cast<int>(policy.guardrails.size()))
            change(policy.guardrails[static_cast<std::size_t>(at)]);
    }, merge.isEmpty() ? merge : u"guardrail %1 %2"_s.arg(place.rule).arg(merge));
}

void PrivacyPane::renamePolicyTo(const QString &name)
{
    if (!editable() || policy()->name == utf8(name))
        return;
    if (policy()->id.empty())
        m_chosen = "name:" + utf8(name);
    m_draft.edit(tr("name of a policy"), [index = m_index, name = utf8(name)](Config &config) { renamePolicy(config, index, name); }, u"policy name %1"_s.arg(m_index));
}

/// The first one is the usual one, which calls run under for which nobody names another.
void PrivacyPane::addPolicy()
{
    const std::string name = freeName(m_draft.config(), gateway::config::findPolicy(policies(), gateway::config::usualPolicy) ? "policy" : std::string(gateway::config::usualPolicy));
    m_chosen = "name:" + name;
    m_draft.edit(tr("new policy"), [name](Config &config) { privacy::addPolicy(config, name); });
    m_inspector->focusName();
}

void PrivacyPane::addStarterPolicy()
{
    const std::string name = freeName(m_draft.config(), std::string(gateway::config::usualPolicy));
    m_chosen = "name:" + name;
    m_draft.edit(tr("starter set"), [name](Config &config) { privacy::addPolicy(config, name, starterRules()); });
    m_rules.table->setFocus();
}

void PrivacyPane::duplicatePolicy()
{
    const int index = m_index;
    m_draft.edit(tr("copy of a policy"), [index](Config &config) { privacy::duplicatePolicy(config, index); });
    choosePolicy(index + 1);
    m_inspector->focusName();
}

void PrivacyPane::removePolicy()
{
    if (!editable() || !whyKept().isEmpty())
        return;
    const QString name = qt(policy()->name), users = usersText(usersOf(m_draft.config(), policy()->name));
    m_draft.edit(tr("removed policy %1").arg(name), [index = m_index](Config &config) { privacy::removePolicy(config, index); });
    view().toast(users.isEmpty() ? tr("%1 is out of the draft").arg(name) : tr("%1 is out of the draft; %2 named it and name none now").arg(name, users), [this] { m_draft.undoStack().undo(); });
}

void PrivacyPane::addRule(const QString &detect)
{
    if (!editable() || !mayAdd(*policy(), utf8(detect)))
        return;
    m_rules.place = {m_index, static_cast<int>(policy()->rules.size())};
    edit(tr("new rule"), [detect = utf8(detect)](Policy &policy) { policy.rules.push_back(freshRule(policy, detect)); });
    m_inspector->focusRule();
}

void PrivacyPane::addGuardrail(GuardrailKind kind)
{
    if (!editable())
        return;
    chooseList(List::Guardrails);
    m_guardrails.place = {m_index, static_cast<int>(policy()->guardrails.size())};
    edit(tr("new guardrail"), [kind](Policy &policy) { policy.guardrails.push_back(freshGuardrail(policy, kind)); });
    m_inspector->focusRule();
}

void PrivacyPane::moveEntryTo(int from, int to)
{
    if (!editable())
        return;
    const QString what = list() == List::Rules ? tr("order of rules") : tr("order of guardrails");
    if (from != m_movedTo || m_draft.undoStack().undoText() != what)
        ++m_moves;
    m_movedTo = to;
    section().place = {m_index, to};
    edit(what, [list = list(), from, to](Policy &policy) { moveEntry(policy, list, from, to); }, u"move %1"_s.arg(m_moves));
}

void PrivacyPane::removeChosen()
{
    const RulePlace place = section().place;
    if (!editable() || place.policy != m_index || place.rule < 0)
        return;
    const bool rules = list() == List::Rules;
    const auto at = static_cast<std::size_t>(place.rule);
    const QString title = rules ? ruleTitle(policy()->rules[at]) : guardrailTitle(policy()->guardrails[at]);
    edit(rules ? tr("removed rule %1").arg(title) : tr("removed guardrail %1").arg(title), [list = list(), at = place.rule](Policy &policy) { removeEntry(policy, list, at); });
    view().toast(tr("%1 is out of the draft").arg(title), [this] { m_draft.undoStack().undo(); });
}

void PrivacyPane::switchChosen(std::optional<bool> on)
{
    const RulePlace place = section().place;
    if (!editable() || place.policy != m_index || place.rule < 0)
        return;
    const auto at = static_cast<std::size_t>(place.rule);
    const bool rules = list() == List::Rules;
    if (at >= (rules ? policy()->rules.size() : policy()->guardrails.size()))
        return;
    const bool next = on.value_or(!(rules ? policy()->rules[at].enabled : policy()->guardrails[at].enabled));
    const QString title = rules ? ruleTitle(policy()->rules[at]) : guardrailTitle(policy()->guardrails[at]);
    edit(next ? tr("switched on %1").arg(title) : tr("switched off %1").arg(title), [rules, at, next](Policy &policy) { (rules ? policy.rules[at].enabled : policy.guardrails[at].enabled) = next; });
}

void PrivacyPane::openStarterSet()
{
    if (!editable())
        return;
    auto *dialog = new StarterDialog(*policy(), window());
    connect(dialog, &StarterDialog::chosen, this, [this](const std::vector<Rule> &rules) {
        edit(tr("starter set"), [&rules](Policy &policy) {
            for (const Rule &rule : rules) {
                if (mayAdd(policy, rule.detect))
                    policy.rules.push_back(rule);
            }
        });
    });
    dialog->open();
}

void PrivacyPane::save()
{
    if (!m_inspector->maySave())
        return;
    m_draft.apply(tr("edit privacy policies"), [this](const gateway::api::ApplyOutcome &outcome) {
        if (outcome.applied)
            view().toast(tr("Saved as version %1").arg(outcome.revision));
        refresh();
    });
}

} // namespace ui::privacy
