// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/panes/privacy/finding_hits.h"

namespace ui::privacy {

/// A rule or guardrail as its table shows it.
struct RuleRow
{
    RulePlace place;
    QString title, kind, action, meaning, notes;
    widgets::Icon icon = widgets::Icon::None; ///< of the action
    widgets::Role role = widgets::Role::Text;
    QString from;                             ///< the policy that it is inherited from; empty: it is the policy's own
    bool off = false;                         ///< it is there, and does nothing
    QString problem;                          ///< the first thing that is wrong with it, by the check
    std::optional<Hits> hits {};              ///< nullopt: not known
    bool operator==(const RuleRow &) const = default;
};

/// The rules, or the guardrails, of a policy in their order; behind them those that it has from what it extends. Pure.
/// @param policy    in config.privacyPolicies
/// @param problems  of the last check
/// @param summary   null: not known
QList<RuleRow> rowsOf(const gateway::config::Config &config, int policy, List list, const std::vector<gateway::api::FieldError> &problems, const gateway::FindingSummary *summary);
/// "privacy.policies[0].rules[3]"
QString fieldOf(List list, const RulePlace &place);

} // namespace ui::privacy
