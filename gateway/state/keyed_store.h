// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/key_hash.h"

#include <functional>
#include <string>
#include <vector>

namespace gateway::state {

/// Small values that calls leave for later calls of the same tenant: what a provider wants to see again of its own answer,
/// where a response is kept. Implemented in memory (keyed_memory.h), where they expire and may go at any time, and over the
/// call log's file (api/response_homes.h); a store that replicas share implements the same.
class KeyedStore
{
public:
    /// A keyed digest of tenant, session and what is looked for: no tenant can name what is another's.
    using Key = KeyHasher::Digest;
    using Values = std::vector<std::string>;
    using Found = std::move_only_function<void(Values)>;

    virtual ~KeyedStore() = default;
    /// Any thread; never waits.
    virtual void put(const Key &key, std::string value, SteadyTime now) = 0;
    virtual void remove(const Key &key) = 0; ///< likewise
    /// @param found  called once, in here or later on any thread, with a value for each key; empty: there is none
    virtual void find(std::vector<Key> keys, SteadyTime now, Found found) = 0;
    /// Nothing is kept at all: nothing need be looked for. Any thread, no lock.
    [[nodiscard]] virtual bool empty() const = 0;
};

} // namespace gateway::state
