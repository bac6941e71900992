// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/pipeline/compiled_config.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace gateway::stages {

/// Which plan a call runs by.
struct PlanChoice
{
    const pipeline::CompiledRoute *route = nullptr;
    std::string star;                            ///< what the route's star stands for; empty: no wildcard
    std::shared_ptr<const routing::Plan> plan;   ///< keeps the configuration that it is part of
};

/// Finds the route of `model`, and of every one in `fallbacks`, and checks that the key may use each of them: the
/// allow-list holds for every way of naming a model (architecture.md, step 4).
/// @param key  null: a call without a key may use every route
/// Errors: UnknownModel with the nearest name, ModelNotAllowed; `where` is "model" or "fallbacks".
Result<PlanChoice> choosePlan(const std::shared_ptr<const pipeline::CompiledConfig> &config, const pipeline::CompiledKey *key, std::string_view model,
                              std::span<const std::string> fallbacks);

} // namespace gateway::stages
