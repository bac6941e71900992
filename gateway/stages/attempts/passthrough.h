// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/task.h"
#include "gateway/stages/attempts/attempt_book.h"
#include "gateway/stages/attempts/attempt_end.h"

namespace gateway::stages {

/// Whether nothing is done to a call but to bring it to its provider: one of the provider's own API, or of a response that
/// it keeps.
bool passesThrough(const pipeline::Exchange &x);

/// One call of a provider's own API, as the caller made it: method, path, query and body go out as they came, the answer
/// comes back as it is. An error that may be the credential's fault (a limit, a refusal) is kept instead: the next credential
/// may do better, and where there is none sendOwn() gives it to the caller. A rejected credential alone (401) is told in the
/// gateway's words, so that nobody takes it for his own key's fault (faults.md F17).
/// @param end  how it ended; untouched where the caller left
pipeline::Task<void> passThrough(pipeline::Exchange &x, AttemptBook &book, AttemptEnd &end);

/// Gives a kept answer to the caller.
pipeline::Task<void> sendOwn(pipeline::Exchange &x, const AttemptEnd::Own &answer);

} // namespace gateway::stages
