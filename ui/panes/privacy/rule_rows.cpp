// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/rule_rows.h"

#include "ui/bridge/text.h"
#include "ui/panes/privacy/guardrail_words.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace ui::privacy {

namespace {

using bridge::qt;

QString tr(const char *text) { return QCoreApplication::translate("privacy", text); }

RuleRow rowOf(const Rule &rule)
{
    return {.place = {}, .title = ruleTitle(rule), .kind = qt(rule.detect), .action = actionWord(rule.action), .meaning = actionMeaning(rule.action), .notes = ruleNotes(rule),
            .icon = actionIcon(rule.action), .role = actionRole(rule.action), .from = {}, .off = false, .problem = {}};
}

RuleRow rowOf(const Guardrail &guardrail)
{
    return {.place = {}, .title = guardrailTitle(guardrail), .kind = guardrail.kind ? kindTitle(*guardrail.kind) : QString(), .action = actionWord(guardrail.action),
            .meaning = actionMeaning(guardrail.action), .notes = guardrailNotes(guardrail), .icon = actionIcon(guardrail.action), .role = actionRole(guardrail.action), .from = {}, .off = false, .problem = {}};
}

/// It keeps all that it says, but does none of it.
void switchOff(RuleRow &row)
{
    row.off = true;
    row.action = tr("off");
    row.meaning = tr("It is kept, and does nothing until it is switched on (Space).");
    row.icon = widgets::Icon::Skipped;
    row.role = widgets::Role::Muted;
}

QString problemOf(const std::vector<gateway::api::FieldError> &problems, const QString &field)
{
    for (const auto &problem : problems) {
        const QString where = qt(problem.field);
        if (!problem.warning && (where == field || where.startsWith(field + u'.')))
            return qt(problem.message);
    }
    return {};
}

} // namespace

QString fieldOf(List list, const RulePlace &place)
{
    return u"privacy.policies[%1].%2[%3]"_s.arg(place.policy).arg(list == List::Rules ? u"rules"_s : u"guardrails"_s).arg(place.rule);
}

QList<RuleRow> rowsOf(const gateway::config::Config &config, int policy, List list, const std::vector<gateway::api::FieldError> &problems, const gateway::FindingSummary *summary)
{
    const Policies &policies = config.privacyPolicies;
    QList<RuleRow> rows;
    for (const RulePlace &place : list == List::Rules ? rulesOf(policies, policy) : guardrailsOf(policies, policy)) {
        const Policy &of = policies[static_cast<std::size_t>(place.policy)];
        const auto at = static_cast<std::size_t>(place.rule);
        RuleRow row = list == List::Rules ? rowOf(of.rules[at]) : rowOf(of.guardrails[at]);
        if (!(list == List::Rules ? of.rules[at].enabled : of.guardrails[at].enabled))
            switchOff(row);
        row.place = place;
        row.problem = problemOf(problems, fieldOf(list, place));
        if (place.policy != policy)
            row.from = qt(of.name);
        if (summary)
            row.hits = hitsOf(*summary, policies, policy, list, place);
        rows << std::move(row);
    }
    return rows;
}

} // namespace ui::privacy
