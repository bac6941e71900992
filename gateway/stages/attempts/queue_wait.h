// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/stages/attempts/call_work.h"

namespace gateway::stages {

/// Whether the call has to wait before its first attempt: its route has a queue, and others wait in it already, or no target can
/// be asked now while one is at its limits.
/// @param planned  what routing says; an error where it was not asked
[[nodiscard]] bool hasToWait(CallWork &work, const Result<routing::Attempt> &planned);

/// Waits in the route's line (config.md, `queue`), with comments to callers of streams. Whoever leaves, or has waited for as
/// long as may be, leaves the line too.
/// @return the first attempt; else why there is none: RateLimited or Busy where the line is full, or the wait was in vain
pipeline::Task<Result<routing::Attempt>> waitInLine(CallWork &work);

} // namespace gateway::stages
