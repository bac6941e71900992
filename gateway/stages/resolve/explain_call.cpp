// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/resolve/explain_call.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/call_scopes.h"
#include "gateway/pipeline/prompt_expander.h"
#include "gateway/pipeline/quota_hold.h"
#include "gateway/routing/explain.h"
#include "gateway/routing/simulate.h"
#include "gateway/stages/resolve/call_facts.h"
#include "gateway/stages/resolve/call_options.h"
#include "gateway/stages/resolve/catalogue_prices.h"
#include "gateway/stages/resolve/key_additions.h"
#include "gateway/stages/resolve/plan_choice.h"
#include "gateway/stages/resolve/prompt_naming.h"

#include <algorithm>
#include <fmt/format.h>

namespace gateway::stages {

namespace {

using pipeline::CompiledConfig;
using pipeline::CompiledKey;

Result<const CompiledKey *> keyNamed(const CompiledConfig &config, std::string_view name)
{
    if (name.empty())
        return nullptr;
    const auto found = std::ranges::find_if(config.keys, [&](const auto &entry) { return entry.second.name == name && !entry.second.formerUntil; });
    if (found == config.keys.end())
        return fail(ErrorCode::NotFound, fmt::format("There is no key {}.", jsonQuoted(truncatedUtf8(name, 100))), "key");
    return &found->second;
}

/// How long a target that says nothing is waited for.
Duration firstByteLimit(const CompiledConfig &config, const routing::Target &target)
{
    const pipeline::TimeLimits &limits = config.targets[target.index].limits;
    return std::min(limits.firstByte.value_or(limits.total), limits.total);
}

void setWho(routing::CallFacts &facts, const CompiledKey *key, const CompiledConfig &config, const Clock &clock)
{
    facts.key = key ? std::string_view(key->name) : std::string_view();
    facts.team = key ? std::string_view(key->team) : std::string_view();
    facts.at = clock.wallNow();
    facts.calendar = config.calendar.get();
}

state::Moment momentOf(const Clock &clock)
{
    return {.wall = clock.wallNow(), .steady = clock.steadyNow()};
}

/// Lets planning see how the call's budgets stand. Nothing is claimed.
void lookAtBudgets(routing::CallFacts &facts, pipeline::QuotaHold &budgets, const CompiledConfig &config, const CompiledKey *key, const pipeline::CompiledRoute *route)
{
    pipeline::collectScopes(config, {.key = key, .team = facts.team, .customer = facts.customer, .tags = facts.tags, .route = route}, budgets.scopes);
    facts.budgets = &budgets;
}

/// What a prompt's version makes of the call; without a reference where it names none.
Result<pipeline::ExpandedPrompt> expandedBody(const pipeline::PromptExpander &prompts, const CompiledConfig &config, const SupposedCall &call, const wire::RequestScan &scan,
                                              const CallOptions &options, std::string_view besideBody, std::uint64_t seed)
{
    const std::string reference = promptNamed(scan, besideBody);
    if (reference.empty())
        return pipeline::ExpandedPrompt {};
    const std::string_view customer = pipeline::customerOf(config.quotas, options.customer, call.headers, scan.user);
    return prompts.expand(config, scan, {.reference = reference, .customer = customer, .session = options.session, .endpoint = call.endpoint, .pathNamesModel = !call.pathModel.empty(), .chance = seed});
}

} // namespace

Result<Explanation> explainCall(const Circumstances &now, const std::shared_ptr<const CompiledConfig> &config, const SupposedCall &call, std::uint64_t seed)
{
    const auto key = keyNamed(*config, call.key);
    if (!key)
        return std::unexpected(key.error());
    const std::string_view besideBody = promptInHeaders(call.headers);
    auto scan = wire::scanRequest(call.body, call.endpoint, call.pathModel, defaultsOf(*key, call.pathModel).model, whereNamed(call.endpoint, besideBody));
    if (!scan)
        return std::unexpected(scan.error());
    const auto options = readCallOptions(call.headers, scan->signalbox.in(scan->body));
    if (!options)
        return std::unexpected(options.error());
    auto expanded = expandedBody(now.prompts, *config, call, *scan, *options, besideBody, seed);
    if (!expanded)
        return std::unexpected(expanded.error());
    const bool named = !expanded->reference.empty();
    const std::string_view pathModel = named && !call.pathModel.empty() && !expanded->model.empty() ? std::string_view(expanded->model) : call.pathModel;
    const wire::RequestDefaults defaults = defaultsOf(*key, pathModel);
    if (named)
        scan = wire::scanRequest(expanded->body, call.endpoint, pathModel, defaults.model);
    const auto filled = scan ? wire::withDefaults(*scan, call.endpoint, defaults) : std::nullopt;
    if (filled)
        scan = wire::scanRequest(*filled, call.endpoint, pathModel);
    if (!scan)
        return std::unexpected(scan.error());
    const std::string_view asked = !call.route.empty() ? call.route : !options->route.empty() ? std::string_view(options->route) : scan->model;
    const auto choice = choosePlan(config, *key, asked, scan->fallbacks);
    if (!choice)
        return std::unexpected(choice.error());

    routing::CallFacts facts = callFacts(*scan, call.endpoint);
    facts.headers = call.headers;
    const std::string metadata = withMetadataOf(*key, options->metadata);
    facts.metadata = metadata;
    facts.tags = options->tags;
    facts.session = options->session;
    facts.customer = pipeline::customerOf(config->quotas, options->customer, call.headers, scan->user);
    facts.region = options->region;
    setWho(facts, *key, *config, now.clock);
    pipeline::QuotaHold budgets(now.quotas, call.endpoint, momentOf(now.clock));
    lookAtBudgets(facts, budgets, *config, *key, choice->route);
    CataloguePrices prices(*config);
    return routing::explain(choice->plan, {.health = now.health, .memory = &now.memory, .prices = &prices}, facts, seed, choice->star, now.clock.steadyNow());
}

Result<Simulation> simulateCall(const Circumstances &now, const std::shared_ptr<const CompiledConfig> &config, const MadeUpCall &call, const ProviderFaults &faults, std::uint64_t seed)
{
    const auto key = keyNamed(*config, call.key);
    if (!key)
        return std::unexpected(key.error());
    const HeaderView header {"x-signalbox-metadata", call.metadata};
    const auto options = readCallOptions(std::span(&header, call.metadata.empty() ? 0 : 1), {});
    if (!options)
        return std::unexpected(options.error());
    const auto choice = choosePlan(config, *key, call.route, {});
    if (!choice)
        return std::unexpected(choice.error());

    const std::string metadata = withMetadataOf(*key, options->metadata);
    routing::CallFacts facts {.metadata = metadata, .model = call.route, .endpoint = toText(Endpoint::ChatCompletions), .inputTokens = call.inputTokens, .outputTokens = call.outputTokens};
    setWho(facts, *key, *config, now.clock);
    pipeline::QuotaHold budgets(now.quotas, Endpoint::ChatCompletions, momentOf(now.clock));
    lookAtBudgets(facts, budgets, *config, *key, choice->route);
    CataloguePrices prices(*config);
    const routing::Misbehaviour misbehaviour {.faults = faults, .firstByteLimit = [&config](const routing::Target &target) { return firstByteLimit(*config, target); }};
    return routing::simulate(choice->plan, {.health = now.health, .memory = &now.memory, .prices = &prices}, facts, misbehaviour, seed, choice->star, now.clock.steadyNow());
}

} // namespace gateway::stages
