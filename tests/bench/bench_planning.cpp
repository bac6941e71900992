// SPDX-License-Identifier: GPL-3.0-or-later
// What deciding costs a call: planning by a plan of 200 nodes, and judging complexity. Prints nanoseconds a call, the
// median of rounds with the least and the most; what is wanted stands beside it (performance.md).
#include "gateway/routing/attempt_sequence.h"
#include "gateway/routing/complexity.h"
#include "gateway/routing/condition.h"
#include "gateway/routing/limit_claims.h"
#include "gateway/routing/plan_nodes.h"
#include "gateway/state/health_registry.h"
#include "gateway/state/plan_books.h"
#include "gateway/wire/request_scan.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

using namespace gateway;
using namespace gateway::routing;

namespace {

constexpr int rounds = 9;

template <typename Work>
void measure(const char *name, int calls, double wantedNs, const Work &work)
{
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round) {
        const auto from = std::chrono::steady_clock::now();
        for (int call = 0; call < calls; ++call)
            work(call);
        times.push_back(std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - from).count() / calls);
    }
    std::ranges::sort(times);
    std::printf("%-58s %9.0f ns  (%.0f to %.0f), wanted <= %.0f\n", name, times[rounds / 2], times.front(), times.back(), wantedNs);
}

int made = 0;

Node target()
{
    auto one = std::make_shared<Target>();
    one->providerName = "provider" + std::to_string(made++);
    one->providerHealthId = stableId(one->providerName);
    one->model = "model";
    one->modelId = stableId("model");
    one->credentials = {{.name = "a", .healthId = stableId(one->providerName, "a")}, {.name = "b", .healthId = stableId(one->providerName, "b")}};
    one->prices = Prices {.input = Money::fromNanos(made * 1000), .output = Money::fromNanos(5000)};
    return {std::shared_ptr<const Target>(std::move(one))};
}

Node balance(config::BalanceBy by, int among, FieldTable &fields)
{
    Balance node {.by = by, .id = static_cast<std::uint64_t>(made)};
    if (by == config::BalanceBy::Hash)
        node.hashOn = *fields.find("metadata.session");
    for (int i = 0; i < among; ++i) {
        Node to = target();
        node.among.push_back({.identity = static_cast<std::uint64_t>(made), .judgedBy = firstTarget(to), .to = std::move(to)});
    }
    return {std::move(node), "plan"};
}

std::shared_ptr<const Condition> condition(const char *field, config::Operator comparison, const char *value, config::ConditionValue::Kind kind, FieldTable &fields)
{
    return *Condition::compile({config::FieldTest {.field = field, .comparison = comparison, .values = {{kind, value}}}}, fields);
}

/// 40 cases that do not hold and one that does, each over balances: 200 nodes and more, of which a call comes by all
/// conditions and one balance, or with `through`, by every one of them, since each target fails.
std::shared_ptr<Plan> largePlan(FieldTable &fields)
{
    using Kind = config::ConditionValue::Kind;
    When when;
    for (int i = 0; i < 40; ++i) {
        const char *texts[] {"metadata.tier", "body.temperature", "headers.x-plan", "metadata.user.name"};
        when.cases.push_back({condition(texts[i % 4], config::Operator::Equal, i == 39 ? "Ada" : "nobody", Kind::Text, fields),
                              balance(static_cast<config::BalanceBy>(i % 7), 4, fields)});
    }
    auto plan = std::make_shared<Plan>();
    plan->root = {std::move(when), "plan"};
    plan->fallbackOn = *FailureFilter::fromConfig(config::Route {}.fallbackOn);
    return plan;
}

std::shared_ptr<Plan> longChain(FieldTable &fields)
{
    Fallback chain;
    for (int i = 0; i < 10; ++i) {
        Split split;
        for (int branch = 0; branch < 2; ++branch)
            split.branches.push_back({1, balance(static_cast<config::BalanceBy>(i % 7), 8, fields)});
        chain.children.push_back({std::move(split), "plan"});
    }
    auto plan = std::make_shared<Plan>();
    plan->root = {std::move(chain), "plan"};
    plan->fallbackOn = *FailureFilter::fromConfig(config::Route {}.fallbackOn);
    return plan;
}

int nodesOf(const Node &node)
{
    int all = 1;
    for (const Node *child : childrenOf(node))
        all += nodesOf(*child);
    return all;
}

std::string chatBody(std::size_t bytes)
{
    const std::string sentence = "Explain step by step why `f(x) = x^2` grows faster than x, compare both, and write a function in Python. ";
    std::string text;
    while (text.size() < bytes)
        text += sentence;
    return R"({"model":"smart","temperature":0.7,"max_tokens":300,"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":")" + text + R"("}]})";
}

} // namespace

int main()
{
    FieldTable fields;
    SystemClock clock;
    state::HealthRegistry health;
    state::PlanBooks books(clock);
    const std::string body = chatBody(1000);
    const auto scan = wire::scanRequest(body, Endpoint::ChatCompletions);
    const std::vector<HeaderView> headers {{"host", "127.0.0.1"}, {"authorization", "Bearer x"}, {"content-type", "application/json"}, {"x-plan", "gold"}};
    const CallFacts call {.scan = &*scan, .headers = headers, .metadata = R"({"tier":"free","session":"s-1","user":{"age":30,"name":"Ada"}})", .stream = true,
                          .inputTokens = 300, .outputTokens = 300, .maxOutput = 300};
    const SteadyTime now = clock.steadyNow();

    const auto large = largePlan(fields);
    const auto chain = longChain(fields);
    for (const Target *each : targetsOf(chain->root)) { // with figures, as when it has run for a while
        for (const CredentialRef &credential : each->credentials) {
            const Subject subject {each, &credential, each->modelId};
            health.began(subject, each->model, now);
            health.report(subject, each->model, {.latency = std::chrono::seconds {2}, .began = true, .firstToken = std::chrono::milliseconds {400}, .outputTokens = 100}, now);
        }
    }
    std::printf("plans of %d and %d nodes\n", nodesOf(large->root), nodesOf(chain->root));

    measure("first attempt, plan of 201 nodes, 40 conditions", 2000, 20'000, [&](int seed) {
        LimitClaims claims;
        AttemptSequence sequence(large, {health, &books, &claims}, call, static_cast<std::uint64_t>(seed));
        if (!sequence.next(std::nullopt, now))
            std::abort();
    });
    measure("first attempt, plan of 211 nodes, splits and balances", 2000, 20'000, [&](int seed) {
        LimitClaims claims;
        AttemptSequence sequence(chain, {health, &books, &claims}, call, static_cast<std::uint64_t>(seed));
        if (!sequence.next(std::nullopt, now))
            std::abort();
    });
    measure("the same, all 24 attempts that a call may make", 500, 500'000, [&](int seed) {
        LimitClaims claims;
        AttemptSequence sequence(chain, {health, &books, &claims}, call, static_cast<std::uint64_t>(seed));
        auto attempt = sequence.next(std::nullopt, now);
        while (attempt)
            attempt = sequence.next(Failure {.code = ErrorCode::Cut}, now);
    });
    for (const std::size_t bytes : {200, 1000, 4000, 16'000, 200'000}) {
        const std::string text = chatBody(bytes);
        const auto scanned = wire::scanRequest(text, Endpoint::ChatCompletions);
        double sum = 0;
        const std::string name = "complexity of a prompt of " + std::to_string(bytes) + " bytes";
        measure(name.c_str(), 500, 50'000, [&](int) { sum += complexityOf(*scanned).score; });
        if (sum <= 0)
            return 1;
    }
    return 0;
}
