// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <functional>
#include <memory>
#include <string>

namespace gateway::storage {
class CallLogWriter;
class Repricer;
}

namespace gateway::storage {

/// Re-pricings as work of the log's writer: short steps between its transactions, which no call waits for. Any thread.
class Repricings
{
public:
    /// Has those taken away that a process left half made. @param writer  outlives this
    explicit Repricings(CallLogWriter &writer);

    /// Calls `job` on the writer's thread, once all records that were pushed before are stored; what it began goes on by itself.
    /// Busy: the log is closed, or too much waits; then possibly in this call.
    using Job = std::move_only_function<void(Result<Repricer *> repricer)>;
    void ask(Job job);

    /// Why the one under way stands still, which then tries again by itself; empty: it goes on.
    [[nodiscard]] std::string problem() const;

private:
    class State;
    CallLogWriter &m_writer;
    std::shared_ptr<State> m_state;
};

} // namespace gateway::storage
