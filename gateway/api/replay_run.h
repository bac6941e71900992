// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/core/replay.h"

#include <atomic>
#include <functional>
#include <memory>

namespace gateway::pipeline {
struct CompiledConfig;
}

namespace gateway::storage {
class CallLogReader;
}

namespace gateway::api {

/// Takes logged calls through the plans of an edited configuration (routing/replay.h). Reads the log, asks nobody, changes
/// nothing. Blocks for as long as it takes: query thread.
/// @param cancelled   looked at every some thousand calls: ends it with Cancelled
/// @param onProgress  called on this thread, at most some hundred times
/// Errors: those of the reader; Cancelled; BadRequest for a sample that is no share.
Result<ReplayReport> runReplay(storage::CallLogReader &log, const std::shared_ptr<const pipeline::CompiledConfig> &config, const ReplayQuery &query,
                               const std::atomic<bool> &cancelled, const std::function<void(ReplayProgress)> &onProgress);

} // namespace gateway::api
