// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/demo_world.h"

#include "app/demo/demo_library.h"

#include <array>
#include <cmath>
#include <numbers>

namespace app::demo {

namespace {

namespace config = gateway::config;
using gateway::Money;

constexpr double meanCallsPerSecond = 1.5;

constexpr std::array<DemoTeam, 5> teams {{
    {"search", "search-backend", "sb-demo-search-backend-4f1c09", 0.34},
    {"support", "support-bot", "sb-demo-support-bot-81d27a", 0.28},
    {"growth", "growth-mails", "sb-demo-growth-mails-c30e55", 0.16},
    {"research", "research-notebooks", "sb-demo-research-notebooks-97ab12", 0.15},
    {"platform", "platform-ci", "sb-demo-platform-ci-0be6d3", 0.07},
}};

// 4,836, 2,318, 962 and 7,004 calls in an hour of the pictures.
constexpr std::array<DemoRoute, 4> routes {{
    {"gpt-4o", 0.32, 0.7},
    {"smart", 0.153, 0.8},
    {"canary", 0.064, 0.5},
    {"embeddings", 0.463, 0, true},
}};

Money cents(std::int64_t amount)
{
    return Money::fromNanos(amount * 10'000'000);
}

config::ModelSettings model(std::string id, std::int64_t inputCents, std::int64_t outputCents, std::int64_t context)
{
    return {.id = std::move(id), .inputPerMtok = cents(inputCents), .outputPerMtok = cents(outputCents), .context = context};
}

config::Provider provider(std::string_view name, std::string kind, std::string baseUrl, std::vector<config::ModelSettings> models)
{
    config::Provider made;
    made.name = name;
    made.kind = std::move(kind);
    made.baseUrl = std::move(baseUrl);
    made.credentials = {{.name = "simulated", .apiKey = {"sk-simulated-" + made.name}}};
    made.models = std::move(models);
    return made;
}

config::PlanNode target(std::string provider, std::string model)
{
    return {config::TargetNode {.provider = std::move(provider), .model = std::move(model)}};
}

config::Route route(std::string name, config::PlanNode plan)
{
    config::Route made;
    made.name = std::move(name);
    made.plan = std::move(plan);
    return made;
}

std::vector<config::Route> demoPlans()
{
    config::FallbackNode gpt4o {{target("openai", "gpt-4o"), target("claude-like", "claude-sonnet-4"), target("local-vllm", "llama-3-70b")}};
    config::FallbackNode smart {{target("together", "llama-3.3-70b"), target("gemini-like", "gemini-2.5-flash"), target("claude-like", "claude-sonnet-4")}};
    config::SplitNode canary {{{95, {config::RouteNode {"gpt-4o"}}}, {5, target("openai", "gpt-5")}}};
    config::FallbackNode embeddings {{target("openai", "text-embedding-3-small"), target("local-vllm", "nomic-embed-text")}};
    std::vector<config::Route> plans {route("gpt-4o", {gpt4o}), route("smart", {smart}), route("canary", {canary}), route("embeddings", {embeddings})};
    plans[0].aliases = {"gpt-4"};
    return plans;
}

} // namespace

std::span<const DemoTeam> demoTeams()
{
    return teams;
}

std::span<const DemoRoute> demoRoutes()
{
    return routes;
}

double callsPerSecond(gateway::WallTime at)
{
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const double hours = std::chrono::duration<double, std::ratio<3600>>(at - day).count();
    constexpr double top = 14;
    return meanCallsPerSecond * (1 + 0.6 * std::cos((hours - top) / 24 * 2 * std::numbers::pi));
}

config::Config demoConfig(const std::function<std::string(std::string_view)> &baseUrl)
{
    config::Config demo;
    demo.providers = {
        provider("openai", "openai", baseUrl("openai"), {model("gpt-4o", 250, 1000, 128'000), model("gpt-5", 125, 1000, 400'000), model("text-embedding-3-small", 2, 0, 8'191)}),
        provider("claude-like", "openai-compatible", baseUrl("claude-like"), {model("claude-sonnet-4", 300, 1500, 200'000)}),
        provider("gemini-like", "openai-compatible", baseUrl("gemini-like"), {model("gemini-2.5-flash", 30, 250, 1'048'576)}),
        provider("local-vllm", "vllm", baseUrl("local-vllm"), {model("llama-3-70b", 0, 0, 131'072), model("nomic-embed-text", 0, 0, 8'192)}),
        provider("together", "together", baseUrl("together"), {model("llama-3.3-70b", 88, 88, 131'072)}),
    };
    demo.routes = demoPlans();
    for (const DemoTeam &each : teams) {
        config::Team team;
        team.name = each.team;
        demo.teams.push_back(std::move(team));
        config::VirtualKey key;
        key.name = each.key;
        key.team = each.team;
        key.secret = {std::string(each.secret)};
        demo.keys.push_back(std::move(key));
    }
    addLibrary(demo);
    return demo;
}

} // namespace app::demo
