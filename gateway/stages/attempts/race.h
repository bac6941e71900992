// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/block_cache.h"
#include "gateway/pipeline/task_group.h"
#include "gateway/stages/attempts/call_work.h"
#include "gateway/stages/attempts/try.h"

#include <array>
#include <exception>
#include <memory>
#include <optional>

namespace gateway::stages {

/// An attempt that gets company where it has no content in time (config.md, `hedge`): the next target is asked too, the
/// first content wins, and the other attempt is ended before anything goes to the caller, so that both are accounted (faults.md
/// F27). Each try is a coroutine of its own beside the caller's, all on the call's worker.
class Race : public Pooled
{
public:
    /// Whether the route wants this, for what the call asks. Answers that are not looked into go out as they come: there is no
    /// first content to wait for.
    static bool isWanted(const pipeline::Exchange &x);

    /// @param work   with the first attempt planned, and its book open; outlives this
    /// @param after  how long the first may be without content
    Race(CallWork &work, Duration after);
    Race(const Race &) = delete;
    Race &operator=(const Race &) = delete;

    /// Returns when all tries have ended. The work's end is the winner's, else that of the last to fail.
    pipeline::Task<void> run();

private:
    struct Racer final : Gate
    {
        Racer(Race &itsRace, AttemptBook &book, CallMedia &media, const routing::Attempt &planned, std::unique_ptr<Continuation> itsContinuation);
        pipeline::Task<bool> pass() override;
        void leaveGate(bool through);

        enum class At : std::uint8_t { Start, Gate, Through, TurnedAway } at = At::Start;
        Race &race;
        routing::Attempt attempt;
        std::unique_ptr<Continuation> continuation;
        AttemptEnd end;
        pipeline::CancelSource cancel; ///< ends its try
        pipeline::CancelSource atGate; ///< ends its wait
        Try itsTry;
        bool ended = false;
        std::exception_ptr broken;
    };

    static pipeline::Task<void> pursue(Racer &racer);
    pipeline::Task<void> awaitFirst();
    pipeline::Task<void> awaitEnds(const Racer *but);
    void start(Racer &racer) { m_tries.add(pursue(racer)); }
    void addSecond();
    void endAllBut(const Racer *winner);
    void takeEnd(Racer *winner);
    void wakeUp() { m_wake.cancel(); }
    [[nodiscard]] Racer *atGate();
    [[nodiscard]] bool haveEnded(const Racer *but) const;

    CallWork &m_work;
    pipeline::Exchange &m_x;
    SteadyTime m_secondAt;                 ///< pipeline::never: there is one, or none is left
    pipeline::CancelSource m_wake;         ///< ends the pause of run()
    std::optional<AttemptBook> m_secondBook;
    CallMedia m_secondMedia;               ///< tries do not wait for one another's
    std::array<std::optional<Racer>, 2> m_racers;
    Racer *m_lastEnded = nullptr;
    pipeline::TaskGroup m_tries;           ///< last: what they use is above
};

} // namespace gateway::stages
