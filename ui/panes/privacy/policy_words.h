// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "ui/widgets/icons.h"

#include <QString>
#include <QStringList>

#include <vector>

/// Policies and their rules in words; what applies, and to whom. Pure.
namespace ui::privacy {

using Action = gateway::config::PrivacyAction;
using Rule = gateway::config::PrivacyRule;
using Policy = gateway::config::PrivacyPolicy;
using Policies = std::vector<Policy>;
using Guardrail = gateway::config::Guardrail;

inline constexpr Action allActions[] {Action::Tokenize, Action::Mask, Action::Hash, Action::Block, Action::Report};

QString actionWord(Action action);     ///< "Tokenize"
QString actionSentence(Action action); ///< "Tokenize, restore in answers"
QString actionMeaning(Action action);  ///< what it does with a text, for tool tips
widgets::Icon actionIcon(Action action);
widgets::Role actionRole(Action action);

/// "E-mail address", or the name of an own rule.
QString ruleTitle(const Rule &rule);
/// What sets it apart from a bare one: "surer than 0.80 · in DE, FR · allows 2".
QString ruleNotes(const Rule &rule);

/// The two lists of a policy.
enum class List { Rules, Guardrails };

/// Where a rule or guardrail stands.
struct RulePlace
{
    int policy = -1, rule = -1;
    bool operator==(const RulePlace &) const = default;
};

/// A policy's rules, then those that it has from what it extends, as far as its own leave something for them.
std::vector<RulePlace> rulesOf(const Policies &policies, int policy);
/// The same of its guardrails, by their names.
std::vector<RulePlace> guardrailsOf(const Policies &policies, int policy);
/// The policy with all that it extends, as one that extends nothing: what a draft's policy is tried as.
Policy flattened(const Policies &policies, int policy);
/// What a finding is of, in words: "E-mail address", "ticket", "PERSON".
QString findingTitle(const std::string &finding);

/// Whether answers are looked at, by itself or by what it extends.
bool looksAtAnswers(const Policies &policies, int policy);

/// The policies that one could extend without going round in a circle, by name.
QStringList extendable(const Policies &policies, int policy);

/// Who names a policy.
struct PolicyUsers
{
    QStringList keys, teams, routes, policies;
    QStringList locked; ///< those of them that the --config file owns: "key ci"
    [[nodiscard]] bool empty() const { return keys.isEmpty() && teams.isEmpty() && routes.isEmpty() && policies.isEmpty(); }
};
PolicyUsers usersOf(const gateway::config::Config &config, const std::string &policy);
/// "3 keys, 1 team"
QString usersText(const PolicyUsers &users);

/// The keys for which neither they nor their team name a policy: unless their route does, they run under the usual one.
QStringList keysWithoutPolicy(const gateway::config::Config &config);

} // namespace ui::privacy
