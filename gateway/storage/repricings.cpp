// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/repricings.h"

#include "gateway/storage/call_log_writer.h"
#include "gateway/storage/repricer.h"

#include <chrono>
#include <mutex>
#include <utility>

namespace gateway::storage {

namespace {

using Steady = std::chrono::steady_clock;
constexpr std::chrono::seconds retryAfter {2};

} // namespace

/// Its repricer is there only while there is something to do: its statements must be gone before their database is.
class Repricings::State
{
public:
    /// Writer's thread.
    Result<Repricer *> repricer(Database &database)
    {
        if (!m_repricer)
            m_repricer = std::make_unique<Repricer>(database);
        if (auto begun = begin(); !begun)
            return std::unexpected(begun.error());
        return m_repricer.get();
    }

    /// Writer's thread. Who takes it makes the steps.
    bool takeSteps() { return !std::exchange(m_stepped, true); }

    /// Writer's thread. One that failed is made again: the store may be full, or locked.
    /// @return whether there is another one
    bool step()
    {
        if (Steady::now() < m_retryAt)
            return true;
        const auto begun = begin();
        const auto more = begun ? m_repricer->step() : Result<bool>(std::unexpected(begun.error()));
        if (!more)
            m_retryAt = Steady::now() + retryAfter;
        setProblem(more ? std::string() : "Calls cannot be priced again now: " + more.error().message);
        if (!more || *more)
            return true;
        end();
        return false;
    }

    /// Writer's thread.
    void end()
    {
        m_repricer.reset();
        m_stepped = false;
    }

    std::string problem() const
    {
        const std::lock_guard lock(m_mutex);
        return m_problem;
    }

private:
    Result<> begin()
    {
        if (!m_begun) {
            if (auto begun = m_repricer->begin(); !begun)
                return begun;
            m_begun = true;
        }
        return {};
    }

    void setProblem(std::string problem)
    {
        const std::lock_guard lock(m_mutex);
        m_problem = std::move(problem);
    }

    mutable std::mutex m_mutex;
    std::string m_problem;
    std::unique_ptr<Repricer> m_repricer;
    Steady::time_point m_retryAt;
    bool m_begun = false, m_stepped = false;
};

Repricings::Repricings(CallLogWriter &writer) : m_writer(writer), m_state(std::make_shared<State>())
{
    ask([](const Result<Repricer *> &) {}); // one that failed is tried again by the steps
}

void Repricings::ask(Job job)
{
    m_writer.work([state = m_state, job = std::move(job), steps = false](const WriterDesk *desk) mutable {
        if (desk == nullptr) {
            if (steps)
                state->end();
            else
                job(fail(ErrorCode::Busy, "The call log prices nothing again now. Try again."));
            return false;
        }
        if (!steps) {
            job(state->repricer(desk->database));
            steps = state->takeSteps();
            return steps; // the first one after the pause; else another's work makes them
        }
        return state->step();
    });
}

std::string Repricings::problem() const { return m_state->problem(); }

} // namespace gateway::storage
