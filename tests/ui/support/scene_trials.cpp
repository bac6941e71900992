// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/scene_trials.h"

#include "gateway/config/plan_children.h"

#include <algorithm>
#include <functional>
#include <map>

using namespace gateway;
using namespace gateway::api;
using namespace std::chrono_literals;

namespace tests {

namespace {

void targetsInOrder(const config::PlanNode &node, const std::string &field, std::vector<std::pair<std::string, config::TargetNode>> &out)
{
    if (const auto *target = std::get_if<config::TargetNode>(&node.node)) {
        out.emplace_back(field, *target);
        return;
    }
    for (const auto &child : config::childrenOf(node)) {
        targetsInOrder(*child.plan, field.empty() ? child.field : field + "." + child.field, out);
        if (!std::holds_alternative<config::FallbackNode>(node.node))
            return;
    }
}

const config::Route *routeNamed(const config::Config &config, const std::string &name)
{
    const auto found = std::ranges::find_if(config.routes, [&](const config::Route &route) { return route.name == name || std::ranges::find(route.aliases, name) != route.aliases.end(); });
    return found == config.routes.end() ? nullptr : &*found;
}

bool rests(const config::TargetNode &target) { return target.provider == "local-vllm"; }

std::string placeOf(const std::string &field) { return field.empty() ? "plan" : "plan." + field; }

std::string nameOf(const config::PlanNode &node, const std::string &field)
{
    const auto *target = std::get_if<config::TargetNode>(&node.node);
    return target ? target->provider + " " + target->model : placeOf(field);
}

/// What the node decides, and what those on the first way below it do.
void explainNode(const config::PlanNode &node, const std::string &field, std::vector<Explanation::Step> &out)
{
    const auto children = config::childrenOf(node);
    if (children.empty())
        return;
    const std::string below = field.empty() ? children.front().field : field + "." + children.front().field;
    const std::string first = nameOf(*children.front().plan, below);
    Explanation::Step step {.place = placeOf(field)};
    if (std::holds_alternative<config::FallbackNode>(node.node)) {
        step.form = "fallback";
        step.decided = "asks " + first + " first";
        step.why = "it is the first of " + std::to_string(children.size()) + "; the others follow where it fails";
    } else if (const auto *split = std::get_if<config::SplitNode>(&node.node)) {
        step.form = "split";
        step.decided = "goes to " + first;
        step.why = "it was drawn; another call may draw another";
        for (std::size_t i = 0; i < children.size(); ++i) {
            const std::string to = nameOf(*children[i].plan, field.empty() ? children[i].field : field + "." + children[i].field);
            step.options.push_back({.name = to, .figure = "weight " + std::to_string(split->branches[i].weight) + " of 100", .chosen = i == 0});
        }
    } else if (std::holds_alternative<config::WhenNode>(node.node)) {
        step.form = "when";
        step.decided = "takes when[0]: " + first;
        step.why = "metadata.tier is free: is free";
        step.tests = {{.field = "metadata.tier", .saw = "free", .asked = "is free", .held = true}};
    } else {
        step.form = std::holds_alternative<config::LimitNode>(node.node) ? "limit" : "balance";
        step.decided = "takes then: " + first;
        step.why = "there is room";
    }
    out.push_back(std::move(step));
    explainNode(*children.front().plan, below, out);
}

} // namespace

Simulation sceneSimulation(const SimulationQuery &query)
{
    std::vector<std::pair<std::string, config::TargetNode>> targets;
    if (const config::Route *route = routeNamed(query.config, query.route))
        targetsInOrder(route->plan, {}, targets);
    Simulation simulation;
    for (const auto &[field, target] : targets) {
        SimulatedStep step;
        step.node = field;
        step.provider = target.provider;
        step.credential = "main";
        step.model = target.model;
        step.startsAt = simulation.latency;
        const auto fault = query.faults.find(target.provider);
        if (rests(target)) {
            step.end = SimulatedStep::End::Skipped;
            step.words = "circuit open, for 12 s more";
        } else if (fault != query.faults.end()) {
            step.end = SimulatedStep::End::Failed;
            step.words = fault->second == ProviderFault::Down ? "nobody takes the connection" : fault->second == ProviderFault::Slow ? "no first byte in time" : "HTTP 429";
            step.took = fault->second == ProviderFault::Slow ? Duration(20s) : Duration(80ms);
        } else {
            step.took = 1410ms;
            step.cost = Money::fromNanos(4'100'000);
            simulation.answered = true;
        }
        simulation.latency += step.took;
        simulation.steps.push_back(step);
        if (simulation.answered)
            return simulation;
    }
    simulation.error = "All attempts failed.";
    return simulation;
}

Result<Explanation> sceneExplanation(const ExplainQuery &query, const config::Config &config)
{
    if (!query.body.starts_with('{'))
        return fail(ErrorCode::BadRequest, "The body is not JSON: a value is expected at byte 0.");
    const config::Route *route = routeNamed(query.edited ? *query.edited : config, query.route);
    if (!route)
        return fail(ErrorCode::UnknownModel, "There is no model \"" + query.route + "\".", "model");
    Explanation explanation;
    explainNode(route->plan, {}, explanation.steps);
    std::vector<std::pair<std::string, config::TargetNode>> targets;
    targetsInOrder(route->plan, {}, targets);
    for (const auto &[field, target] : targets) {
        Explanation::Candidate candidate {.provider = target.provider, .model = target.model, .place = placeOf(field)};
        if (rests(target)) {
            candidate.asked = false;
            candidate.skipped = {"circuit open, for 12 s more"};
        } else {
            candidate.credentials = {"main", "spare"};
            candidate.expectedCost = Money::fromNanos(4'100'000);
            candidate.expectedFirstToken = 420ms;
            candidate.expectedTotal = 1410ms;
            if (!explanation.first)
                explanation.first = explanation.candidates.size();
        }
        explanation.candidates.push_back(std::move(candidate));
    }
    explanation.complexity = "0.31: length 0.12, questions 0.19";
    return explanation;
}

ReplayReport sceneReplay(const config::Config &edited, const ReplayQuery &query, const std::deque<CallRecord> &log)
{
    ReplayReport report;
    const config::Route *route = query.routes.empty() ? nullptr : routeNamed(edited, query.routes.front());
    std::vector<std::pair<std::string, config::TargetNode>> targets;
    if (route)
        targetsInOrder(route->plan, {}, targets);
    if (targets.empty())
        return report;
    const auto first = std::ranges::find_if(targets, [](const auto &entry) { return !rests(entry.second); });
    const std::string to = first->second.provider + " " + first->second.model;
    std::map<std::pair<std::string, std::string>, ReplayReport::Target> sums;
    const auto count = [&](const std::string &provider, const std::string &model, bool after) {
        ReplayReport::Target &target = sums.try_emplace({provider, model}, ReplayReport::Target {.provider = provider, .model = model, .visits = 1'900, .failedVisits = 21}).first->second;
        ++(after ? target.after : target.before);
    };
    for (const CallRecord &call : log) {
        const bool drawn = static_cast<double>(std::hash<std::string>()(call.id + std::to_string(query.seed)) % 10'000) < query.sample * 10'000;
        const bool found = query.filter.empty() || (!call.key.empty() && query.filter.text().find(call.key) != std::string::npos);
        const bool meant = found && call.route == route->name && call.startedAt >= query.range.from && call.startedAt < query.range.to;
        if (!drawn || !meant)
            continue;
        ++report.calls;
        if (call.attempts.empty()) {
            ++report.left;
            continue;
        }
        const AttemptRecord &attempt = call.attempts.front();
        const std::string from = attempt.provider + " " + attempt.model;
        count(attempt.provider, attempt.model, false);
        count(first->second.provider, first->second.model, true);
        ++report.compared;
        report.was.cost += static_cast<double>(call.cost.value_or(Money()).nanos()) * 1e-9;
        report.was.failed += call.status == CallStatus::Ok ? 0 : 1;
        if (from == to) {
            ++report.unchanged;
            continue;
        }
        ++report.rerouted;
        if (report.changed.size() < query.listed)
            report.changed.push_back({.id = call.id, .startedAt = call.startedAt, .from = from, .to = to, .failed = call.status != CallStatus::Ok, .failure = 0.011, .cost = call.cost, .expectedCost = Money::fromNanos(6'800'000), .seconds = 1.4, .expectedSeconds = 2.1});
    }
    std::ranges::reverse(report.changed); // the log has the newest first
    report.changedInAll = report.rerouted;
    report.was.seconds = 1.62;
    report.was.p95 = 3.1;
    const double moved = report.compared ? static_cast<double>(report.rerouted) / static_cast<double>(report.compared) : 0;
    const auto around = [](double value, double width) { return Estimate {value, value * (1 - width), value * (1 + width)}; };
    report.expected = {.cost = around(report.was.cost * (1 + 0.4 * moved), 0.02), .failed = around(report.was.failed * (1 - 0.5 * moved), 0.12), .seconds = around(report.was.seconds * (1 + 0.2 * moved), 0.03), .p95 = around(report.was.p95 * (1 - 0.1 * moved), 0.04)};
    for (auto &[name, target] : sums)
        report.targets.push_back(std::move(target));
    return report;
}

} // namespace tests
