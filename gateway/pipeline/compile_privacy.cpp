// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/compile_parts.h"

#include "gateway/core/text.h"
#include "gateway/privacy/policy.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

namespace gateway::pipeline {

CompiledPolicies::CompiledPolicies(const config::Config &config, ProblemList &problems) : m_config(config)
{
    for (const config::PrivacyPolicy &policy : config.privacyPolicies) {
        if (policy.name.empty())
            continue; // check() has said so
        auto made = privacy::Policy::compile(config.privacyPolicies, policy.name);
        if (made) {
            m_policies.try_emplace(policy.name, std::move(*made));
            continue;
        }
        for (config::Problem &problem : made.error()) { // of a policy that others extend it is told once
            const auto same = [&](const config::Problem &told) { return told.field == problem.field && told.message == problem.message; };
            if (std::ranges::none_of(problems.all(), same))
                problems.all().push_back(std::move(problem));
        }
    }
}

std::shared_ptr<const privacy::Policy> CompiledPolicies::find(std::string_view name) const
{
    const auto found = m_policies.find(name);
    return found == m_policies.end() ? nullptr : found->second;
}

std::shared_ptr<const privacy::Policy> CompiledPolicies::named(std::string_view name, const std::string &field, std::string_view what, ProblemList &problems) const
{
    if (name.empty())
        return nullptr;
    if (config::findPolicy(m_config.privacyPolicies, name) != nullptr)
        return find(name);
    std::vector<std::string_view> names;
    for (const config::PrivacyPolicy &policy : m_config.privacyPolicies)
        names.push_back(policy.name);
    const std::string hint = didYouMean(name, names);
    problems.error(field, fmt::format("{} runs under the privacy policy {}, which does not exist{}", what, jsonQuoted(name), hint.empty() ? std::string(". Add it under privacy.policies.") : hint));
    return nullptr;
}

void compilePrivacy(const config::Config &config, CompiledConfig &compiled, ProblemList &problems)
{
    const CompiledPolicies policies(config, problems);
    compiled.usualPolicy = policies.find(config::usualPolicy);
    for (std::size_t i = 0; i < config.routes.size(); ++i) {
        const config::Route &route = config.routes[i];
        auto policy = policies.named(route.privacy, fmt::format("routes[{}].privacy", i), fmt::format("route \"{}\"", route.name), problems);
        const auto place = std::ranges::find(compiled.routes, route.name, &CompiledRoute::name);
        if (place != compiled.routes.end())
            place->privacy = std::move(policy);
    }
    std::map<std::string_view, std::shared_ptr<const privacy::Policy>> ofTeams;
    for (std::size_t i = 0; i < config.teams.size(); ++i) {
        const config::Team &team = config.teams[i];
        if (auto policy = policies.named(team.privacy, fmt::format("teams[{}].privacy", i), fmt::format("team \"{}\"", team.name), problems))
            ofTeams.try_emplace(team.name, std::move(policy));
    }
    std::unordered_map<std::string_view, std::shared_ptr<const privacy::Policy>> ofKeys; // there may be very many, most without
    for (std::size_t i = 0; i < config.keys.size(); ++i) {
        const config::VirtualKey &key = config.keys[i];
        auto policy = key.privacy.empty() ? nullptr : policies.named(key.privacy, fmt::format("keys[{}].privacy", i), fmt::format("key \"{}\"", key.name), problems);
        const auto team = policy || ofTeams.empty() ? ofTeams.end() : ofTeams.find(key.team);
        if (team != ofTeams.end())
            policy = team->second;
        if (policy)
            ofKeys.try_emplace(key.name, std::move(policy));
    }
    for (auto &[digest, key] : compiled.keys) {
        if (ofKeys.empty())
            break;
        if (const auto found = ofKeys.find(key.name); found != ofKeys.end())
            key.privacy = found->second;
    }
}

} // namespace gateway::pipeline
