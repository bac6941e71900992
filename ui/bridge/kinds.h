// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/provider_probe.h"

#include <QString>

#include <string_view>
#include <vector>

/// Provider kinds as the forms of several panes ask for them. Pure.
namespace ui::bridge {

using Kinds = std::vector<gateway::api::ProviderKindInfo>;

/// Null: there is no such kind.
const gateway::api::ProviderKindInfo *kindInfo(const Kinds &kinds, std::string_view kind);

/// What a pasted text is for.
struct Pasted
{
    const gateway::api::ProviderKindInfo *kind = nullptr; ///< null: nothing tells
    std::string_view field {};                            ///< of its credential: "api_key", "service_account"
};
/// By the longest beginning that a kind's keys have ("sk-or-" before "sk-"); a JSON text is a service account.
Pasted tellPasted(const Kinds &kinds, const QString &text);

/// Whether the kind has no address of its own.
bool needsBaseUrl(const gateway::api::ProviderKindInfo &kind);

} // namespace ui::bridge
