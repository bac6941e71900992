// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/task.h"
#include "gateway/stages/attempts/attempt_book.h"
#include "gateway/stages/attempts/attempt_end.h"
#include "gateway/stages/attempts/call_media.h"
#include "gateway/stages/attempts/keepalive.h"

namespace gateway::stages {

/// One try at one target: encodes the request in the provider's dialect, sends it, waits for the head within the limits,
/// and hands the answer to StreamRelay or WholeAnswer. Writes its own entry in the book.
/// @param media  of the call: what this target needs as bytes is fetched first
/// @param end    how it ended; untouched where the caller left
pipeline::Task<void> makeAttempt(pipeline::Exchange &x, AttemptBook &book, CallMedia &media, Keepalive &alive, AttemptEnd &end);

} // namespace gateway::stages
