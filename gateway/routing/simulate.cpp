// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/simulate.h"

#include "gateway/routing/attempt_sequence.h"
#include "gateway/routing/balance.h"
#include "gateway/routing/dry_run.h"
#include "gateway/routing/plan_nodes.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

namespace gateway::routing {

namespace {

/// Where each target stands in the asked route's own plan: "plan.fallback[0]".
using Places = std::map<const Target *, std::string>;

/// @param reference  place of the reference to another route that the node is below; empty: it is none's
void findPlaces(const Node &node, const std::string &reference, Places &places)
{
    if (const auto *target = std::get_if<std::shared_ptr<const Target>>(&node.value)) {
        places.emplace(target->get(), reference.empty() ? node.place : reference);
        return;
    }
    if (const auto *nested = std::get_if<Nested>(&node.value))
        return findPlaces(*nested->plan, reference.empty() ? node.place : reference, places);
    for (const Node *child : childrenOf(node))
        findPlaces(*child, reference, places);
}

std::string belowPlan(std::string_view place)
{
    constexpr std::string_view root = "plan";
    place.remove_prefix(std::min(root.size(), place.size()));
    if (place.starts_with('.'))
        place.remove_prefix(1);
    return std::string(place);
}

Failure failureOf(ProviderFault fault)
{
    switch (fault) {
    case ProviderFault::Down: return {.code = ErrorCode::Connect, .message = "nobody takes the connection"};
    case ProviderFault::Slow: return {.code = ErrorCode::FirstByteTimeout, .message = "no first byte in time"};
    case ProviderFault::RateLimited: break;
    }
    return {.code = ErrorCode::RateLimited, .httpStatus = 429, .message = "HTTP 429"};
}

/// One simulated call under way.
class SimulatedCall
{
public:
    SimulatedCall(const Plan &plan, const Misbehaviour &misbehaviour, const Outlook &outlook) : m_misbehaviour(misbehaviour), m_outlook(outlook), m_start(outlook.now)
    {
        findPlaces(plan.root, {}, m_places);
    }

    [[nodiscard]] SteadyTime now() const { return m_outlook.now; }

    void passOver(const std::vector<Skipped> &skipped)
    {
        for (const Skipped &one : skipped) {
            SimulatedStep step = stepAt(*one.target, *one.credential);
            step.end = SimulatedStep::End::Skipped;
            step.words = restWords(one.rest, m_outlook.now);
            m_out.steps.push_back(std::move(step));
        }
    }

    /// @return how it fails; nullopt: it answers
    std::optional<Failure> ask(const Attempt &attempt)
    {
        m_outlook.now += attempt.wait;
        SimulatedStep step = stepAt(*attempt.target, *attempt.credential);
        std::optional<Failure> failure;
        if (const auto fault = m_misbehaviour.faults.find(step.provider); fault != m_misbehaviour.faults.end()) {
            failure = failureOf(fault->second);
            step.end = SimulatedStep::End::Failed;
            step.words = failure->message;
            step.tookKnown = fault->second == ProviderFault::Slow;
            step.took = step.tookKnown ? m_misbehaviour.firstByteLimit(*attempt.target) : Duration::zero();
        } else {
            answer(*attempt.target, step);
        }
        m_outlook.now += step.took;
        m_out.steps.push_back(std::move(step));
        return failure;
    }

    Simulation take(const Error *error)
    {
        m_out.answered = !error;
        if (error)
            m_out.error = error->message;
        m_out.latency = m_outlook.now - m_start;
        return std::move(m_out);
    }

private:
    [[nodiscard]] SimulatedStep stepAt(const Target &target, const CredentialRef &credential) const
    {
        std::string room;
        const auto place = m_places.find(&target);
        return {.node = place == m_places.end() ? std::string() : belowPlan(place->second),
                .provider = target.providerName,
                .credential = credential.name,
                .model = std::string(modelOf(target, m_outlook.star, room)),
                .words = {},
                .startsAt = m_outlook.now - m_start};
    }

    void answer(const Target &target, SimulatedStep &step)
    {
        const auto seconds = expectedSeconds(figuresOf(target, m_outlook), m_outlook.facts.call());
        step.tookKnown = seconds.has_value();
        step.took = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds.value_or(0)));
        step.cost = expectedCost(target, m_outlook);
    }

    const Misbehaviour &m_misbehaviour;
    Outlook m_outlook;
    const SteadyTime m_start;
    Places m_places;
    Simulation m_out;
};

} // namespace

Simulation simulate(const std::shared_ptr<const Plan> &plan, const Surroundings &around, const CallFacts &call, const Misbehaviour &misbehaviour, std::uint64_t seed, std::string_view star,
                    SteadyTime now)
{
    DryHealth health(around.health);
    DryMemory memory(around.memory);
    const Surroundings dry {.health = health, .memory = &memory, .prices = around.prices};
    Facts facts(call);
    Random random(seed);
    SimulatedCall simulated(*plan, misbehaviour, {.facts = facts, .around = dry, .star = star, .now = now, .random = random, .dry = true});
    AttemptSequence sequence(plan, dry, call, seed, star);
    std::optional<Failure> failure;
    for (;;) {
        const Result<Attempt> next = sequence.next(std::move(failure), simulated.now());
        simulated.passOver(sequence.takeSkipped());
        if (!next)
            return simulated.take(&next.error());
        failure = simulated.ask(*next);
        if (!failure)
            return simulated.take(nullptr);
    }
}

} // namespace gateway::routing
