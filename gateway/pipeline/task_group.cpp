// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/task_group.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace gateway::pipeline {

namespace {

using Executor = boost::asio::io_context::executor_type;
using Token = boost::asio::use_awaitable_t<Executor>;
using Resume = boost::asio::async_result<Token, void()>::handler_type;

} // namespace

struct TaskGroup::State
{
    explicit State(Executor executor) : worker(std::move(executor)) {}

    void ended(std::exception_ptr thrown)
    {
        --running;
        if (thrown && !first)
            first = std::move(thrown);
        if (running == 0 && waiting)
            boost::asio::post(worker, std::move(*std::exchange(waiting, std::nullopt)));
    }

    Executor worker;
    int running = 0;
    std::exception_ptr first {};
    std::optional<Resume> waiting {};
};

TaskGroup::TaskGroup(Executor worker) : m_state(std::make_shared<State>(std::move(worker))) {}

void TaskGroup::add(Task<void> task)
{
    ++m_state->running;
    boost::asio::co_spawn(m_state->worker, std::move(task), [state = m_state](std::exception_ptr thrown) { state->ended(std::move(thrown)); });
}

Task<void> TaskGroup::done()
{
    constexpr Token token {};
    if (m_state->running > 0)
        co_await boost::asio::async_initiate<const Token &, void()>([this](Resume &&handler) { m_state->waiting.emplace(std::move(handler)); }, token);
    if (m_state->first)
        std::rethrow_exception(std::exchange(m_state->first, nullptr));
}

} // namespace gateway::pipeline
