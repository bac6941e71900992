// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/guardrail.h"
#include "gateway/config/problem.h"
#include "gateway/config/values.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Privacy policies as config.md names them. What detectors there are, the part that has them says (privacy/).
namespace gateway::config {

enum class PrivacyAction : std::uint8_t {
    Tokenize, ///< a placeholder goes to the provider, and the value comes back in the answer
    Mask,
    Hash,
    Block,    ///< the call is refused
    Report    ///< the text stays; what was found is counted
};
std::string_view toText(PrivacyAction action);

struct PrivacyRule
{
    std::string detect {};                  ///< a detector's name, "all", "regex", "dictionary" or "external"
    PrivacyAction action = PrivacyAction::Tokenize;
    std::string name {};                    ///< of an own rule; placeholders are named after it
    std::string pattern {};                 ///< regex, in RE2's syntax
    std::vector<std::string> words {};      ///< dictionary
    std::string url {};                     ///< external
    std::vector<std::string> entities {};   ///< external; empty: all that it finds
    OnFailure onFailure = OnFailure::Block; ///< external
    std::optional<double> threshold {};     ///< 0 to 1; absent: 0.5
    std::vector<std::string> context {};    ///< words that make a finding beside them likelier
    std::vector<std::string> allow {};      ///< texts that are let through; a "*" at an end stands for anything
    std::vector<std::string> regions {};    ///< ISO 3166-1 ("DE"); empty: all
    bool enabled = true;                    ///< false: it is as if it were not there
    bool operator==(const PrivacyRule &) const = default;

    [[nodiscard]] bool isOwn() const { return detect == "regex" || detect == "dictionary" || detect == "external"; }
};

struct PrivacyPolicy
{
    std::string id {};
    Origin origin = Origin::Database;
    std::string name {};
    std::string extends {};                 ///< a policy whose rules and guardrails apply after this one's; empty: none
    std::vector<PrivacyRule> rules {};
    std::vector<Guardrail> guardrails {};
    std::optional<bool> answers {};         ///< rules look at answers too; absent: as what it extends, else they do
    bool operator==(const PrivacyPolicy &) const = default;
};

const PrivacyPolicy *findPolicy(const std::vector<PrivacyPolicy> &policies, std::string_view name); ///< nullptr: there is none

/// The policy of calls for which nobody names one.
inline constexpr std::string_view usualPolicy = "default";

/// Reads what stands below `privacy`, in YAML or JSON; texts are literal. Every key is checked, and every value that needs
/// no other part: which fields a rule's detector takes, names that occur twice, policies that extend one another in a
/// circle, and bounds. Bounded as readConfig() is. Never throws.
/// @param detectors  the names of the built-in ones
std::expected<std::vector<PrivacyPolicy>, Problems> readPrivacy(std::string_view text, std::span<const std::string_view> detectors);

/// Compact JSON, without what equals the default: readPrivacy(privacyJson(p)) == p.
std::string privacyJson(const std::vector<PrivacyPolicy> &policies);

inline constexpr double standardThreshold = 0.5;
inline constexpr std::size_t mostPolicies = 200, mostRules = 200, mostWords = 200'000, longestWord = 256, longestPattern = 4096, mostListed = 1000;

} // namespace gateway::config
