// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/http.h"
#include "gateway/pipeline/services.h"
#include "gateway/pipeline/stage.h"

#include <cstddef>
#include <memory>

namespace gateway::stages {

/// The stages of a call, in their order. The one place that knows them all.
pipeline::StageList stageTable(pipeline::Services &services);

/// The handler of one worker's requests: a Runner with all stages. Made and used on that worker's thread.
/// @param services, upstream, timers  outlive it
/// @param index  of the worker, below services.stats.workers()
std::unique_ptr<pipeline::HttpHandler> makeHandler(pipeline::Services &services, pipeline::Upstream &upstream,
                                                   pipeline::Timers &timers, std::size_t index);

} // namespace gateway::stages
