// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/task.h"
#include "gateway/stages/attempts/attempt_book.h"
#include "gateway/stages/attempts/attempt_end.h"
#include "gateway/stages/attempts/outgoing.h"
#include "gateway/stages/attempts/try.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace gateway::pipeline {
class TaskGroup;
}

namespace gateway::stages {

/// One attempt that takes several calls, because the provider gives one choice or takes one text a call: makes them side
/// by side, a few at a time, and puts their answers together. All of them or none: the first that fails ends the others,
/// and the attempt has failed as that one did. (A caller who wants a stream gets it once all have come.)
class FanOut
{
public:
    static constexpr std::size_t mostAtOnce = 6;

    /// Both outlive it.
    FanOut(const Try &attempt, Outgoing &out);
    ~FanOut();
    FanOut(const FanOut &) = delete;
    FanOut &operator=(const FanOut &) = delete;

    pipeline::Task<void> run();

private:
    struct State; ///< what its calls share

    static pipeline::Task<void> lane(State &state);
    static pipeline::Task<void> call(State &state, std::size_t number);

    void start(pipeline::TaskGroup &group);
    pipeline::Task<void> awaitAll();
    pipeline::Task<void> pause(Duration longest);
    bool judge();
    std::optional<AttemptEnd> putTogether();
    std::optional<AttemptEnd> putVectorsTogether();
    void countWhatCame();
    void stop();
    pipeline::Task<bool> passGate();
    void accepted();

    const Try &m_try;
    pipeline::Exchange &m_x;
    AttemptBook &m_book;
    Outgoing &m_out;
    std::unique_ptr<State> m_state;
    std::string m_body;     ///< the caller's
    std::string m_received; ///< as it came, for the log: of a try that may yet lose
};

} // namespace gateway::stages
