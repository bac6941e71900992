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
    pipeline::CancelSource pause {};  ///< the worker's: ends the pause

    explicit State(boost::asio::io_context::executor_type executor) : worker(std::move(executor)) {}
};

CommitWait::CommitWait(boost::asio::io_context::executor_type worker)
    : m_state(std::make_shared<State>(std::move(worker)))
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
        if (state->waiting)
            boost::asio::post(state->worker, [state] { state->pause.cancel(); });
    };
}

pipeline::Task<void> CommitWait::done(pipeline::Timers &timers, Duration longest) const
{
    if (!m_state->pause.cancelled())
        co_await timers.pause(longest, m_state->pause);
}

} // namespace gateway::stages
