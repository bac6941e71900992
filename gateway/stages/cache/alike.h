// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/pipeline/http.h"
#include "gateway/state/semantic_index.h"

#include <memory>
#include <optional>
#include <vector>

namespace gateway::stages {

/// The nearest question within the scope, as far as the index finds one within `longest`. Nothing here holds a lock while it waits.
pipeline::Task<std::optional<state::SemanticIndex::Match>> findAlike(std::shared_ptr<state::SemanticIndex> index, AnswerKey scope, std::vector<float> vector, double least,
                                                                     pipeline::Timers &timers, Duration longest, pipeline::CancelSource &cancel);

} // namespace gateway::stages
