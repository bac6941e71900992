// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/policy_words.h"

#include "ui/bridge/text.h"
#include "ui/panes/detector_words.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <set>

using namespace Qt::StringLiterals;

namespace ui::privacy {

namespace {

using bridge::qt;
using gateway::config::Config;
using gateway::config::Origin;
using panes::detectorTitle;
using widgets::Icon;
using widgets::Role;

QString tr(const char *text) { return QCoreApplication::translate("ui::privacy", text); }

/// The chain of policies from one over what it extends; ends where it would go round.
std::vector<int> chainOf(const Policies &policies, int policy)
{
    std::vector<int> chain;
    while (policy >= 0 && policy < static_cast<int>(policies.size()) && std::ranges::find(chain, policy) == chain.end()) {
        chain.push_back(policy);
        const std::string &extends = policies[static_cast<std::size_t>(policy)].extends;
        const auto *next = extends.empty() ? nullptr : gateway::config::findPolicy(policies, extends);
        policy = next ? static_cast<int>(next - policies.data()) : -1;
    }
    return chain;
}

} // namespace

QString actionWord(Action action)
{
    switch (action) {
    case Action::Tokenize: return tr("Tokenize");
    case Action::Mask: return tr("Mask");
    case Action::Hash: return tr("Hash");
    case Action::Block: return tr("Block");
    case Action::Report: return tr("Report");
    }
    return {};
}

QString actionSentence(Action action)
{
    switch (action) {
    case Action::Tokenize: return tr("Tokenize, restore in answers");
    case Action::Mask: return tr("Mask with ****");
    case Action::Hash: return tr("Hash, equal for equal values");
    case Action::Block: return tr("Block the call");
    case Action::Report: return tr("Report, change nothing");
    }
    return {};
}

QString actionMeaning(Action action)
{
    switch (action) {
    case Action::Tokenize: return tr("The provider gets a name such as <EMAIL_1> for it; the caller gets the value back in the answer.");
    case Action::Mask: return tr("Letters and digits become *. Nobody gets them back.");
    case Action::Hash: return tr("A keyed hash goes in its place: equal values stay equal, and nobody gets them back.");
    case Action::Block: return tr("The call is refused with 400; nothing goes to the provider.");
    case Action::Report: return tr("The text stays as it is; what was found is counted.");
    }
    return {};
}

Icon actionIcon(Action action)
{
    switch (action) {
    case Action::Tokenize: return Icon::Swap;
    case Action::Mask: return Icon::EyeOff;
    case Action::Hash: return Icon::Key;
    case Action::Block: return Icon::CircuitOpen;
    case Action::Report: return Icon::Eye;
    }
    return Icon::None;
}

Role actionRole(Action action)
{
    switch (action) {
    case Action::Tokenize: return Role::Accent;
    case Action::Block: return Role::Err;
    case Action::Report: return Role::Muted;
    case Action::Mask:
    case Action::Hash: break;
    }
    return Role::Text;
}

QString ruleTitle(const Rule &rule)
{
    if (!rule.isOwn())
        return detectorTitle(rule.detect);
    return rule.name.empty() ? tr("without a name") : qt(rule.name);
}

QString ruleNotes(const Rule &rule)
{
    QStringList notes;
    if (rule.detect == "regex" && !rule.pattern.empty())
        notes << qt(rule.pattern);
    if (rule.detect == "dictionary")
        notes << (rule.words.size() == 1 ? tr("1 word") : tr("%1 words").arg(QLocale().toString(qulonglong(rule.words.size()))));
    if (rule.detect == "external")
        notes << (rule.entities.empty() ? tr("all that it finds") : bridge::qtList(rule.entities).join(u", "_s));
    if (rule.threshold)
        notes << tr("from %1 on").arg(QLocale().toString(*rule.threshold, 'f', 2));
    if (!rule.regions.empty())
        notes << tr("in %1").arg(bridge::qtList(rule.regions).join(u", "_s));
    if (!rule.allow.empty())
        notes << tr("allows %1").arg(rule.allow.size());
    return notes.join(u" · "_s);
}

std::vector<RulePlace> rulesOf(const Policies &policies, int policy)
{
    std::vector<RulePlace> places;
    std::set<std::string> taken;
    for (const int at : chainOf(policies, policy)) {
        const Policy &own = policies[static_cast<std::size_t>(at)];
        std::set<std::string> here;
        for (std::size_t i = 0; i < own.rules.size(); ++i) {
            const Rule &rule = own.rules[i];
            const std::string name = rule.isOwn() ? "own " + rule.name : rule.detect;
            if (at != policy && (taken.contains(name) || (!rule.isOwn() && taken.contains("all"))))
                continue;
            here.insert(name);
            places.push_back({at, static_cast<int>(i)});
        }
        taken.merge(here);
    }
    return places;
}

std::vector<RulePlace> guardrailsOf(const Policies &policies, int policy)
{
    std::vector<RulePlace> places;
    std::set<std::string> taken;
    for (const int at : chainOf(policies, policy)) {
        const Policy &own = policies[static_cast<std::size_t>(at)];
        for (std::size_t i = 0; i < own.guardrails.size(); ++i) {
            const std::string name(own.guardrails[i].shownName());
            if (at != policy && taken.contains(name))
                continue;
            taken.insert(name);
            places.push_back({at, static_cast<int>(i)});
        }
    }
    return places;
}

Policy flattened(const Policies &policies, int policy)
{
    Policy flat = policies[static_cast<std::size_t>(policy)];
    flat.answers = looksAtAnswers(policies, policy);
    flat.extends.clear();
    flat.rules.clear();
    for (const RulePlace &place : rulesOf(policies, policy))
        flat.rules.push_back(policies[static_cast<std::size_t>(place.policy)].rules[static_cast<std::size_t>(place.rule)]);
    flat.guardrails.clear();
    for (const RulePlace &place : guardrailsOf(policies, policy))
        flat.guardrails.push_back(policies[static_cast<std::size_t>(place.policy)].guardrails[static_cast<std::size_t>(place.rule)]);
    return flat;
}

QString findingTitle(const std::string &finding) { return detectorTitle(finding); }

bool looksAtAnswers(const Policies &policies, int policy)
{
    for (const int at : chainOf(policies, policy)) {
        if (const auto &answers = policies[static_cast<std::size_t>(at)].answers)
            return *answers;
    }
    return true;
}

QStringList extendable(const Policies &policies, int policy)
{
    QStringList names;
    for (int i = 0; i < static_cast<int>(policies.size()); ++i) {
        const auto chain = chainOf(policies, i);
        if (std::ranges::find(chain, policy) == chain.end())
            names << qt(policies[static_cast<std::size_t>(i)].name);
    }
    return names;
}

PolicyUsers usersOf(const Config &config, const std::string &policy)
{
    PolicyUsers users;
    const auto add = [&](QStringList &list, const auto &entry, const std::string &named, const QString &kind) {
        if (named != policy)
            return;
        list << qt(entry.name);
        if (entry.origin == Origin::File)
            users.locked << kind.arg(qt(entry.name));
    };
    for (const auto &key : config.keys)
        add(users.keys, key, key.privacy, tr("key %1"));
    for (const auto &team : config.teams)
        add(users.teams, team, team.privacy, tr("team %1"));
    for (const auto &route : config.routes)
        add(users.routes, route, route.privacy, tr("route %1"));
    for (const auto &other : config.privacyPolicies)
        add(users.policies, other, other.extends, tr("policy %1"));
    return users;
}

QString usersText(const PolicyUsers &users)
{
    QStringList parts;
    const auto add = [&](const QStringList &names, const char *one, const char *several) {
        if (!names.isEmpty())
            parts << (names.size() == 1 ? tr(one) : tr(several).arg(names.size()));
    };
    add(users.keys, QT_TRANSLATE_NOOP("ui::privacy", "1 key"), QT_TRANSLATE_NOOP("ui::privacy", "%1 keys"));
    add(users.teams, QT_TRANSLATE_NOOP("ui::privacy", "1 team"), QT_TRANSLATE_NOOP("ui::privacy", "%1 teams"));
    add(users.routes, QT_TRANSLATE_NOOP("ui::privacy", "1 route"), QT_TRANSLATE_NOOP("ui::privacy", "%1 routes"));
    add(users.policies, QT_TRANSLATE_NOOP("ui::privacy", "1 policy"), QT_TRANSLATE_NOOP("ui::privacy", "%1 policies"));
    return parts.join(u", "_s);
}

QStringList keysWithoutPolicy(const Config &config)
{
    QStringList names;
    for (const auto &key : config.keys) {
        const auto team = std::ranges::find(config.teams, key.team, &gateway::config::Team::name);
        if (!key.revoked && key.privacy.empty() && (team == config.teams.end() || team->privacy.empty()))
            names << qt(key.name);
    }
    return names;
}

} // namespace ui::privacy
