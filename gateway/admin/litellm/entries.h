// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/admin/endpoint.h"
#include "gateway/core/scope_state.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

/// Keys and teams as LiteLLM shows them.
namespace gateway::admin::litellm {

/// A key by its secret, by its id (what LiteLLM calls its token) or by its name; null: there is none.
const config::VirtualKey *findKey(const api::Gateway &gateway, const config::Config &config, std::string_view asked);
Error noSuchKey(std::string_view field);

/// Money as LiteLLM has it: a number.
nlohmann::ordered_json dollars(Money money);

/// @param live    how scopes stand; of what has a budget, `spend` is what is spent of it in its period
/// @param logged  of what has none: what the log knows of it, all in all
nlohmann::ordered_json keyInfo(const config::Config &config, const config::VirtualKey &key, const std::vector<ScopeState> &live, Money logged);
nlohmann::ordered_json teamInfo(const config::Team &team, const std::vector<ScopeState> &live, Money logged);

/// What the log knows of the calls of one key or team, as a question for Gateway::usage(). @param field  "key", "team"
Result<UsageQuery> usageOf(std::string_view field, std::string_view name);

} // namespace gateway::admin::litellm
