// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/state/keyed_memory.h"
#include "gateway/storage/query_thread.h"

#include <string>

namespace gateway::api {

/// Where responses are that providers keep: those of late from memory, others from the call log's file, to which they go
/// with the records of their calls. So they are found after a restart too.
class ResponseHomes final : public state::KeyedStore
{
public:
    /// @param path   of the call log, which a CallLogWriter has made
    /// @param clock  outlives this
    ResponseHomes(const std::string &path, const Clock &clock);

    void put(const Key &key, std::string value, SteadyTime now) override;
    void remove(const Key &key) override;
    /// What memory does not have is looked up on a thread of its own; of a file that cannot be read nothing is found, and
    /// `found` is never called.
    void find(std::vector<Key> keys, SteadyTime now, Found found) override;
    [[nodiscard]] bool empty() const override { return false; } // nobody knows without a look

private:
    static constexpr std::size_t memoryBytes = 8 * 1024 * 1024;

    const Clock &m_clock;
    state::KeyedMemory m_recent {memoryBytes};
    storage::QueryThread m_thread;
};

} // namespace gateway::api
