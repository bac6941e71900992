// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/guardrail_text.h"
#include "gateway/config/literal_text.h"
#include "gateway/config/privacy_text.h"

#include <fmt/format.h>

namespace gateway::config {

namespace {

Node ruleNode(const PrivacyRule &rule, const WriteOptions &options)
{
    MapWriter map(options);
    map.write("detect", rule.detect);
    map.addAlways("action", Node::string(std::string(toText(rule.action))));
    map.write("name", rule.name);
    writeLiteral(map, "pattern", rule.pattern);
    writeLiterals(map, "words", rule.words);
    map.write("url", rule.url);
    map.write("entities", rule.entities);
    map.writeChoice("on_failure", rule.onFailure, OnFailure::Block);
    writeThreshold(map, rule.threshold);
    writeLiterals(map, "context", rule.context);
    writeLiterals(map, "allow", rule.allow);
    map.write("regions", rule.regions);
    map.write("enabled", rule.enabled, true);
    return map.take();
}

} // namespace

Node toNode(const PrivacyPolicy &policy, const WriteOptions &options)
{
    MapWriter map(options);
    if (options.stored) {
        map.write("id", policy.id);
        map.writeChoice("origin", policy.origin, Origin::Database);
    }
    map.write("name", policy.name);
    map.write("extends", policy.extends);
    Node rules = Node::sequence();
    for (const PrivacyRule &rule : policy.rules)
        rules.items.push_back(ruleNode(rule, options));
    map.add("rules", std::move(rules));
    Node guardrails = Node::sequence();
    for (const Guardrail &guardrail : policy.guardrails)
        guardrails.items.push_back(toNode(guardrail, options));
    map.add("guardrails", std::move(guardrails));
    map.write("answers", policy.answers);
    return map.take();
}

std::string privacyJson(const std::vector<PrivacyPolicy> &policies)
{
    const WriteOptions options {.literal = true};
    MapWriter map(options);
    Node list = Node::sequence();
    for (const PrivacyPolicy &policy : policies)
        list.items.push_back(toNode(policy, options));
    map.add("policies", std::move(list));
    return jsonText(map.take());
}

} // namespace gateway::config
