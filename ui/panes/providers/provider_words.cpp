// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/provider_words.h"

#include "gateway/config/members.h"
#include "gateway/config/plan_children.h"
#include "ui/bridge/text.h"
#include "ui/panes/provider_health.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cctype>
#include <utility>

using namespace Qt::StringLiterals;

namespace ui::providers {

using namespace gateway::config;
using namespace widgets;
using bridge::TargetState;

namespace {

QString tr(const char *text) { return QCoreApplication::translate("ui::providers", text); }

bool targets(const PlanNode &node, const std::string &provider)
{
    if (const auto *target = std::get_if<TargetNode>(&node.node))
        return target->provider == provider;
    return std::ranges::any_of(childrenOf(node), [&](const auto &child) { return targets(*child.plan, provider); });
}

/// "row 3, gemini": what comes behind the last row of this provider in the first chain that has it.
std::optional<QString> nextRow(const PlanNode &node, const std::string &provider)
{
    const auto *chain = std::get_if<FallbackNode>(&node.node);
    if (!chain) {
        for (const auto &child : childrenOf(node))
            if (auto next = nextRow(*child.plan, provider))
                return next;
        return std::nullopt;
    }
    for (std::size_t i = 0; i + 1 < chain->children.size(); ++i) {
        if (!targets(chain->children[i], provider) || targets(chain->children[i + 1], provider))
            continue;
        const auto *target = std::get_if<TargetNode>(&chain->children[i + 1].node);
        return target ? tr("row %1, %2").arg(i + 2).arg(bridge::qt(target->provider)) : tr("row %1").arg(i + 2);
    }
    return std::nullopt;
}

/// Targets of a plan that name the provider.
void renameIn(PlanNode &node, const std::string &from, const std::string &to)
{
    if (auto *target = std::get_if<TargetNode>(&node.node); target && target->provider == from)
        target->provider = to;
    for (const auto &child : childrenOf(node))
        renameIn(*child.plan, from, to);
}

} // namespace

StateWords stateWords(const Provider &provider, const bridge::TargetFigures &figures, const std::optional<double> &errorShare)
{
    if (!provider.enabled)
        return {Icon::Skipped, Role::Muted, tr("switched off"), true};
    const QString left = figures.restsFor ? u' ' + span(*figures.restsFor) : QString();
    switch (figures.state) {
    case TargetState::CircuitOpen: return {Icon::CircuitOpen, Role::Err, tr("circuit open") + left, true};
    case TargetState::HalfOpen: return {Icon::HalfOpen, Role::Warn, tr("half-open, trying again"), true};
    case TargetState::Resting: return {Icon::Pause, Role::Warn, tr("rests") + left, true};
    case TargetState::QuotaGone: return {Icon::Warning, Role::Err, tr("quota used up"), true};
    default: break;
    }
    if (figures.rejectedKeys > 0) {
        const bool all = figures.rejectedKeys >= static_cast<int>(provider.credentials.size());
        return {all ? Icon::Error : Icon::Warning, all ? Role::Err : Role::Warn, figures.rejectedKeys == 1 ? tr("1 key rejected") : tr("%1 keys rejected").arg(figures.rejectedKeys), true};
    }
    switch (panes::errorLevel(errorShare)) {
    case panes::ErrorLevel::Many: return {Icon::Error, Role::Err, tr("many errors"), false};
    case panes::ErrorLevel::Some: return {Icon::Warning, Role::Warn, tr("some errors"), false};
    case panes::ErrorLevel::Few: break;
    }
    if (figures.state == TargetState::Unknown)
        return {Icon::Dot, Role::Muted, tr("not asked yet"), false};
    return {Icon::Ok, Role::Ok, tr("active"), false};
}

CredentialWords credentialWords(const bridge::TargetFigures &figures, gateway::WallTime now)
{
    const QString again = figures.restsFor ? tr("tries again %1").arg(hourMinute(now + std::chrono::duration_cast<std::chrono::microseconds>(*figures.restsFor))) : QString();
    switch (figures.state) {
    case TargetState::KeyRejected: return {Icon::Error, Role::Err, tr("Key rejected"), again.isEmpty() ? tr("not used") : again};
    case TargetState::QuotaGone: return {Icon::Warning, Role::Err, tr("Quota used up"), again};
    case TargetState::CircuitOpen: return {Icon::CircuitOpen, Role::Err, tr("Circuit open"), again};
    case TargetState::HalfOpen: return {Icon::HalfOpen, Role::Warn, {}, tr("Half-open, trying again")};
    case TargetState::Resting: return {Icon::Pause, Role::Warn, tr("Resting"), again};
    case TargetState::RateLimited: return {Icon::Warning, Role::Warn, {}, tr("Rate limited now and then")};
    case TargetState::Unknown: return {Icon::Dot, Role::Muted, {}, tr("Not used yet")};
    case TargetState::Well: break;
    }
    return {Icon::Ok, Role::Ok, {}, figures.lastUsed ? tr("Active, last used %1").arg(moment(*figures.lastUsed, now)) : tr("Active")};
}

QString modelsLine(const Provider &provider, int shown)
{
    if (provider.models.empty())
        return tr("models as the provider lists them");
    QStringList names;
    for (const ModelSettings &model : provider.models)
        if (names.size() < shown)
            names << bridge::qt(model.id);
    const auto more = static_cast<int>(provider.models.size()) - static_cast<int>(names.size());
    return more > 0 ? tr("%1, %2 more").arg(names.join(u", "_s)).arg(more) : names.join(u", "_s);
}

QString kindTitle(const Kinds &kinds, const std::string &kind)
{
    const auto *info = kindInfo(kinds, kind);
    return bridge::qt(info ? info->title : kind);
}

QString maskedKey(const Secret &secret)
{
    if (secret.empty())
        return tr("none");
    if (!gateway::api::Gateway::isMasked(secret.value))
        return tr("new, not saved");
    static const QString dots(8, QChar(0x2022));
    const QString text = bridge::qt(secret.value);
    return dots + text.mid(text.lastIndexOf(QChar(0x2022)) + 1);
}

bool isGiven(const Credential &credential)
{
    const auto members = credentialMembers();
    return credential.source != CredentialSource::Given || std::ranges::any_of(members, [&](const CredentialMember &member) { return !member.of(credential).empty(); });
}

QString credentialLine(const Kinds &kinds, const std::string &kind, const Credential &credential)
{
    const auto *info = kindInfo(kinds, kind);
    const CredentialWay *way = info ? wayOf(info->fields, credential) : nullptr;
    if (way && way->source != CredentialSource::Given)
        return bridge::qt(way->title);
    if (gateway::api::Gateway::isMasked(credential.serviceAccount.value)) {
        const QString account = bridge::qt(credential.serviceAccount.value);
        return account.mid(account.lastIndexOf(QChar(0x2022)) + 1).section(u' ', 0, 0);
    }
    for (const Secret *secret : {&credential.serviceAccount, &credential.accessKeyId, &credential.clientSecret})
        if (!secret->empty())
            return maskedKey(*secret);
    return maskedKey(credential.apiKey);
}

QString whatHappensNow(const Config &config, const std::vector<gateway::api::TargetHealth> &health, const Provider &provider, const std::string &credential, bool keyRejected)
{
    QStringList others;
    if (keyRejected) // else the provider itself does not answer, and its other keys do not help
        for (const Credential &one : provider.credentials) {
            const auto state = bridge::figuresOf(health, provider.name, std::nullopt, one.name).state;
            if (one.name != credential && state < TargetState::QuotaGone)
                others << bridge::qt(one.name);
        }
    QString routes;
    for (const Route &route : config.routes) {
        if (!targets(route.plan, provider.name))
            continue;
        const auto next = nextRow(route.plan, provider.name);
        routes = next ? tr("%1 moves on to %2").arg(bridge::qt(route.name), *next) : tr("%1 has nothing after it and fails").arg(bridge::qt(route.name));
        break;
    }
    const int users = static_cast<int>(bridge::routesUsing(config, provider.name).size());
    const QString more = users > 1 ? (users == 2 ? tr(" (another route uses it too)") : tr(" (and %1 more routes use it)").arg(users - 1)) : QString();
    if (!others.isEmpty())
        return routes.isEmpty() ? tr("Calls go on with %1.").arg(others.join(u", "_s)) : tr("Calls go on with %1. If it is rejected too, %2%3.").arg(others.join(u", "_s), routes, more);
    if (routes.isEmpty())
        return tr("No route uses it: no caller is affected.");
    return tr("While this lasts, %1%2.").arg(routes, more);
}

std::string testModel(const Kinds &kinds, const Provider &provider)
{
    for (const ModelSettings &model : provider.models)
        if (!bridge::qt(model.id).contains(u"embed"_s))
            return model.id;
    const auto *info = kindInfo(kinds, provider.kind);
    return info && !info->local ? info->exampleModel : std::string();
}

std::string freeProviderName(const Config &config, const std::string &wanted)
{
    std::string base = wanted.empty() ? "provider" : wanted;
    for (char &c : base)
        if (!(std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-'))
            c = '-';
    std::string name = base;
    for (int number = 2; std::ranges::find(config.providers, name, &Provider::name) != config.providers.end(); ++number)
        name = base + "-" + std::to_string(number);
    return name;
}

void renameProvider(Config &config, std::size_t index, const std::string &name)
{
    if (index >= config.providers.size())
        return;
    const std::string before = std::exchange(config.providers[index].name, name);
    for (Route &route : config.routes)
        renameIn(route.plan, before, name);
}

} // namespace ui::providers
