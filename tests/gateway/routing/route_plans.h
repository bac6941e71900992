// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/routing/condition.h"
#include "gateway/routing/health_view.h"
#include "gateway/routing/plan.h"
#include "gateway/routing/plan_memory.h"
#include "gateway/wire/request_scan.h"

#include <QTest>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// Plans and their surroundings, for tests of routing.
namespace route_plans {

inline const gateway::SteadyTime start {std::chrono::hours {1}};

inline gateway::routing::FailureFilter filter(std::vector<std::string> words)
{
    return *gateway::routing::FailureFilter::fromConfig({std::move(words)});
}

inline gateway::routing::Target targetOn(const std::string &provider, const std::string &model = "model")
{
    using namespace gateway::routing;
    Target made;
    made.providerName = provider;
    made.providerHealthId = stableId(provider);
    made.model = model;
    made.modelId = stableId(model);
    made.credentials.push_back({.name = "main", .healthId = stableId(provider, "main")});
    made.retry = {.attempts = 2, .on = filter(gateway::config::Retry {}.on.items), .backoffBase = std::chrono::milliseconds {250}, .backoffMax = std::chrono::seconds {8}};
    return made;
}

inline gateway::routing::Node leaf(gateway::routing::Target target)
{
    return {std::make_shared<const gateway::routing::Target>(std::move(target))};
}

inline gateway::routing::Node leaf(const std::string &provider) { return leaf(targetOn(provider)); }

inline gateway::routing::Choice choice(const std::string &provider, int weight = 1)
{
    using namespace gateway::routing;
    auto target = std::make_shared<const Target>(targetOn(provider));
    return {.weight = weight, .identity = stableId(provider), .judgedBy = target, .to = {target}};
}

inline std::shared_ptr<gateway::routing::Plan> planOf(gateway::routing::Node root)
{
    auto plan = std::make_shared<gateway::routing::Plan>();
    plan->root = std::move(root);
    plan->fallbackOn = filter(gateway::config::Route {}.fallbackOn.items);
    return plan;
}

/// Health as a test sets it, by the provider's name. Of more than one credential the first counts.
class SetHealth : public gateway::routing::HealthView
{
public:
    std::map<std::string, gateway::routing::Rest> rests;
    std::map<std::string, gateway::routing::Figures> known;

    [[nodiscard]] std::optional<gateway::routing::Rest> resting(const gateway::routing::Subject &subject, gateway::SteadyTime) const override
    {
        const auto found = rests.find(subject.target->providerName);
        return found == rests.end() ? std::nullopt : std::optional(found->second);
    }
    [[nodiscard]] bool claimProbe(const gateway::routing::Subject &, gateway::SteadyTime) override { return true; }
    [[nodiscard]] gateway::routing::Figures figures(const gateway::routing::Subject &subject, gateway::SteadyTime) const override
    {
        const auto found = known.find(subject.target->providerName);
        return found == known.end() ? gateway::routing::Figures() : found->second;
    }
};

/// Turns and limits as a test sets them: a node with `left` 0 is used up.
class SetMemory : public gateway::routing::PlanMemory
{
public:
    std::map<std::uint64_t, std::uint64_t> turns;
    int left = 1'000'000;
    std::vector<gateway::routing::LimitAsk> asked;
    std::vector<std::string> asker;
    struct Settled { std::int64_t tokens = 0; gateway::Money cost; };
    std::vector<Settled> settled;
    int givenBack = 0;

    [[nodiscard]] std::uint64_t turn(std::uint64_t node) override { return turns[node]++; }
    [[nodiscard]] std::uint64_t nextTurn(std::uint64_t node) const override { return turns.contains(node) ? turns.at(node) : 0; }
    [[nodiscard]] gateway::Result<std::unique_ptr<gateway::routing::LimitClaim>> claim(const gateway::routing::Limit &, const gateway::routing::LimitAsk &ask) override
    {
        asked.push_back(ask);
        asker.emplace_back(ask.who);
        if (left == 0)
            return gateway::fail(gateway::ErrorCode::Busy, "all of it is used");
        --left;
        return std::make_unique<Claim>(*this);
    }

private:
    class Claim final : public gateway::routing::LimitClaim
    {
    public:
        explicit Claim(SetMemory &memory) : m_memory(memory) {}
        ~Claim() override { m_memory.givenBack += m_settled ? 0 : 1; }
        void settle(std::int64_t tokens, gateway::Money cost) override
        {
            m_settled = true;
            m_memory.settled.push_back({tokens, cost});
        }

    private:
        SetMemory &m_memory;
        bool m_settled = false;
    };
};

/// A chat body, scanned; moves with its text.
struct ScannedBody
{
    explicit ScannedBody(std::string body, gateway::Endpoint endpoint = gateway::Endpoint::ChatCompletions) : text(std::make_unique<std::string>(std::move(body)))
    {
        auto read = gateway::wire::scanRequest(*text, endpoint);
        if (!read)
            QTest::qFail(read.error().message.c_str(), __FILE__, __LINE__);
        else
            scan = std::move(*read);
    }
    std::unique_ptr<std::string> text;
    gateway::wire::RequestScan scan;
};

} // namespace route_plans
