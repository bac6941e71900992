// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/bridge/kinds.h"
#include "ui/bridge/target_state.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/table_view.h"

#include <QString>
#include <QStringList>

/// What is said of providers, in words and figures. Pure.
namespace ui::providers {

using bridge::kindInfo;
using bridge::Kinds;

/// A provider's state as shape, colour and words.
struct StateWords
{
    widgets::Icon icon = widgets::Icon::Ok;
    widgets::Role role = widgets::Role::Ok;
    QString words;           ///< "active", "circuit open 12 s", "1 key rejected"
    bool notable = false;    ///< shown beside the health strip
};
StateWords stateWords(const gateway::config::Provider &provider, const bridge::TargetFigures &figures, const std::optional<double> &errorShare);
/// The same for one credential: "Active, last used 14:32:01", "Key rejected".
struct CredentialWords
{
    widgets::Icon icon;
    widgets::Role role;
    QString strong;          ///< "Key rejected"; empty: nothing stands out
    QString words;
};
CredentialWords credentialWords(const bridge::TargetFigures &figures, gateway::WallTime now);

/// "gpt-4o, gpt-5, 9 more"; "models as the provider lists them" where none is configured.
QString modelsLine(const gateway::config::Provider &provider, int shown);
/// "Together AI", or the kind's own word.
QString kindTitle(const Kinds &kinds, const std::string &kind);

/// Eight dots and the last four characters of a stored secret; "new, not saved" for one that was typed; "none".
QString maskedKey(const gateway::config::Secret &secret);
/// The credential in short: its masked key, whose service account it is, or "Metadata server" where it has no value.
QString credentialLine(const Kinds &kinds, const std::string &kind, const gateway::config::Credential &credential);
/// Whether it has a value at all, or gets them from elsewhere.
bool isGiven(const gateway::config::Credential &credential);

/// What callers get while `credential` of `provider` does not work: who answers instead. Empty: nobody uses it.
QString whatHappensNow(const gateway::config::Config &config, const std::vector<gateway::api::TargetHealth> &health, const gateway::config::Provider &provider,
    const std::string &credential, bool keyRejected);

/// The model that a test asks: the first that is configured, else the kind's example; empty: the first that is listed.
std::string testModel(const Kinds &kinds, const gateway::config::Provider &provider);

/// Gives the provider at that place another name, in every route that sends calls to it too.
void renameProvider(gateway::config::Config &config, std::size_t index, const std::string &name);

/// `wanted`, or with a number behind it where a provider has that name. Characters that a name cannot have become "-".
std::string freeProviderName(const gateway::config::Config &config, const std::string &wanted);

} // namespace ui::providers
