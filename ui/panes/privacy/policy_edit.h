// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/privacy/policy_words.h"

#include <string>
#include <vector>

/// Changes of a draft's policies. Pure. Indexes are of Config::privacyPolicies and PrivacyPolicy::rules; what is not there
/// changes nothing.
namespace ui::privacy {

using Config = gateway::config::Config;

/// Why a policy may not have that name; empty: it may.
/// @param others  the names of all others
QString nameProblem(const QStringList &others, const QString &name);
/// A name that is free: "strict", "strict-2".
std::string freeName(const Config &config, const std::string &wanted);

void addPolicy(Config &config, const std::string &name, std::vector<Rule> rules = {});
/// With all that names it, but for what the --config file owns.
void renamePolicy(Config &config, int policy, const std::string &name);
/// Behind it, under a free name.
void duplicatePolicy(Config &config, int policy);
/// What named it names none then, but for what the --config file owns.
void removePolicy(Config &config, int policy);

/// A rule that looks for this: an own one gets a name that is free.
Rule freshRule(const Policy &policy, const std::string &detect);
/// Whether a policy may have another rule that looks for this.
bool mayAdd(const Policy &policy, const std::string &detect);
/// Makes a rule look for something else: what belongs to the former detector goes.
void setDetector(const Policy &policy, Rule &rule, const std::string &detect);

/// A guardrail of that kind, with what it needs to be of use as far as that is the same for all, under a name that is free.
Guardrail freshGuardrail(const Policy &policy, gateway::config::GuardrailKind kind);
/// Makes a guardrail one of another kind: what belongs to the former kind goes.
void setKind(const Policy &policy, Guardrail &guardrail, gateway::config::GuardrailKind kind);

/// Of either list.
void moveEntry(Policy &policy, List list, int from, int to);
void removeEntry(Policy &policy, List list, int at);

/// Rules to begin with.
std::vector<Rule> starterRules();

} // namespace ui::privacy
