// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/task.h"
#include "gateway/stages/attempts/try.h"

namespace gateway::stages {

/// One try at one target: encodes the request in the provider's dialect, sends it, waits for the head within the limits,
/// and hands the answer to StreamRelay or WholeAnswer. Writes its own entry in the book.
pipeline::Task<void> makeAttempt(const Try &attempt);

} // namespace gateway::stages
