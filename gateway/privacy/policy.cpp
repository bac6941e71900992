// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/policy.h"

#include "gateway/core/text.h"
#include "gateway/privacy/characters.h"
#include "gateway/privacy/detector_rows.h"
#include "gateway/privacy/lower_case.h"

#include <algorithm>
#include <fmt/format.h>

namespace gateway::privacy {

bool Rule::allows(std::string_view value) const
{
    if (allowed.empty() && allowedBeginnings.empty() && allowedEnds.empty())
        return false;
    const std::string lowered = lowerCase(value);
    return allowed.contains(lowered) || std::ranges::any_of(allowedBeginnings, [&](const std::string &each) { return lowered.starts_with(each); })
        || std::ranges::any_of(allowedEnds, [&](const std::string &each) { return lowered.ends_with(each); });
}

const std::vector<std::uint8_t> &Policy::wokenBy(Wake wake) const
{
    switch (wake) {
    case OnWord: return m_woken[0];
    case OnToken: return m_woken[1];
    case OnAt: return m_woken[2];
    case OnColon: return m_woken[3];
    case OnNumber: break; // wokenByNumber()
    case OnDashes: return m_woken[4];
    }
    return m_woken[4];
}

std::vector<std::string_view> detectorNames()
{
    std::vector<std::string_view> names;
    for (const Detector *detector : detectors())
        names.push_back(detector->name);
    return names;
}

std::string labelOf(std::string_view name)
{
    std::string label;
    for (const char c : name.substr(0, 32))
        label += isAlnum(c) ? upper(c) : '_';
    return label.empty() || !isUpper(label[0]) ? "X" + label : label;
}

/// Goes over a policy and what it extends, nearest first.
class PolicyBuilder
{
public:
    PolicyBuilder(const std::vector<config::PrivacyPolicy> &policies, Policy &policy) : m_policies(policies), m_policy(policy) { m_policy.m_detectorRules.fill(Policy::noRule); }

    void addPolicy(std::size_t index)
    {
        const config::PrivacyPolicy &policy = m_policies[index];
        if (!m_answersSet && policy.answers) {
            m_policy.m_answers = *policy.answers;
            m_answersSet = true;
        }
        for (const bool all : {false, true}) {
            for (std::size_t i = 0; i < policy.rules.size(); ++i) {
                if (policy.rules[i].enabled && (policy.rules[i].detect == "all") == all)
                    addRule(policy.rules[i], fmt::format("privacy.policies[{}].rules[{}]", index, i));
            }
        }
        for (std::size_t i = 0; i < policy.guardrails.size(); ++i) {
            if (!policy.guardrails[i].enabled)
                continue;
            m_policy.m_guards.add(policy.guardrails[i], fmt::format("privacy.policies[{}].guardrails[{}]", index, i), problems);
        }
    }

    void finish()
    {
        wakeDetectors();
        m_policy.m_context.seal();
        m_policy.m_patterns.seal();
        m_policy.m_guards.seal();
        m_policy.m_words = WordAutomaton(m_words);
        for (const Rule &rule : m_policy.m_rules) {
            m_policy.m_labels.insert(rule.label);
            m_policy.m_tokenizes = m_policy.m_tokenizes || rule.action == PrivacyAction::Tokenize;
        }
    }

    config::Problems problems {};

private:
    void addRule(const config::PrivacyRule &rule, const std::string &field)
    {
        if (rule.isOwn())
            addOwn(rule, field);
        else
            addDetectors(rule, field);
    }

    std::uint32_t put(const config::PrivacyRule &from, std::string_view name, std::string label)
    {
        Rule rule {.name = std::string(name), .label = std::move(label), .action = from.action, .threshold = from.threshold.value_or(config::standardThreshold), .regions = from.regions};
        for (const std::string &text : from.allow) {
            std::string lowered = lowerCase(text);
            if (lowered.size() > 1 && lowered.ends_with('*'))
                rule.allowedBeginnings.push_back(lowered.substr(0, lowered.size() - 1));
            else if (lowered.size() > 1 && lowered.starts_with('*'))
                rule.allowedEnds.push_back(lowered.substr(1));
            else
                rule.allowed.insert(std::move(lowered));
        }
        m_policy.m_rules.push_back(std::move(rule));
        return static_cast<std::uint32_t>(m_policy.m_rules.size() - 1);
    }

    /// Each detector gets a bit of its own; own rules those that are left.
    void addContext(const config::PrivacyRule &rule, ContextWords::Mask bit)
    {
        for (const std::string &word : rule.context)
            m_policy.m_context.add(word, bit);
    }

    void addDetectors(const config::PrivacyRule &rule, const std::string &field)
    {
        bool known = rule.detect == "all";
        for (std::size_t i = 0; i < detectors().size(); ++i) {
            const Detector &detector = *detectors()[i];
            if (rule.detect != "all" && rule.detect != detector.name)
                continue;
            known = true;
            if (m_policy.m_detectorRules[i] != Policy::noRule)
                continue;
            const std::uint32_t index = put(rule, detector.name, std::string(detector.label));
            m_policy.m_detectorRules[i] = index;
            const ContextWords::Mask bit = ContextWords::Mask {1} << i;
            for (const std::string_view word : detector.context)
                m_policy.m_context.add(word, bit);
            addContext(rule, bit);
            m_policy.m_rules[index].contextBit = bit;
        }
        if (!known)
            problems.push_back({.field = field + ".detect", .message = fmt::format("{} is no detector", jsonQuoted(rule.detect))});
    }

    void addOwn(const config::PrivacyRule &rule, const std::string &field)
    {
        if (!m_ownNames.insert(rule.name).second)
            return;
        if (rule.detect == "external") {
            addExternal(rule);
            return;
        }
        const std::uint32_t index = put(rule, rule.name, labelOf(rule.name));
        if (!rule.context.empty()) {
            if (m_nextBit == 0)
                problems.push_back({.field = field + ".context", .message = fmt::format("`{}.context`: at most {} own rules of a policy may have context words", field, 64 - detectors().size())});
            addContext(rule, m_nextBit);
            m_policy.m_rules[index].contextBit = m_nextBit;
            m_nextBit <<= 1;
        }
        if (rule.detect == "dictionary") {
            for (const std::string &word : rule.words) {
                m_words.push_back(lowerCase(word));
                m_policy.m_wordRules.push_back(index);
            }
        } else if (auto taken = m_policy.m_patterns.add(rule.pattern); taken) {
            m_policy.m_patternRules.push_back(index);
        } else {
            problems.push_back({.field = field + ".pattern", .message = fmt::format("`{}.pattern` of rule {} is no regular expression: {}", field, jsonQuoted(rule.name), taken.error().message)});
        }
    }

    void addExternal(const config::PrivacyRule &rule)
    {
        const auto first = static_cast<std::uint32_t>(m_policy.m_rules.size());
        for (const std::string &entity : rule.entities)
            put(rule, entity, labelOf(entity));
        if (rule.entities.empty())
            put(rule, rule.name, labelOf(rule.name));
        m_policy.m_external.push_back({.name = rule.name, .url = rule.url, .entities = rule.entities, .onFailure = rule.onFailure, .firstRule = first});
    }

    void wakeDetectors()
    {
        constexpr std::array wakes {OnWord, OnToken, OnAt, OnColon, OnDashes};
        for (std::size_t i = 0; i < detectors().size(); ++i) {
            if (m_policy.m_detectorRules[i] == Policy::noRule)
                continue;
            const Detector &detector = *detectors()[i];
            for (std::size_t wake = 0; wake < wakes.size(); ++wake) {
                if ((detector.wake & wakes[wake]) != 0)
                    m_policy.m_woken[wake].push_back(static_cast<std::uint8_t>(i));
            }
            for (std::size_t digits = detector.numbers.least; (detector.wake & OnNumber) != 0 && digits <= detector.numbers.most; ++digits)
                m_policy.m_byDigits[digits].push_back(static_cast<std::uint8_t>(i));
        }
    }

    const std::vector<config::PrivacyPolicy> &m_policies;
    Policy &m_policy;
    bool m_answersSet = false;
    std::set<std::string, std::less<>> m_ownNames;
    std::vector<std::string> m_words;
    ContextWords::Mask m_nextBit = ContextWords::Mask {1} << detectors().size();
};

std::expected<std::shared_ptr<const Policy>, config::Problems> Policy::compile(const std::vector<config::PrivacyPolicy> &policies, std::string_view name)
{
    auto policy = std::make_shared<Policy>();
    policy->m_name = name;
    PolicyBuilder builder(policies, *policy);
    const config::PrivacyPolicy *at = config::findPolicy(policies, name);
    if (at == nullptr)
        builder.problems.push_back({.field = "privacy.policies", .message = fmt::format("there is no privacy policy {}", jsonQuoted(name))});
    for (std::size_t steps = 0; at != nullptr && steps < policies.size(); ++steps) {
        builder.addPolicy(static_cast<std::size_t>(at - policies.data()));
        at = at->extends.empty() ? nullptr : config::findPolicy(policies, at->extends);
    }
    builder.finish();
    if (!builder.problems.empty())
        return std::unexpected(std::move(builder.problems));
    return std::shared_ptr<const Policy>(std::move(policy));
}

} // namespace gateway::privacy
