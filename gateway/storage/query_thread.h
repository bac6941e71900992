// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace gateway::storage {

class CallLogReader;

/// A thread with a CallLogReader of its own. Questions wait in line; a newer one of the same lane replaces an older one
/// that still waits, and interrupts one that runs. There are two: one for short questions, one for long ones.
class QueryThread
{
public:
    /// Runs on the query thread. `reader` is null where the file could not be opened: `problem` says why. A question
    /// that was replaced is run never: its answer would be stale.
    using Question = std::function<void(CallLogReader *reader, const Error &problem)>;

    /// @param name  of the thread ("query-short"), and of its connection
    QueryThread(std::string path, std::string name);
    /// Drops what waits, interrupts what runs, ends the thread.
    ~QueryThread();
    QueryThread(const QueryThread &) = delete;
    QueryThread &operator=(const QueryThread &) = delete;

    /// Any thread; never blocks. At most 1,000 questions wait; past that the oldest is dropped.
    /// @param lane  questions of which only the newest matters ("calls", "count"); empty: each is answered
    void ask(std::string lane, Question question);

    /// Nobody wants the answers of that lane any more: drops those that wait, interrupts one that runs. Any thread; never blocks.
    void cancel(std::string_view lane);

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace gateway::storage
