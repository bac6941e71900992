// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/task.h"
#include "gateway/stages/attempts/attempt_book.h"
#include "gateway/stages/attempts/attempt_end.h"

namespace gateway::stages {

/// Opens a WebSocket to the target's realtime API and, where the provider agrees, answers the caller's own handshake and
/// carries the session to its end (RealtimeSession). Up to there a failure is only this attempt's: the caller still waits for
/// its answer, and another target may give it.
/// @param end  how it ended; untouched where the caller left
pipeline::Task<void> openRealtime(pipeline::Exchange &x, AttemptBook &book, AttemptEnd &end);

} // namespace gateway::stages
