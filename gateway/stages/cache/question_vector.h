// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/http.h"
#include "gateway/pipeline/stage.h"

#include <string_view>
#include <vector>

namespace gateway::pipeline {
struct Exchange;
}

namespace gateway::stages {

/// The vector of a question, by whatever `cache.semantic.embed_with` names: the built-in vectoriser within the call, a
/// provider's model by a call of its own, which goes as all do (its credentials, health and format are the provider's), but
/// waits for no connection and is not tried twice; where it failed, it rests for some seconds. What it took stands as an attempt in the record of `x`, so that its cost
/// is the call's, in budgets too.
/// @param ask  makes the call; outlives it
/// @return empty: there is none, for whatever reason. Nothing fails with it
pipeline::Task<std::vector<float>> vectorOf(pipeline::Exchange &x, pipeline::Answerer &ask, std::string_view question);

} // namespace gateway::stages
