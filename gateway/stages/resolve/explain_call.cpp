// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/resolve/explain_call.h"

#include "gateway/core/text.h"
#include "gateway/routing/explain.h"
#include "gateway/stages/resolve/call_facts.h"
#include "gateway/stages/resolve/call_options.h"
#include "gateway/stages/resolve/catalogue_prices.h"
#include "gateway/stages/resolve/plan_choice.h"

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
    const auto found = std::ranges::find_if(config.keys, [&](const auto &entry) { return entry.second.name == name; });
    if (found == config.keys.end())
        return fail(ErrorCode::NotFound, fmt::format("There is no key {}.", jsonQuoted(truncatedUtf8(name, 100))), "key");
    return &found->second;
}

} // namespace

Result<Explanation> explainCall(const Circumstances &now, const std::shared_ptr<const CompiledConfig> &config, const SupposedCall &call, std::uint64_t seed)
{
    const auto key = keyNamed(*config, call.key);
    if (!key)
        return std::unexpected(key.error());
    const auto scan = wire::scanRequest(call.body, call.endpoint, call.pathModel);
    if (!scan)
        return std::unexpected(scan.error());
    const auto options = readCallOptions(call.headers, scan->signalbox.in(call.body));
    if (!options)
        return std::unexpected(options.error());
    const std::string_view asked = !call.route.empty() ? call.route : !options->route.empty() ? std::string_view(options->route) : scan->model;
    const auto choice = choosePlan(config, *key, asked, scan->fallbacks);
    if (!choice)
        return std::unexpected(choice.error());

    routing::CallFacts facts = callFacts(*scan, call.endpoint);
    facts.headers = call.headers;
    facts.metadata = options->metadata;
    facts.tags = options->tags;
    facts.session = options->session;
    facts.customer = options->customer.empty() ? scan->user : std::string_view(options->customer);
    facts.key = *key ? std::string_view((*key)->name) : std::string_view();
    facts.team = *key ? std::string_view((*key)->team) : std::string_view();
    facts.region = options->region;
    facts.at = now.clock.wallNow();
    facts.calendar = config->calendar.get();
    CataloguePrices prices(*config);
    return routing::explain(choice->plan, {.health = now.health, .memory = &now.memory, .prices = &prices}, facts, seed, choice->star, now.clock.steadyNow());
}

} // namespace gateway::stages
