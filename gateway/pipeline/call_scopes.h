// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/header_view.h"
#include "gateway/core/pooled_containers.h"
#include "gateway/pipeline/compiled_config.h"
#include "gateway/state/quota/rules.h"

#include <span>
#include <string_view>

namespace gateway::pipeline {

/// Who calls, for whom and what for. Views of the call's own.
struct CallOwner
{
    const CompiledKey *key = nullptr;     ///< null: none
    std::string_view team {}, customer {}, tags {}; ///< tags: comma-joined
    const CompiledRoute *route = nullptr; ///< null: it asks for none
};

/// For whom a call is made: what x-signalbox-customer says (or its option in the body), else the header that the configuration
/// names, else the body's `user`.
[[nodiscard]] std::string_view customerOf(const CompiledQuotas &quotas, std::string_view option, std::span<const HeaderView> headers, std::string_view user);

/// The scopes of a call that have rules, the widest first: the organisation, its team, key, customer, route and tags.
void collectScopes(const CompiledConfig &config, const CallOwner &owner, PooledVector<state::Scope> &scopes);

} // namespace gateway::pipeline
