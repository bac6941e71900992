// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/admin/rule_index.h"
#include "gateway/core/error.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

/// Budgets and limits as the admin API shows and takes them: the fields of the configuration file, whose they are, and how
/// they stand now.
/// @tparam Rule  config::Budget or config::Limit
namespace gateway::admin {

/// Each rule, with how it stands now; the state is null where nothing is known of it.
template <typename Rule>
std::vector<nlohmann::ordered_json> rulesJson(const std::vector<PlacedRule<Rule>> &rules, std::uint64_t revision, const api::Gateway &gateway);

/// What a request says: a rule, and the scope that it is to be of, where it says one.
template <typename Rule>
struct SentRule
{
    std::optional<ScopeKind> scope {};
    std::optional<std::string> name {};
    Rule rule {};
};
/// Errors: BadRequest, Invalid with the field.
template <typename Rule>
Result<SentRule<Rule>> readRule(std::string_view body);

} // namespace gateway::admin
