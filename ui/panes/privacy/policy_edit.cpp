// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/policy_edit.h"

#include "ui/bridge/text.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace ui::privacy {

namespace {

using gateway::config::Origin;

using Kind = gateway::config::GuardrailKind;

constexpr std::int64_t usualBytes = 1024 * 1024, usualTokens = 100'000; // until somebody knows better

QString tr(const char *text) { return QCoreApplication::translate("ui::privacy", text); }

bool isPolicy(const Config &config, int policy) { return policy >= 0 && policy < static_cast<int>(config.privacyPolicies.size()); }

/// All that names the policy `from` names `to` then.
void renameUses(Config &config, const std::string &from, const std::string &to)
{
    const auto rename = [&](auto &entries, auto member) {
        for (auto &entry : entries) {
            if (entry.*member == from && entry.origin != Origin::File)
                entry.*member = to;
        }
    };
    rename(config.keys, &gateway::config::VirtualKey::privacy);
    rename(config.teams, &gateway::config::Team::privacy);
    rename(config.routes, &gateway::config::Route::privacy);
    rename(config.privacyPolicies, &Policy::extends);
}

std::string freeRuleName(const Policy &policy, const std::string &wanted)
{
    std::string name = wanted;
    for (int number = 2; std::ranges::find(policy.rules, name, &Rule::name) != policy.rules.end(); ++number)
        name = wanted + '-' + std::to_string(number);
    return name;
}

/// Among the names of all but the one that is named.
std::string freeGuardrailName(const Policy &policy, const Guardrail &named, const std::string &wanted)
{
    const auto isTaken = [&](const std::string &name) {
        return std::ranges::any_of(policy.guardrails, [&](const Guardrail &other) { return &other != &named && other.shownName() == name; });
    };
    std::string name = wanted;
    for (int number = 2; isTaken(name); ++number)
        name = wanted + '-' + std::to_string(number);
    return name;
}

template <typename Work>
void inList(Policy &policy, List list, Work work)
{
    if (list == List::Rules)
        work(policy.rules);
    else
        work(policy.guardrails);
}

} // namespace

QString nameProblem(const QStringList &others, const QString &name)
{
    if (name.trimmed().isEmpty())
        return tr("A policy needs a name: keys, teams and routes name it.");
    return others.contains(name.trimmed()) ? tr("There is a policy of this name.") : QString();
}

std::string freeName(const Config &config, const std::string &wanted)
{
    std::string name = wanted;
    for (int number = 2; gateway::config::findPolicy(config.privacyPolicies, name); ++number)
        name = wanted + '-' + std::to_string(number);
    return name;
}

void addPolicy(Config &config, const std::string &name, std::vector<Rule> rules)
{
    config.privacyPolicies.push_back({.name = name, .rules = std::move(rules)});
}

void renamePolicy(Config &config, int policy, const std::string &name)
{
    if (!isPolicy(config, policy))
        return;
    Policy &renamed = config.privacyPolicies[static_cast<std::size_t>(policy)];
    const std::string before = std::exchange(renamed.name, name);
    renameUses(config, before, name);
}

void duplicatePolicy(Config &config, int policy)
{
    if (!isPolicy(config, policy))
        return;
    Policy copy = config.privacyPolicies[static_cast<std::size_t>(policy)];
    copy.id.clear();
    copy.origin = Origin::Database;
    copy.name = freeName(config, copy.name + "-copy");
    config.privacyPolicies.insert(config.privacyPolicies.begin() + policy + 1, std::move(copy));
}

void removePolicy(Config &config, int policy)
{
    if (!isPolicy(config, policy))
        return;
    const std::string name = config.privacyPolicies[static_cast<std::size_t>(policy)].name;
    config.privacyPolicies.erase(config.privacyPolicies.begin() + policy);
    renameUses(config, name, {});
}

Rule freshRule(const Policy &policy, const std::string &detect)
{
    Rule rule;
    setDetector(policy, rule, detect);
    return rule;
}

bool mayAdd(const Policy &policy, const std::string &detect)
{
    return Rule {.detect = detect}.isOwn() || std::ranges::find(policy.rules, detect, &Rule::detect) == policy.rules.end();
}

void setDetector(const Policy &policy, Rule &rule, const std::string &detect)
{
    const bool hadName = !rule.name.empty();
    Rule next {.detect = detect, .action = rule.action, .threshold = rule.threshold, .context = rule.context, .allow = rule.allow, .regions = rule.regions};
    if (next.isOwn())
        next.name = hadName ? rule.name : freeRuleName(policy, detect == "regex" ? "pattern" : detect == "dictionary" ? "words" : "service");
    if (next.detect == "external")
        next.context.clear(); // its service has its own
    rule = std::move(next);
}

Guardrail freshGuardrail(const Policy &policy, Kind kind)
{
    Guardrail guardrail;
    setKind(policy, guardrail, kind);
    return guardrail;
}

/// The first of a kind is called after it; the next ones need a name of their own.
void setKind(const Policy &policy, Guardrail &guardrail, Kind kind)
{
    Guardrail next {.kind = kind, .name = guardrail.name, .action = guardrail.action};
    const bool patterns = kind == Kind::Forbid || kind == Kind::Require;
    if (patterns)
        next.patterns = guardrail.patterns;
    if (patterns || kind == Kind::Webhook)
        next.looksAt = guardrail.looksAt;
    if (kind == Kind::MaxBytes)
        next.limit = usualBytes;
    if (kind == Kind::MaxTokens)
        next.limit = usualTokens;
    if (kind == Kind::JsonSchema)
        next.schema.text = R"({"type":"object"})";
    if (next.name.empty())
        next.name = freeGuardrailName(policy, guardrail, std::string(toText(kind)));
    if (next.name == toText(kind))
        next.name.clear();
    guardrail = std::move(next);
}

void moveEntry(Policy &policy, List list, int from, int to)
{
    inList(policy, list, [from, to](auto &entries) {
        const int count = static_cast<int>(entries.size());
        if (from < 0 || from >= count || to < 0 || to >= count || from == to)
            return;
        auto moved = std::move(entries[static_cast<std::size_t>(from)]);
        entries.erase(entries.begin() + from);
        entries.insert(entries.begin() + to, std::move(moved));
    });
}

void removeEntry(Policy &policy, List list, int at)
{
    inList(policy, list, [at](auto &entries) {
        if (at >= 0 && at < static_cast<int>(entries.size()))
            entries.erase(entries.begin() + at);
    });
}

std::vector<Rule> starterRules()
{
    return {
        {.detect = "email", .action = Action::Tokenize},
        {.detect = "phone", .action = Action::Tokenize},
        {.detect = "credit_card", .action = Action::Block},
        {.detect = "iban", .action = Action::Tokenize},
        {.detect = "us_ssn", .action = Action::Mask},
        {.detect = "passport", .action = Action::Mask},
        {.detect = "api_key", .action = Action::Block},
        {.detect = "private_key", .action = Action::Block},
        {.detect = "url_credentials", .action = Action::Mask},
        {.detect = "street_address", .action = Action::Report},
        {.detect = "date_of_birth", .action = Action::Report},
    };
}

} // namespace ui::privacy
