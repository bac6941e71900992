// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/compile_parts.h"

#include "gateway/config/names.h"
#include "gateway/providers/prefix.h"
#include "gateway/providers/provider_table.h"
#include "gateway/routing/condition.h"
#include "gateway/routing/health_view.h"
#include "gateway/routing/plan_nodes.h"
#include "gateway/routing/random.h"
#include "gateway/telemetry/stats_hub.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <ranges>
#include <utility>

namespace gateway::pipeline {

namespace {

/// What a branch of a balance leads to, however its place changes: providers and models, by way of which routes.
std::uint64_t identityOf(const routing::Node &node)
{
    if (const auto *nested = std::get_if<routing::Nested>(&node.value))
        return routing::stableId("route", nested->route);
    std::uint64_t identity = 0;
    for (const routing::Target *target : routing::targetsOf(node)) {
        identity = routing::Random::mixed(identity ^ target->providerHealthId ^ routing::Random::mixed(target->modelId));
        if (target->credentials.size() == 1) // one of several entries for one model, each with a key of its own
            identity = routing::Random::mixed(identity ^ target->credentials.front().healthId);
    }
    return identity;
}

/// Resolves plan trees: each route once, routes within plans by reference, with an eye on circles.
class PlanCompiler
{
public:
    PlanCompiler(const config::Config &config, CompiledConfig &compiled, ProblemList &problems)
        : m_config(config)
        , m_compiled(compiled)
        , m_problems(problems)
        , m_roots(config.routes.size())
        , m_underway(config.routes.size(), false)
    {
    }

    /// The plan of config.routes[index]; null where it has a problem, which was told.
    std::shared_ptr<const routing::Node> root(std::size_t index);
    /// Who gets copies of its calls; nullopt: nobody, or a problem, which was told.
    std::optional<CompiledShadow> shadow(std::size_t index);

private:
    using NodePtr = std::optional<routing::Node>; ///< nullopt: left out

    NodePtr node(const config::PlanNode &plan, const std::string &field);
    NodePtr form(const config::PlanNode &plan, const std::string &field);
    NodePtr balance(const config::BalanceNode &plan, const std::string &field);
    NodePtr when(const config::WhenNode &plan, const std::string &field);
    NodePtr limit(const config::LimitNode &plan, const std::string &field);
    std::vector<routing::Node> branch(const config::Boxed<config::PlanNode> &plan, const std::string &field);
    std::shared_ptr<const routing::Field> hashField(const config::BalanceNode &plan, const std::string &field);
    NodePtr target(const config::TargetNode &plan, const std::string &field);
    NodePtr fallback(const config::FallbackNode &plan, const std::string &field);
    NodePtr split(const config::SplitNode &plan, const std::string &field);
    NodePtr route(const config::RouteNode &plan, const std::string &field);

    std::optional<std::size_t> providerOf(const config::TargetNode &plan, const std::string &field);
    bool fillCredentials(const config::TargetNode &plan, const config::Provider &provider, const CompiledProvider &compiled, const std::string &field,
                         routing::Target &target);
    bool fillPolicy(const config::TargetNode &plan, const std::string &field, routing::Target &target);
    bool areSettable(const std::vector<wire::JsonMember> &members, const std::string &field);
    bool fillFields(const config::TargetNode &plan, const std::string &field, CompiledTarget &target);
    void tellTooDeep(const std::string &field);
    [[nodiscard]] std::uint64_t idOf(const std::string &field) const;
    [[nodiscard]] std::string placeOf(const std::string &field) const;
    [[nodiscard]] std::string place() const; ///< "route "smart"", with the share that a split sends here

    const config::Config &m_config;
    CompiledConfig &m_compiled;
    ProblemList &m_problems;
    std::vector<std::shared_ptr<const routing::Node>> m_roots;
    std::vector<bool> m_underway;
    std::vector<std::size_t> m_path;  ///< routes being compiled, outermost first
    int m_depth = 0;                  ///< of the node at hand, over all routes on the path
    routing::FieldTable m_fields;
    std::optional<double> m_share;    ///< percent that the innermost split sends to the branch at hand
};

std::string PlanCompiler::place() const
{
    return fmt::format("route \"{}\"", m_config.routes[m_path.back()].name);
}

std::shared_ptr<const routing::Node> PlanCompiler::root(std::size_t index)
{
    if (m_roots[index])
        return m_roots[index];
    m_underway[index] = true;
    m_path.push_back(index);
    const std::optional<double> outerShare = std::exchange(m_share, std::nullopt);
    const int outerDepth = std::exchange(m_depth, 0); // how deep it may stand, whoever goes on to it looks at
    NodePtr plan = node(m_config.routes[index].plan, fmt::format("routes[{}].plan", index));
    m_share = outerShare;
    m_depth = outerDepth;
    m_path.pop_back();
    m_underway[index] = false;
    // A plan whose every target is switched off stays: its calls are told so.
    m_roots[index] = std::make_shared<const routing::Node>(plan ? std::move(*plan) : routing::Node {.value = routing::Fallback {}});
    return m_roots[index];
}

std::optional<CompiledShadow> PlanCompiler::shadow(std::size_t index)
{
    const std::optional<config::Shadow> &source = m_config.routes[index].shadow;
    if (!source)
        return std::nullopt;
    config::TargetNode plan;
    plan.provider = source->provider;
    plan.model = source->model;
    m_path.push_back(index);
    const NodePtr made = target(plan, fmt::format("routes[{}].shadow", index));
    m_path.pop_back();
    if (!made)
        return std::nullopt;
    return CompiledShadow {.target = std::get<std::shared_ptr<const routing::Target>>(made->value), .sample = source->sample};
}

PlanCompiler::NodePtr PlanCompiler::node(const config::PlanNode &plan, const std::string &field)
{
    if (m_depth == routing::deepestPlan) {
        tellTooDeep(field);
        return std::nullopt;
    }
    ++m_depth;
    NodePtr made = form(plan, field);
    --m_depth;
    if (made)
        made->place = placeOf(field);
    return made;
}

PlanCompiler::NodePtr PlanCompiler::form(const config::PlanNode &plan, const std::string &field)
{
    if (const auto *one = std::get_if<config::TargetNode>(&plan.node))
        return target(*one, field);
    if (const auto *chain = std::get_if<config::FallbackNode>(&plan.node))
        return fallback(*chain, field + ".fallback");
    if (const auto *shares = std::get_if<config::SplitNode>(&plan.node))
        return split(*shares, field + ".split");
    if (const auto *among = std::get_if<config::BalanceNode>(&plan.node))
        return balance(*among, field + ".balance");
    if (const auto *cases = std::get_if<config::WhenNode>(&plan.node))
        return when(*cases, field);
    if (const auto *bound = std::get_if<config::LimitNode>(&plan.node))
        return limit(*bound, field + ".limit");
    return route(std::get<config::RouteNode>(plan.node), field + ".route");
}

void PlanCompiler::tellTooDeep(const std::string &field)
{
    m_problems.error(field, fmt::format("{} nests plans deeper than {} levels, counting the routes that it goes on to. Take some out.", place(), routing::deepestPlan));
}

/// "plan.fallback[0]" of "routes[3].plan.fallback[0]".
std::string PlanCompiler::placeOf(const std::string &field) const
{
    const std::size_t dot = field.find('.');
    return dot == std::string::npos ? field : field.substr(dot + 1);
}

/// What a node that remembers something is known by, as long as it stays where it is in its route.
std::uint64_t PlanCompiler::idOf(const std::string &field) const
{
    const config::Route &route = m_config.routes[m_path.back()];
    return routing::stableId(route.id.empty() ? route.name : route.id, placeOf(field));
}

PlanCompiler::NodePtr PlanCompiler::balance(const config::BalanceNode &plan, const std::string &field)
{
    routing::Balance balance {.by = plan.by, .hashOn = hashField(plan, field), .among = {}, .id = idOf(field)};
    std::map<std::uint64_t, std::uint64_t> seen;
    for (std::size_t i = 0; i < plan.among.size(); ++i) {
        const config::BalanceBranch &branch = plan.among[i];
        NodePtr to = node(branch.to, fmt::format("{}.among[{}]{}", field, i, branch.weight == 1 ? "" : ".to"));
        if (!to)
            continue;
        const std::uint64_t identity = identityOf(*to);
        auto judgedBy = routing::firstTarget(*to);
        if (plan.by == config::BalanceBy::Usage && judgedBy && judgedBy->limits.empty()
            && std::ranges::all_of(judgedBy->credentials, [](const routing::CredentialRef &credential) { return credential.limits.empty(); }))
            m_problems.warn(fmt::format("{}.among[{}]", field, i), fmt::format("{} balances by usage, but nothing says how much \"{}\" may be used, so that it never counts as full. Declare rpm or tpm for its credentials.",
                                                                               place(), judgedBy->model));
        // Two that lead to the same place must not draw the same number.
        balance.among.push_back({.weight = std::max(branch.weight, 1), .identity = identity + seen[identity]++, .judgedBy = std::move(judgedBy), .to = std::move(*to)});
    }
    if (balance.among.empty())
        return std::nullopt;
    return routing::Node {.value = std::move(balance)};
}

std::shared_ptr<const routing::Field> PlanCompiler::hashField(const config::BalanceNode &plan, const std::string &field)
{
    if (plan.by != config::BalanceBy::Hash)
        return nullptr;
    auto found = m_fields.find(plan.hashOn);
    if (!found) { // told by check() too, in the same words
        m_problems.error(field + ".hash_on", found.error().message);
        return nullptr;
    }
    return *found;
}

PlanCompiler::NodePtr PlanCompiler::when(const config::WhenNode &plan, const std::string &field)
{
    routing::When when;
    for (std::size_t i = 0; i < plan.branches.size(); ++i) {
        const std::string at = fmt::format("{}.when[{}]", field, i);
        auto condition = routing::Condition::compile(plan.branches[i].condition, m_fields);
        if (!condition)
            m_problems.error(fmt::format("{}.if.{}", at, condition.error().where), fmt::format("{}: {}", place(), condition.error().message));
        NodePtr then = node(plan.branches[i].then, at + ".then");
        if (!condition)
            continue;
        // A case that leads nowhere stays: its calls must not be taken by the next one.
        routing::Node to = then ? std::move(*then) : routing::Node {.value = routing::Fallback {}, .place = placeOf(at + ".then")};
        when.cases.push_back({.condition = std::move(*condition), .then = std::move(to)});
    }
    when.otherwise = branch(plan.otherwise, field + ".else");
    return routing::Node {.value = std::move(when)};
}

PlanCompiler::NodePtr PlanCompiler::limit(const config::LimitNode &plan, const std::string &field)
{
    routing::Limit limit {.id = idOf(field), .rpm = plan.rpm, .tpm = plan.tpm, .tpd = plan.tpd, .parallel = plan.parallel, .amount = plan.amount,
                          .per = plan.per, .each = plan.each, .calendar = m_compiled.calendar, .then = {}, .otherwise = {}};
    limit.then = branch(plan.then, field + ".then");
    limit.otherwise = branch(plan.otherwise, field + ".else");
    return routing::Node {.value = std::move(limit)};
}

std::vector<routing::Node> PlanCompiler::branch(const config::Boxed<config::PlanNode> &plan, const std::string &field)
{
    std::vector<routing::Node> one;
    if (plan) {
        if (NodePtr made = node(*plan, field))
            one.push_back(std::move(*made));
    }
    return one;
}

PlanCompiler::NodePtr PlanCompiler::fallback(const config::FallbackNode &plan, const std::string &field)
{
    if (plan.children.empty()) {
        m_problems.error(field, fmt::format("{} has a fallback chain without targets. Add one, for example {{ provider: openai, model: gpt-4o }}.", place()));
        return std::nullopt;
    }
    routing::Fallback chain;
    for (std::size_t i = 0; i < plan.children.size(); ++i) {
        if (NodePtr child = node(plan.children[i], fmt::format("{}[{}]", field, i)))
            chain.children.push_back(std::move(*child));
    }
    return routing::Node {.value = std::move(chain)};
}

PlanCompiler::NodePtr PlanCompiler::split(const config::SplitNode &plan, const std::string &field)
{
    int whole = 0;
    for (const config::SplitBranch &branch : plan.branches)
        whole += std::max(branch.weight, 0);
    if (whole == 0) {
        m_problems.error(field, fmt::format("{} has a split without any weight. Give at least one branch a weight above 0.", place()));
        return std::nullopt;
    }
    routing::Split split;
    for (std::size_t i = 0; i < plan.branches.size(); ++i) {
        const config::SplitBranch &branch = plan.branches[i];
        const std::optional<double> outer = std::exchange(m_share, 100.0 * branch.weight / whole);
        NodePtr to = node(branch.to, fmt::format("{}[{}].to", field, i));
        m_share = outer;
        if (!to || branch.weight <= 0)
            continue;
        split.totalWeight += branch.weight;
        split.branches.push_back({.weight = branch.weight, .to = std::move(*to)});
    }
    if (split.branches.empty())
        return std::nullopt;
    return routing::Node {.value = std::move(split)};
}

PlanCompiler::NodePtr PlanCompiler::route(const config::RouteNode &plan, const std::string &field)
{
    const auto named = [&](const config::Route &route) { return route.name == plan.route || std::ranges::find(route.aliases, plan.route) != route.aliases.end(); };
    const auto found = std::ranges::find_if(m_config.routes, named);
    if (found == m_config.routes.end()) {
        std::vector<std::string_view> names;
        for (const config::Route &route : m_config.routes)
            names.push_back(route.name);
        const std::string hint = didYouMean(plan.route, names);
        m_problems.error(field, fmt::format("{} goes on to route \"{}\", which does not exist{}", place(), plan.route, hint.empty() ? std::string(".") : hint));
        return std::nullopt;
    }
    const auto index = static_cast<std::size_t>(found - m_config.routes.begin());
    if (m_underway[index]) {
        std::string circle;
        for (const std::size_t step : m_path | std::views::drop_while([&](std::size_t at) { return at != index; }))
            circle += m_config.routes[step].name + " -> ";
        m_problems.error(field, fmt::format("routes go in a circle: {}{}. Take one of these references out.", circle, found->name));
        return std::nullopt;
    }
    if (!found->enabled) {
        m_problems.error(field, fmt::format("{} goes on to route \"{}\", which is switched off. Switch it on, or take it out of the plan.", place(), found->name));
        return std::nullopt;
    }
    if (config::isWildcard(found->name) && !config::isWildcard(m_config.routes[m_path.back()].name)) {
        m_problems.error(field, fmt::format("{} goes on to wildcard route \"{}\", but has no star of its own to fill it with. Name a target instead.", place(), found->name));
        return std::nullopt;
    }
    const std::shared_ptr<const routing::Node> inner = root(index);
    if (m_depth + routing::depthOf(*inner) > routing::deepestPlan) {
        tellTooDeep(field);
        return std::nullopt;
    }
    return routing::Node {.value = routing::Nested {.plan = inner, .route = found->name}};
}

std::optional<std::size_t> PlanCompiler::providerOf(const config::TargetNode &plan, const std::string &field)
{
    if (plan.provider.empty() || plan.model.empty()) {
        m_problems.error(field, fmt::format("{} has a target without a {}. A target is {{ provider: NAME, model: NAME }}.", place(), plan.provider.empty() ? "provider" : "model"));
        return std::nullopt;
    }
    const auto found = std::ranges::find(m_config.providers, plan.provider, &config::Provider::name);
    if (found != m_config.providers.end())
        return static_cast<std::size_t>(found - m_config.providers.begin());
    std::vector<std::string_view> names;
    for (const config::Provider &provider : m_config.providers)
        names.push_back(provider.name);
    const std::string hint = didYouMean(plan.provider, names);
    m_problems.error(field + ".provider", fmt::format("{} uses provider \"{}\", which does not exist{}", place(), plan.provider,
                                                      hint.empty() ? std::string(". Add it under providers.") : hint));
    return std::nullopt;
}

bool PlanCompiler::fillCredentials(const config::TargetNode &plan, const config::Provider &provider, const CompiledProvider &compiled, const std::string &field,
                                   routing::Target &target)
{
    target.credentials = credentialRefs(provider, compiled);
    if (!plan.credential.empty())
        std::erase_if(target.credentials, [&](const routing::CredentialRef &credential) { return credential.name != plan.credential; });
    if (!target.credentials.empty())
        return true;
    if (!plan.credential.empty() && !compiled.credentials.empty()) {
        std::vector<std::string_view> names;
        for (const CompiledCredential &credential : compiled.credentials)
            names.push_back(credential.name);
        const std::string hint = didYouMean(plan.credential, names);
        m_problems.error(field + ".credential", fmt::format("{} asks for credential \"{}\" of provider \"{}\", which it does not have{}", place(), plan.credential,
                                                            provider.name, hint.empty() ? std::string(".") : hint));
        return false;
    }
    const std::string sends = m_share ? fmt::format("sends {:.4g} % to", *m_share) : "sends calls to";
    m_problems.error(field + ".provider", fmt::format("{} {} \"{}\" but provider \"{}\" has no credential. Add one under providers/{}/credentials, or take the target out.",
                                                      place(), sends, plan.model, provider.name, provider.name));
    return false;
}

bool PlanCompiler::fillPolicy(const config::TargetNode &plan, const std::string &field, routing::Target &target)
{
    const config::Retry &retry = plan.retry ? *plan.retry : m_config.routes[m_path.back()].retry;
    auto on = routing::FailureFilter::fromConfig(retry.on);
    if (!on) {
        m_problems.error(plan.retry ? field + ".retry.on" : fmt::format("routes[{}].retry.on", m_path.back()), on.error().message);
        return false;
    }
    target.retry = {.attempts = retry.attempts, .on = *on, .backoffBase = retry.backoff.base, .backoffMax = retry.backoff.max};
    return true;
}

/// What is the gateway's own business is set by nobody else: an override of it would be ignored.
bool PlanCompiler::areSettable(const std::vector<wire::JsonMember> &members, const std::string &field)
{
    for (const wire::JsonMember &member : members) {
        const std::string_view instead = member.name == "model" ? "the target's own `model` names it" : "the caller's request says it";
        if (member.name != "model" && member.name != "stream" && member.name != "stream_options")
            continue;
        m_problems.error(field, fmt::format("{}: \"{}\" cannot be set here, {}. Take it out.", place(), member.name, instead));
        return false;
    }
    return true;
}

bool PlanCompiler::fillFields(const config::TargetNode &plan, const std::string &field, CompiledTarget &target)
{
    auto overrides = wire::parseJsonMembers(plan.override_.text);
    if (!overrides)
        m_problems.error(field + ".override", fmt::format("{}: {}", place(), overrides.error().message));
    auto defaults = wire::parseJsonMembers(plan.defaults.text);
    if (!defaults)
        m_problems.error(field + ".defaults", fmt::format("{}: {}", place(), defaults.error().message));
    if (!overrides || !defaults || !areSettable(*overrides, field + ".override") || !areSettable(*defaults, field + ".defaults"))
        return false;
    target.overrides = std::move(*overrides);
    target.defaults = std::move(*defaults);
    target.drops = plan.drop;
    return true;
}

PlanCompiler::NodePtr PlanCompiler::target(const config::TargetNode &plan, const std::string &field)
{
    const auto providerIndex = providerOf(plan, field);
    if (!providerIndex)
        return std::nullopt;
    const config::Provider &provider = m_config.providers[*providerIndex];
    const CompiledProvider &compiled = m_compiled.providers[*providerIndex];
    if (!compiled.site)
        return std::nullopt; // told with the provider
    if (!provider.enabled) {
        m_problems.warn(field + ".provider", fmt::format("{} leaves \"{}\" out: provider \"{}\" is switched off.", place(), plan.model, provider.name));
        return std::nullopt;
    }
    const bool star = plan.model.find('*') != std::string::npos;
    if (star && !config::isWildcard(m_config.routes[m_path.back()].name)) {
        m_problems.error(field + ".model", fmt::format("{} has a target with model \"{}\", but its own name ends in no star that could fill it. Name a model, or call the route \"{}/*\".",
                                                       place(), plan.model, provider.name));
        return std::nullopt;
    }

    CompiledTarget entry;
    auto target = std::make_shared<routing::Target>();
    target->index = static_cast<std::uint32_t>(m_compiled.targets.size());
    target->provider = static_cast<std::uint32_t>(*providerIndex);
    target->providerName = provider.name;
    target->providerHealthId = routing::stableId(compiled.id);
    target->model = plan.model;
    target->modelId = routing::stableId(plan.model);
    target->takesPrefix = providers::takesPrefix(*compiled.site, Endpoint::ChatCompletions, plan.model);
    target->breaker = provider.breaker;
    target->region = !plan.region.empty() ? plan.region : provider.region.empty() ? provider.location : provider.region;
    target->limits = {.rpm = plan.rpm, .tpm = plan.tpm};
    const bool fine = fillCredentials(plan, provider, compiled, field, *target);
    const bool policyFine = fillPolicy(plan, field, *target);
    if (!fillFields(plan, field, entry) || !fine || !policyFine)
        return std::nullopt;
    entry.limits = timeLimits(plan.timeouts, provider, m_config.gateway);
    entry.wildcard = star;
    if (!star && m_compiled.prices) {
        const ModelFacts facts = compiled.facts(*m_compiled.prices, plan.model);
        target->contextWindow = facts.contextWindow;
        target->can = {.vision = facts.vision, .audio = facts.audio, .tools = facts.tools, .jsonSchema = facts.jsonSchema};
        target->prices = entry.prices = facts.prices;
        entry.maxOutput = facts.maxOutput;
    }
    entry.routing = target;
    m_compiled.targets.push_back(std::move(entry));
    return routing::Node {.value = std::shared_ptr<const routing::Target>(std::move(target))};
}

void indexRoutes(const config::Config &config, CompiledConfig &compiled)
{
    for (std::uint32_t i = 0; i < compiled.routes.size(); ++i) {
        const CompiledRoute &route = compiled.routes[i];
        const auto source = std::ranges::find_if(config.routes, [&](const config::Route &candidate) { return candidate.enabled && candidate.name == route.name; });
        if (route.wildcard)
            compiled.wildcards.push_back(i);
        else
            compiled.routeByName.try_emplace(route.name, i);
        for (const std::string &alias : source->aliases)
            compiled.routeByName.try_emplace(alias, i);
    }
    std::ranges::stable_sort(compiled.wildcards, [&](std::uint32_t a, std::uint32_t b) { return compiled.routes[a].prefix.size() > compiled.routes[b].prefix.size(); });
}

} // namespace

void compileRoutes(const config::Config &config, telemetry::StatsHub *stats, CompiledConfig &compiled, ProblemList &problems)
{
    PlanCompiler plans(config, compiled, problems);
    for (std::size_t i = 0; i < config.routes.size(); ++i) {
        const config::Route &source = config.routes[i];
        const std::shared_ptr<const routing::Node> root = plans.root(i);
        std::optional<CompiledShadow> shadow = plans.shadow(i);
        if (!source.enabled)
            continue; // compiled all the same, so that its mistakes show before it is switched on
        auto fallbackOn = routing::FailureFilter::fromConfig(source.fallbackOn);
        if (!fallbackOn) {
            problems.error(fmt::format("routes[{}].fallback_on", i), fallbackOn.error().message);
            continue;
        }
        CompiledRoute route;
        route.id = source.id.empty() ? source.name : source.id;
        route.name = source.name;
        route.wildcard = config::isWildcard(source.name);
        if (route.wildcard)
            route.prefix = source.name.substr(0, source.name.size() - 1);
        route.plan = {.root = *root, .fallbackOn = *fallbackOn, .fallbackOnContentPolicy = source.onContentPolicy == config::OnContentPolicy::Fallback};
        route.unsupported = source.unsupported;
        route.rescue = source.rescue;
        if (source.hedge)
            route.hedgeAfter = source.hedge->after;
        route.shadow = std::move(shadow);
        route.queue = source.queue;
        if (source.cache && source.cache->mode != config::CacheMode::Off)
            route.cache = source.cache;
        route.promptCache = source.promptCache;
        route.line = routing::stableId(source.id);
        compiled.countsPlaces = compiled.countsPlaces || source.queue.max > 0;
        route.slot = stats ? stats->slot(telemetry::Dimension::Route, source.name) : telemetry::Slot {};
        compiled.routes.push_back(std::move(route));
    }
    indexRoutes(config, compiled);
}

} // namespace gateway::pipeline
