// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/http.h"
#include "gateway/state/keyed_store.h"

#include <optional>
#include <vector>

namespace gateway::pipeline {

struct Worker;

/// Asks a store, which may answer at once or later from another thread.
/// @return a value for each key, empty where there is none; nullopt: the store did not answer within `patience`, or the
///         call was cancelled
Task<std::optional<state::KeyedStore::Values>> findValues(Worker &worker, state::KeyedStore &store, std::vector<state::KeyedStore::Key> keys, Duration patience, CancelSource &cancel);

} // namespace gateway::pipeline
