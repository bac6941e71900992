// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/explain.h"

#include "gateway/config/secret_values.h"
#include "gateway/routing/attempt_sequence.h"
#include "gateway/routing/capability.h"
#include "gateway/routing/complexity.h"
#include "gateway/routing/dry_run.h"
#include "gateway/routing/plan_nodes.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace gateway::routing {

namespace {

constexpr std::size_t mostCandidates = 64; // as many as a call considers

/// Which route's plan each node stands in; the asked one's have none.
using Routes = std::map<const Node *, std::string>;

void nameRoutes(const Node &node, const std::string &route, Routes &routes)
{
    if (!route.empty())
        routes[&node] = route;
    if (const auto *nested = std::get_if<Nested>(&node.value))
        return nameRoutes(*nested->plan, nested->route, routes);
    for (const Node *child : childrenOf(node))
        nameRoutes(*child, route, routes);
}

bool holdsSecret(const Field &field)
{
    return field.source == Field::Source::Header && config::isSecretHeader(field.path.front());
}

std::optional<Duration> secondsOf(const std::optional<double> &seconds)
{
    return seconds ? std::optional(std::chrono::duration_cast<Duration>(std::chrono::duration<double>(*seconds))) : std::nullopt;
}

/// Writes down what the walk tells.
class Writer final : public WalkListener, Condition::Witness
{
public:
    Writer(Explanation &out, const Routes &routes) : m_out(out), m_routes(routes) {}

    void chained(const Node &node, const Fallback &chain, std::size_t child) override
    {
        if (child != 0)
            return;
        Explanation::Step &step = add(node, "fallback");
        for (const Node &each : chain.children)
            step.options.push_back({.name = nameOf(each), .chosen = &each == &chain.children.front()});
        step.decided = fmt::format("asks {} first", nameOf(chain.children.front()));
        step.why = chain.children.size() == 1 ? "it is the only one" : fmt::format("it is the first of {}; the others follow where it fails", chain.children.size());
    }

    void entered(const Node &node, const Nested &nested) override
    {
        Explanation::Step &step = add(node, "route");
        step.decided = "goes on as route " + nested.route;
        step.why = "the plan says so";
    }

    void drew(const Node &node, const Split &split, std::size_t drawn) override
    {
        int whole = 0;
        for (const Branch &branch : split.branches)
            whole += std::max(branch.weight, 0);
        Explanation::Step &step = add(node, "split");
        for (std::size_t i = 0; i < split.branches.size(); ++i)
            step.options.push_back({.name = nameOf(split.branches[i].to), .figure = fmt::format("weight {} of {}", split.branches[i].weight, whole), .chosen = i == drawn});
        step.decided = "goes to " + nameOf(split.branches[drawn].to);
        step.why = "it was drawn; another call may draw another";
    }

    void balanced(const Node &node, const Balance &balance, const Given &given, std::size_t chosen, Outlook &outlook) override
    {
        Explanation::Step &step = add(node, "balance");
        for (std::size_t i = 0; i < balance.among.size(); ++i) {
            if (!given.has(i))
                step.options.push_back({.name = nameOf(balance.among[i].to), .figure = figureOf(balance, balance.among[i], outlook), .chosen = i == chosen});
        }
        const bool first = given.mask == 0;
        step.decided = fmt::format("{} {}", first ? "goes to" : "then, where that fails, to", nameOf(balance.among[chosen].to));
        step.why = wordsOf(balance, outlook.facts);
    }

    void tookCase(const Node &node, const When &when, std::size_t taken) override
    {
        Explanation::Step &step = add(node, "when");
        step.tests = std::exchange(m_tests, {});
        for (std::size_t i = 0; i < when.cases.size(); ++i)
            step.options.push_back({.name = fmt::format("when[{}]", i), .figure = nameOf(when.cases[i].then), .chosen = i == taken});
        if (!when.otherwise.empty())
            step.options.push_back({.name = "else", .figure = nameOf(when.otherwise.front()), .chosen = taken == when.cases.size()});
        if (taken < when.cases.size()) {
            step.decided = fmt::format("takes when[{}]: {}", taken, nameOf(when.cases[taken].then));
            step.why = step.tests.empty() ? std::string("its condition holds") : fmt::format("{} is {}: {}", step.tests.back().field, step.tests.back().saw, step.tests.back().asked);
        } else {
            step.decided = when.otherwise.empty() ? "leads nowhere" : "takes else: " + nameOf(when.otherwise.front());
            step.why = "no condition holds";
        }
    }

    void limited(const Node &node, const Limit &limit, const Error *usedUp) override
    {
        Explanation::Step &step = add(node, "limit");
        const auto &branch = usedUp ? limit.otherwise : limit.then;
        step.decided = branch.empty() ? "leads nowhere" : fmt::format("takes {}: {}", usedUp ? "else" : "then", nameOf(branch.front()));
        step.why = usedUp ? usedUp->message : std::string("there is room");
    }

    Condition::Witness &witness() override { return *this; }

private:
    void tested(const Condition &condition, const Condition::Test &test, const FieldValue &saw, bool held) override
    {
        m_tests.push_back({.field = test.field->name, .saw = holdsSecret(*test.field) ? "(hidden)" : routing::wordsOf(saw), .asked = condition.wordsOf(test), .held = held});
    }

    Explanation::Step &add(const Node &node, std::string form)
    {
        const auto route = m_routes.find(&node);
        return m_out.steps.emplace_back(
            Explanation::Step {.route = route == m_routes.end() ? std::string() : route->second, .place = node.place, .form = std::move(form), .decided = {}, .why = {}});
    }

    static std::string wordsOf(const Balance &balance, Facts &facts)
    {
        switch (balance.by) {
        case config::BalanceBy::Latency: return "of two that were drawn, it promises the sooner end";
        case config::BalanceBy::Cost: return "it is the cheapest for this call";
        case config::BalanceBy::LeastBusy: return "it has the fewest calls in flight";
        case config::BalanceBy::Usage: return "the least of its limits is used up";
        case config::BalanceBy::Weight: return "it was drawn by weight; another call may draw another";
        case config::BalanceBy::RoundRobin: return "it is its turn";
        case config::BalanceBy::Hash: break;
        }
        const FieldValue value = balance.hashOn ? facts.value(*balance.hashOn) : FieldValue();
        if (value.kind == FieldValue::Kind::Absent)
            return fmt::format("the call has no {}, so that it was drawn by weight", balance.hashOn ? balance.hashOn->name : std::string("value"));
        return fmt::format("every call whose {} is {} goes there", balance.hashOn->name, holdsSecret(*balance.hashOn) ? "(hidden)" : routing::wordsOf(value));
    }

    Explanation &m_out;
    const Routes &m_routes;
    std::vector<Explanation::Test> m_tests;
};

Explanation::Candidate candidateOf(const Target &target, const Node &node, const Routes &routes, Outlook &outlook)
{
    std::string room;
    const auto route = routes.find(&node);
    Explanation::Candidate candidate {.provider = target.providerName,
                                      .model = std::string(modelOf(target, outlook.star, room)),
                                      .route = route == routes.end() ? std::string() : route->second,
                                      .place = node.place};
    const auto lacks = incapacityOf(target, outlook.facts.call());
    if (lacks)
        candidate.skipped.emplace_back(toText(*lacks));
    const std::uint64_t model = modelIdOf(target, outlook.star);
    std::vector<const CredentialRef *> free;
    for (const CredentialRef &credential : target.credentials) {
        const auto rest = outlook.around.health.resting({&target, &credential, model}, outlook.now);
        if (!rest || (rest->why == Rest::Why::CircuitOpen && rest->until <= outlook.now)) {
            free.push_back(&credential);
            continue;
        }
        candidate.skipped.push_back((target.credentials.size() > 1 ? credential.name + ": " : std::string()) + restWords(*rest, outlook.now));
    }
    std::ranges::stable_sort(free, [](const CredentialRef *a, const CredentialRef *b) { return a->weight > b->weight; });
    for (const CredentialRef *credential : free)
        candidate.credentials.push_back(credential->name);
    candidate.asked = !lacks && !free.empty();
    candidate.expectedCost = expectedCost(target, outlook);
    const Figures figures = figuresOf(target, outlook);
    candidate.expectedFirstToken = secondsOf(figures.firstToken);
    candidate.expectedTotal = secondsOf(expectedSeconds(figures, outlook.facts.call()));
    return candidate;
}

} // namespace

Explanation explain(const std::shared_ptr<const Plan> &plan, const Surroundings &around, const CallFacts &call, std::uint64_t seed, std::string_view star, SteadyTime now)
{
    DryHealth health(around.health);
    DryMemory memory(around.memory);
    const Surroundings dry {.health = health, .memory = &memory, .prices = around.prices};

    Explanation out;
    Routes routes;
    nameRoutes(plan->root, {}, routes);
    Writer writer(out, routes);
    DecisionLog log;
    Facts facts(call);
    Random random(seed);
    Outlook outlook {.facts = facts, .around = dry, .star = star, .now = now, .random = random};
    PlanWalk walk(plan->root, log, &writer);
    while (out.candidates.size() < mostCandidates) {
        const Target *target = walk.next(outlook);
        if (!target)
            break;
        out.candidates.push_back(candidateOf(*target, *walk.node(), routes, outlook));
    }

    // Who is asked where all rest, only the sequence knows. It draws what the walk drew.
    AttemptSequence sequence(plan, dry, call, seed, star);
    if (const auto first = sequence.next(std::nullopt, now))
        out.first = first->position;
    out.summary = std::string(sequence.decisions());
    if (call.scan)
        out.complexity = complexityOf(*call.scan).toText();
    return out;
}

} // namespace gateway::routing
