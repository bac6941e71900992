// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/guardrail_text.h"
#include "gateway/config/literal_text.h"
#include "gateway/config/privacy_text.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace gateway::config {

namespace {

PrivacyRule readRule(Reading &reading, const Node &node, const std::string &field)
{
    PrivacyRule rule;
    MapReader map(reading, node, field, "privacy rule");
    map.read("detect", rule.detect);
    map.readChoice("action", rule.action, {PrivacyAction::Tokenize, PrivacyAction::Mask, PrivacyAction::Hash, PrivacyAction::Block, PrivacyAction::Report});
    map.read("name", rule.name);
    readLiteral(reading, map, "pattern", rule.pattern);
    readLiterals(reading, map, "words", rule.words);
    map.read("url", rule.url);
    map.read("entities", rule.entities);
    map.readChoice("on_failure", rule.onFailure, {OnFailure::Block, OnFailure::Allow});
    readThreshold(reading, map, rule.threshold);
    readLiterals(reading, map, "context", rule.context);
    readLiterals(reading, map, "allow", rule.allow);
    map.read("regions", rule.regions);
    map.read("enabled", rule.enabled);
    map.finish();
    return rule;
}

/// With the places of the fields, as far as the text names them.
void addChecked(Reading &reading, Problems found)
{
    for (Problem &problem : found) {
        const auto place = reading.places.find(problem.field);
        if (place != reading.places.end())
            std::tie(problem.line, problem.column) = place->second;
        reading.problems.push_back(std::move(problem));
    }
}

} // namespace

std::string_view toText(PrivacyAction action)
{
    switch (action) {
    case PrivacyAction::Tokenize: return "tokenize";
    case PrivacyAction::Mask: return "mask";
    case PrivacyAction::Hash: return "hash";
    case PrivacyAction::Block: return "block";
    case PrivacyAction::Report: return "report";
    }
    return "tokenize";
}

std::string_view toText(OnFailure failure)
{
    return failure == OnFailure::Allow ? "allow" : "block";
}

const PrivacyPolicy *findPolicy(const std::vector<PrivacyPolicy> &policies, std::string_view name)
{
    const auto found = std::ranges::find(policies, name, &PrivacyPolicy::name);
    return found == policies.end() ? nullptr : &*found;
}

PrivacyPolicy readPolicy(Reading &reading, const Node &node, const std::string &field)
{
    PrivacyPolicy policy;
    MapReader map(reading, node, field, "privacy policy");
    if (reading.stored()) {
        map.read("id", policy.id);
        map.readChoice("origin", policy.origin, {Origin::Database, Origin::File});
    } else {
        policy.origin = reading.options().origin;
    }
    map.read("name", policy.name);
    map.read("extends", policy.extends);
    if (const Node *list = map.takeSequence("rules")) {
        for (const Node &item : list->items)
            policy.rules.push_back(readRule(reading, item, fmt::format("{}[{}]", map.at("rules"), policy.rules.size())));
    }
    if (const Node *list = map.takeSequence("guardrails")) {
        for (const Node &item : list->items)
            policy.guardrails.push_back(readGuardrail(reading, item, fmt::format("{}[{}]", map.at("guardrails"), policy.guardrails.size())));
    }
    map.read("answers", policy.answers);
    map.finish();
    return policy;
}

std::expected<std::vector<PrivacyPolicy>, Problems> readPrivacy(std::string_view text, std::span<const std::string_view> detectors)
{
    auto node = parseYaml(text, {});
    if (!node)
        return std::unexpected(Problems {std::move(node.error())});
    const ReadOptions options;
    Reading reading(options, false);
    std::vector<PrivacyPolicy> policies;
    MapReader map(reading, *node, "privacy", "privacy");
    if (const Node *list = map.takeSequence("policies")) {
        for (const Node &item : list->items)
            policies.push_back(readPolicy(reading, item, fmt::format("{}[{}]", map.at("policies"), policies.size())));
    }
    map.finish();
    if (!anyError(reading.problems)) {
        Checks checks;
        checkPolicies(checks, "privacy.policies", policies, detectors);
        addChecked(reading, checks.take());
    }
    if (anyError(reading.problems))
        return std::unexpected(std::move(reading.problems));
    return policies;
}

} // namespace gateway::config
