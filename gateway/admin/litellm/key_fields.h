// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/admin/litellm/body_fields.h"
#include "gateway/config/config.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

/// What LiteLLM's calls say of keys and teams, in its field names, ready to be laid over an entry of the configuration.
/// Nothing here is told apart by null: a field that is null takes away what it names.
namespace gateway::admin::litellm {

/// A field of a body.
template <typename T>
struct Said
{
    bool said = false;          ///< be it null
    std::optional<T> value {};  ///< nullopt: null
};

/// max_budget, budget_duration, tpm_limit, rpm_limit, tpd_limit and max_parallel_requests: of a scope's budgets and limits,
/// the first one of each that is for all APIs.
struct QuotaFields
{
    Said<Money> amount {};
    Said<Period> per {};
    Said<std::int64_t> rpm {}, tpm {}, tpd {}, parallel {};

    /// @return why it cannot be
    [[nodiscard]] std::optional<Error> layOver(config::Quota &quota) const;
};

struct KeyFields
{
    std::string key {};               ///< update: which key it is
    std::optional<std::string> alias {};
    std::optional<std::string> secret {}; ///< generate: one that the caller chose
    Said<std::string> team {};        ///< id or name
    Said<WallTime> expires {};
    Said<std::vector<std::string>> models {};
    std::optional<std::map<std::string, std::string>> metadata {}; ///< nullopt: it says nothing that can be taken
    QuotaFields quota {};
    std::vector<std::string> notTaken {};

    /// All but the secret. @param config  whose teams there are. @return why it cannot be
    [[nodiscard]] std::optional<Error> layOver(config::VirtualKey &key, const config::Config &config) const;
};

struct TeamFields
{
    std::optional<std::string> alias {}, id {};
    QuotaFields quota {};
    std::vector<std::string> notTaken {};
};

enum class KeyCall : std::uint8_t { Generate, Update };

/// Errors: BadRequest with the field.
/// @param now  when a duration begins
Result<KeyFields> readKeyFields(std::string_view body, KeyCall call, WallTime now);
Result<TeamFields> readTeamFields(std::string_view body);

/// The budget, or limit, that LiteLLM's fields are about; null: there is none.
const config::Budget *wholeBudget(const config::Quota &quota);
const config::Limit *wholeLimit(const config::Quota &quota);

} // namespace gateway::admin::litellm
