// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/outliers.h"

#include "gateway/pipeline/compiled_config.h"
#include "gateway/routing/plan_nodes.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace gateway::api {

namespace {

constexpr double busyFrom = 0.1;        // calls a second: some three in half a minute say little, fewer say nothing
constexpr double slowFrom = 2;          // times the peers' p95
constexpr Duration slowByAtLeast = std::chrono::milliseconds {200};
constexpr double failingFrom = 0.05;    // share of errors above the peers'
constexpr double failingTimes = 3;

using Name = std::pair<std::string, std::string>; // provider, model

/// Which targets stand beside which.
std::map<Name, std::set<Name>> neighbours(const pipeline::CompiledConfig &config)
{
    std::map<Name, std::set<Name>> beside;
    for (const pipeline::CompiledRoute &route : config.routes) {
        std::set<Name> names;
        for (const routing::Target *target : routing::targetsOf(route.plan.root))
            names.emplace(target->providerName, target->model);
        for (const Name &name : names)
            beside[name].insert(names.begin(), names.end());
    }
    return beside;
}

template <typename T>
T median(std::vector<T> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

PeerFigures compared(const TargetHealth &target, const std::vector<const TargetHealth *> &peers)
{
    std::vector<Duration> p95;
    std::vector<double> errors;
    for (const TargetHealth *peer : peers) {
        if (peer->p95)
            p95.push_back(*peer->p95);
        errors.push_back(peer->errorRate);
    }
    PeerFigures figures {.count = peers.size(), .errorRate = median(errors)};
    if (!p95.empty())
        figures.p95 = median(p95);
    figures.slower = target.p95 && figures.p95 && *target.p95 >= *figures.p95 + slowByAtLeast && *target.p95 >= *figures.p95 * slowFrom;
    figures.failsMore = target.errorRate >= figures.errorRate + failingFrom && target.errorRate >= figures.errorRate * failingTimes;
    return figures;
}

} // namespace

void compareWithPeers(std::vector<TargetHealth> &all, const pipeline::CompiledConfig &config)
{
    const auto beside = neighbours(config);
    for (TargetHealth &target : all) {
        if (target.callsPerSecond < busyFrom)
            continue;
        const Name name {target.provider, target.model};
        const auto known = beside.find(name);
        std::vector<const TargetHealth *> peers;
        for (const TargetHealth &other : all) {
            const Name otherName {other.provider, other.model};
            const bool isPeer = otherName == name || (known != beside.end() && known->second.contains(otherName));
            if (&other != &target && isPeer && other.callsPerSecond >= busyFrom)
                peers.push_back(&other);
        }
        if (!peers.empty())
            target.peers = compared(target, peers);
    }
}

} // namespace gateway::api
