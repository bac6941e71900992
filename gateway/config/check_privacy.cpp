// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/guardrail_text.h"
#include "gateway/config/privacy_text.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

namespace gateway::config {

namespace {

constexpr std::array<std::string_view, 4> ownDetectors {"all", "regex", "dictionary", "external"};

/// A field that belongs to one detector alone.
struct OwnField
{
    std::string_view detector, field;
    bool needed;
    bool (*given)(const PrivacyRule &rule);
};

constexpr std::array ownFields {
    OwnField {"regex", "pattern", true, [](const PrivacyRule &rule) { return !rule.pattern.empty(); }},
    OwnField {"dictionary", "words", true, [](const PrivacyRule &rule) { return !rule.words.empty(); }},
    OwnField {"external", "url", true, [](const PrivacyRule &rule) { return !rule.url.empty(); }},
    OwnField {"external", "entities", false, [](const PrivacyRule &rule) { return !rule.entities.empty(); }},
    OwnField {"external", "on_failure", false, [](const PrivacyRule &rule) { return rule.onFailure != OnFailure::Block; }},
};

void checkDetector(Checks &checks, const std::string &field, const PrivacyRule &rule, std::span<const std::string_view> detectors)
{
    if (rule.detect.empty()) {
        checks.error(field + ".detect", fmt::format("`{}.detect` is missing: what the rule looks for, such as email, all, regex or dictionary", field));
        return;
    }
    if (detectors.empty() || std::ranges::find(ownDetectors, rule.detect) != ownDetectors.end() || std::ranges::find(detectors, rule.detect) != detectors.end())
        return;
    std::vector<std::string_view> all(detectors.begin(), detectors.end());
    all.insert(all.end(), ownDetectors.begin(), ownDetectors.end());
    const std::string_view near = nearestName(rule.detect, all);
    checks.error(field + ".detect", fmt::format("{} is no detector{}", jsonQuoted(rule.detect), near.empty() ? fmt::format("; these are: {}", fmt::join(all, ", ")) : fmt::format("; did you mean `{}`?", near)));
}

void checkOwnFields(Checks &checks, const std::string &field, const PrivacyRule &rule)
{
    for (const OwnField &own : ownFields) {
        const std::string place = fmt::format("{}.{}", field, own.field);
        if (rule.detect != own.detector && own.given(rule))
            checks.error(place, fmt::format("`{}` belongs to `detect: {}`, and this rule detects {}; take it out", place, own.detector, jsonQuoted(rule.detect)));
        else if (rule.detect == own.detector && own.needed && !own.given(rule))
            checks.error(place, fmt::format("`{}` is missing: `detect: {}` needs it", place, own.detector));
    }
    if (rule.isOwn() && rule.name.empty())
        checks.error(field + ".name", fmt::format("`{}.name` is missing: placeholders and figures are named after it", field));
    if (!rule.isOwn() && !rule.name.empty())
        checks.error(field + ".name", fmt::format("`{}.name` belongs to regex, dictionary and external; a built-in detector has its own name", field));
    if (!rule.name.empty())
        checkOwnName(checks, field + ".name", rule.name, "rule");
}

void checkTexts(Checks &checks, const std::string &field, std::string_view key, const std::vector<std::string> &texts, std::size_t most)
{
    const std::string place = fmt::format("{}.{}", field, key);
    if (texts.size() > most)
        checks.error(place, fmt::format("`{}` has {} entries; at most {} are taken", place, texts.size(), most));
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (trimmed(texts[i]).empty() || texts[i].size() > longestWord) {
            checks.error(fmt::format("{}[{}]", place, i), fmt::format("`{}[{}]` is {}; write 1 to {} bytes", place, i, trimmed(texts[i]).empty() ? "empty" : "too long", longestWord));
            return;
        }
    }
}

void checkRule(Checks &checks, const std::string &field, const PrivacyRule &rule, std::span<const std::string_view> detectors)
{
    checkDetector(checks, field, rule, detectors);
    checkOwnFields(checks, field, rule);
    if (rule.threshold && !(*rule.threshold >= 0 && *rule.threshold <= 1))
        checks.error(field + ".threshold", fmt::format("`{}.threshold` is {}; write 0 to 1, as 0.5 which stands where none does", field, *rule.threshold));
    if (rule.pattern.size() > longestPattern)
        checks.error(field + ".pattern", fmt::format("`{}.pattern` has {} bytes; at most {} are taken", field, rule.pattern.size(), longestPattern));
    if (!rule.url.empty() && !isHttpUrl(rule.url))
        checks.error(field + ".url", fmt::format("`{}.url` is no http or https address, such as http://127.0.0.1:5002/analyze", field));
    checkTexts(checks, field, "words", rule.words, mostWords);
    checkTexts(checks, field, "context", rule.context, mostListed);
    checkTexts(checks, field, "allow", rule.allow, mostListed);
    checkTexts(checks, field, "entities", rule.entities, mostListed);
    for (std::size_t i = 0; i < rule.regions.size(); ++i) {
        const std::string &region = rule.regions[i];
        if (region.size() != 2 || !std::ranges::all_of(region, [](char c) { return c >= 'A' && c <= 'Z'; }))
            checks.error(fmt::format("{}.regions[{}]", field, i), fmt::format("{} is no region; write two capital letters, such as DE or US", jsonQuoted(region)));
    }
}

/// Of one policy: the same detector or name twice.
void checkTwice(Checks &checks, const std::string &field, const PrivacyPolicy &policy)
{
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < policy.rules.size(); ++i) {
        const PrivacyRule &rule = policy.rules[i];
        const std::string_view name = rule.isOwn() ? std::string_view(rule.name) : std::string_view(rule.detect);
        if (!name.empty() && !seen.insert(name).second)
            checks.error(fmt::format("{}.rules[{}]", field, i), fmt::format("policy {} has two rules for {}; keep one", jsonQuoted(policy.name), jsonQuoted(name)));
    }
}

void checkExtends(Checks &checks, const std::string &field, const std::vector<PrivacyPolicy> &policies, const PrivacyPolicy &policy)
{
    const PrivacyPolicy *at = &policy;
    for (std::size_t steps = 0; !at->extends.empty(); ++steps) {
        at = findPolicy(policies, at->extends);
        if (at == nullptr) {
            if (steps == 0)
                checks.error(field + ".extends", fmt::format("policy {} extends {}, which there is not", jsonQuoted(policy.name), jsonQuoted(policy.extends)));
            return;
        }
        if (steps >= policies.size()) {
            checks.error(field + ".extends", fmt::format("policy {} extends itself by way of {}; take one `extends` out", jsonQuoted(policy.name), jsonQuoted(policy.extends)));
            return;
        }
    }
}

} // namespace

void checkPolicies(Checks &checks, const std::string &field, const std::vector<PrivacyPolicy> &policies, std::span<const std::string_view> detectors)
{
    if (policies.size() > mostPolicies)
        checks.error(field, fmt::format("there are {} privacy policies; at most {} are taken", policies.size(), mostPolicies));
    Uniques names;
    for (std::size_t i = 0; i < policies.size(); ++i) {
        const PrivacyPolicy &policy = policies[i];
        const std::string place = fmt::format("{}[{}]", field, i);
        if (policy.name.empty())
            checks.error(place + ".name", fmt::format("`{}.name` is missing: keys, teams and routes name a policy by it", place));
        names.add(checks, place + ".name", "privacy policy", policy.name);
        if (policy.rules.size() > mostRules)
            checks.error(place + ".rules", fmt::format("policy {} has {} rules; at most {} are taken", jsonQuoted(policy.name), policy.rules.size(), mostRules));
        for (std::size_t rule = 0; rule < policy.rules.size(); ++rule)
            checkRule(checks, fmt::format("{}.rules[{}]", place, rule), policy.rules[rule], detectors);
        checkTwice(checks, place, policy);
        checkGuardrails(checks, place + ".guardrails", policy.name, policy.guardrails);
        checkExtends(checks, place, policies, policy);
    }
}

} // namespace gateway::config
