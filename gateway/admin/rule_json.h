// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/admin/rule_places.h"
#include "gateway/core/error.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>
#include <vector>

/// Budgets and limits as the admin API shows and takes them: the fields of the configuration file, whose they are, and how
/// they stand now.
/// @tparam Rule  config::Budget or config::Limit
namespace gateway::admin {

/// @param live  how scopes stand: api::Gateway::scopes(); what it says nothing of has the state null
/// @return one for each place, which are all there
template <typename Rule>
std::vector<nlohmann::ordered_json> rulesJson(const config::Config &config, std::span<const RulePlace> places, std::uint64_t revision, const std::vector<ScopeState> &live);

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
