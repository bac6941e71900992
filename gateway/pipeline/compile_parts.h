// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/config/problem.h"
#include "gateway/pipeline/compiled_config.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::telemetry {
class StatsHub;
}

/// The steps of compile(), one file each. All pure but for the rows of figures that they ask StatsHub for.
namespace gateway::pipeline {

/// What is wrong so far.
class ProblemList
{
public:
    void error(std::string field, std::string message) { m_problems.push_back({.field = std::move(field), .message = std::move(message)}); }
    void warn(std::string field, std::string message) { m_problems.push_back({.field = std::move(field), .message = std::move(message), .warning = true}); }
    config::Problems &all() { return m_problems; }

private:
    config::Problems m_problems;
};

/// ", did you mean "openai"?" or empty.
std::string didYouMean(std::string_view word, const std::vector<std::string_view> &candidates);

/// All credentials of a provider as routing sees them.
std::vector<routing::CredentialRef> credentialRefs(const config::Provider &provider, const CompiledProvider &compiled);
/// How long attempts at a target may take: its own limits over its provider's over the gateway's.
TimeLimits timeLimits(const config::Timeouts &own, const config::Provider &provider, const config::GatewaySettings &gateway);

/// config.providers -> compiled.providers, one for one.
void compileProviders(const config::Config &config, telemetry::StatsHub *stats, CompiledConfig &compiled, ProblemList &problems);
/// config.routes -> compiled.routes and targets. After the providers.
void compileRoutes(const config::Config &config, telemetry::StatsHub *stats, CompiledConfig &compiled, ProblemList &problems);
/// Where passthrough leads: a wildcard target for each provider that can be called. After the providers.
void compilePassthrough(const config::Config &config, CompiledConfig &compiled);
/// config.cache -> compiled.cache and embedder. After the providers.
void compileCache(const config::Config &config, CompiledConfig &compiled, ProblemList &problems);
/// Where each of config.keys is in compiled.keys, under its secret; null: it sleeps, or has an error.
using AwakeKeys = std::vector<CompiledKey *>;
/// All budgets and limits -> compiled.quotas and the rules of providers, routes and keys. After those.
void compileQuotas(const config::Config &config, const AwakeKeys &awake, CompiledConfig &compiled, ProblemList &problems);
/// config.prompts -> compiled.prompts. After the routes.
void compilePrompts(const config::Config &config, CompiledConfig &compiled, ProblemList &problems);
/// config.teams and keys -> compiled.keys. After the routes.
AwakeKeys compileKeys(const config::Config &config, telemetry::StatsHub *stats, CompiledConfig &compiled, ProblemList &problems);

/// The configuration's privacy policies, each made once and shared by all that name it.
class CompiledPolicies
{
public:
    /// @param config  outlives this
    CompiledPolicies(const config::Config &config, ProblemList &problems);
    /// null: there is none of that name, or it has a problem
    [[nodiscard]] std::shared_ptr<const privacy::Policy> find(std::string_view name) const;
    /// The one that an entry names. null: it names none (empty), or a problem, which was told.
    /// @param what  "key \"ci\""
    [[nodiscard]] std::shared_ptr<const privacy::Policy> named(std::string_view name, const std::string &field, std::string_view what, ProblemList &problems) const;

private:
    const config::Config &m_config;
    std::map<std::string, std::shared_ptr<const privacy::Policy>, std::less<>> m_policies;
};

/// config.privacyPolicies -> the policies of routes, of keys (their own, or their teams') and the one of all others. After the keys.
void compilePrivacy(const config::Config &config, CompiledConfig &compiled, ProblemList &problems);

/// Warns of subjects of alerts that do not exist, and of e-mail without a mail server.
void checkAlertNames(const config::Config &config, ProblemList &problems);
void checkReportNames(const config::Config &config, ProblemList &problems);

} // namespace gateway::pipeline
