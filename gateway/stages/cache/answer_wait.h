// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/pipeline/http.h"
#include "gateway/state/answer_store.h"
#include "gateway/state/single_flight.h"

/// What the cache stage waits for, on its worker. Nothing here holds a lock while it waits.
namespace gateway::stages {

/// Asks the store. Where it answers within the call, as one in memory does, nothing is waited for.
/// @param longest  how long a store that replicas share may take; after that it is as if there were none
/// @param cancel   the call's; ends the wait
/// @return null: there is none
pipeline::Task<SharedAnswer> findAnswer(state::AnswerStore &store, AnswerKey key, pipeline::Timers &timers, Duration longest, pipeline::CancelSource &cancel);

/// Waits until the flight has landed, or it is this seat's turn.
/// @return Waits: neither happened within `longest`, or the call was cancelled: it leaves its seat, and asks by itself or ends
pipeline::Task<state::SingleFlight::Role> awaitTurn(state::SingleFlight::Seat &seat, pipeline::Timers &timers, Duration longest, pipeline::CancelSource &cancel);

} // namespace gateway::stages
