// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/compile.h"

#include "gateway/config/check.h"
#include "gateway/core/text.h"
#include "gateway/pipeline/compile_parts.h"
#include "gateway/privacy/policy.h"
#include "gateway/providers/kind_fields.h"
#include "gateway/routing/health_view.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>
#include <set>
#include <string_view>

namespace gateway::pipeline {

namespace {

std::span<const std::string_view> builtInDetectors()
{
    static const std::vector<std::string_view> names = privacy::detectorNames();
    return names;
}

void compileGateway(const config::Config &config, CompiledConfig &compiled)
{
    compiled.gateway = config.gateway;
    compiled.metrics = config.telemetry.prometheus;
    compiled.policiesMark = routing::stableId(config::privacyJson(config.privacyPolicies));
    compiled.calendar = std::make_shared<const Calendar>(config.gateway.timeZone);
    compiled.compiledAt = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    const auto listen = config::parseListen(config.gateway.listen);
    compiled.listensOnLoopback = listen && listen->loopback;
    compiled.trustedProxies = networksOf(config.gateway.trustedProxies);
    compiled.mediaNetworks = networksOf(config.gateway.media.privateNetworks);
}

/// A target speaks Responses with callers of Responses, where it can, and its own format with all others.
void compileIssuers(CompiledConfig &compiled)
{
    std::array<std::set<std::string_view>, wire::formatCount> issuers;
    for (const CompiledTarget &target : compiled.targets) {
        if (target.passthrough)
            continue;
        const CompiledProvider &provider = compiled.providers[target.routing->provider];
        for (const Endpoint endpoint : {Endpoint::ChatCompletions, Endpoint::Responses}) {
            const wire::WireFormat format = provider.site->format(endpoint, target.routing->model);
            issuers[static_cast<std::size_t>(format)].insert(issuerOf(provider, format));
        }
    }
    std::ranges::transform(issuers, compiled.severalIssuers.begin(), [](const auto &each) { return each.size() > 1; });
}

} // namespace

std::string didYouMean(std::string_view word, const std::vector<std::string_view> &candidates)
{
    const std::string_view nearest = nearestName(word, candidates);
    return nearest.empty() ? std::string() : fmt::format(", did you mean \"{}\"?", nearest);
}

Compiled compile(const config::Config &config, std::shared_ptr<const PriceBook> catalogue, telemetry::StatsHub *stats)
{
    ProblemList problems;
    problems.all() = config::check(config, providers::kindFields(), builtInDetectors());
    auto compiled = std::make_shared<CompiledConfig>();
    compiled->prices = std::move(catalogue);
    compileGateway(config, *compiled);
    compileProviders(config, stats, *compiled, problems);
    compileRoutes(config, stats, *compiled, problems);
    compilePassthrough(config, *compiled);
    compilePrompts(config, *compiled, problems);
    compileCache(config, *compiled, problems);
    const AwakeKeys awake = compileKeys(config, stats, *compiled, problems);
    compilePrivacy(config, *compiled, problems);
    compileQuotas(config, awake, *compiled, problems);
    checkAlertNames(config, problems);
    checkReportNames(config, problems);
    if (config::anyError(problems.all()))
        compiled.reset();
    else
        compileIssuers(*compiled);
    return {.config = std::move(compiled), .problems = std::move(problems.all())};
}

} // namespace gateway::pipeline
