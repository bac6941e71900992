// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/account/commit_wait.h"

#include <boost/asio/post.hpp>
#include <mutex>
#include <utility>

namespace gateway::stages {

struct CommitWait::State
{
    std::mutex mutex;
    bool waiting = true;              ///< guarded: the worker's io_context lives at least as long as this is true
    boost::asio::io_context::executor_type worker;
    pipeline::Timers &timers;         ///< the worker's
    pipeline::CancelSource pause {};  ///< the worker's: ends the pause

    State(boost::asio::io_context::executor_type executor, pipeline::Timers &pauses) : worker(std::move(executor)), timers(pauses) {}
};

CommitWait::CommitWait(boost::asio::io_context::executor_type worker, pipeline::Timers &timers)
    : m_state(std::make_shared<State>(std::move(worker), timers))
{
}

CommitWait::~CommitWait()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->waiting = false;
}

std::move_only_function<void(bool stored)> CommitWait::signal() const
{
    return [state = m_state](bool) {
        const std::lock_guard lock(state->mutex);
        if (!state->waiting)
            return;
        boost::asio::post(state->worker, [state] { state->pause.cancel(); });
        state->timers.wake();
    };
}

pipeline::Task<void> CommitWait::done(Duration longest) const
{
    if (!m_state->pause.cancelled())
        co_await m_state->timers.pause(longest, m_state->pause);
}

} // namespace gateway::stages
