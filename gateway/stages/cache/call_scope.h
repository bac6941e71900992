// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/compiled_config.h"
#include "gateway/stages/cache/cache_key.h"

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gateway::pipeline {
struct Exchange;
}

namespace gateway::stages {

/// What a call's answer depends on beside its body, with the texts that its views are of. Stays where it is.
class CallScope
{
public:
    CallScope() = default;
    CallScope(const CallScope &) = delete;
    CallScope &operator=(const CallScope &) = delete;

    [[nodiscard]] const CacheScope &view() const { return m_view; }
    /// Whether an answer in one delivery serves who wants the other. Where not, the delivery is part of the scope.
    [[nodiscard]] bool isConvertible() const { return m_convertible; }

private:
    friend class CallScopes;
    std::string m_tenant, m_chosen, m_policies;
    std::array<std::pair<std::string_view, std::string_view>, 6> m_also {};
    bool m_convertible = false;
    CacheScope m_view;
};

/// Finds it. One for each worker; keeps what it made of a configuration's plans.
class CallScopes
{
public:
    /// @param out  its views are of itself and of the exchange
    void find(pipeline::Exchange &x, CallScope &out);

private:
    /// Of a plan: what it asks, and what decides whom.
    struct PlanMark
    {
        std::string asks;
        std::vector<const routing::Condition *> conditions;
        std::vector<const routing::Field *> hashed;
    };
    [[nodiscard]] static PlanMark markOf(const pipeline::CompiledConfig &config, const routing::Plan &plan);
    const PlanMark &knownMark(const pipeline::Exchange &x);
    static void addChoices(pipeline::Exchange &x, const PlanMark &mark, std::string &out);

    std::shared_ptr<const pipeline::CompiledConfig> m_config; ///< whose plans these are
    std::unordered_map<const routing::Plan *, PlanMark> m_marks;
    PlanMark m_single; ///< of a plan that one call alone has
};

} // namespace gateway::stages
