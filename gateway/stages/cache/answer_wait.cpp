// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/cache/answer_wait.h"

#include "gateway/pipeline/worker_wait.h"

#include <mutex>
#include <utility>

namespace gateway::stages {

using pipeline::Task;

namespace {

/// What a store's answer is left in: the store may answer when nobody waits any more, and on any thread.
class Inbox
{
public:
    void put(SharedAnswer answer)
    {
        std::move_only_function<void()> signal;
        {
            const std::lock_guard lock(m_mutex);
            m_answer = std::move(answer);
            m_there = true;
            signal = std::exchange(m_signal, nullptr);
        }
        if (signal)
            signal();
    }
    [[nodiscard]] bool isThere()
    {
        const std::lock_guard lock(m_mutex);
        return m_there;
    }
    /// @return false: it is there already, and `signal` is not called
    bool listen(std::move_only_function<void()> signal)
    {
        const std::lock_guard lock(m_mutex);
        if (!m_there)
            m_signal = std::move(signal);
        return !m_there;
    }
    [[nodiscard]] SharedAnswer take()
    {
        const std::lock_guard lock(m_mutex);
        return std::move(m_answer);
    }

private:
    std::mutex m_mutex;
    SharedAnswer m_answer;
    std::move_only_function<void()> m_signal;
    bool m_there = false;
};

} // namespace

Task<SharedAnswer> findAnswer(state::AnswerStore &store, AnswerKey key, pipeline::Timers &timers, Duration longest, pipeline::CancelSource &cancel)
{
    const auto inbox = std::make_shared<Inbox>();
    store.find(key, [inbox](SharedAnswer answer) { inbox->put(std::move(answer)); });
    if (inbox->isThere())
        co_return inbox->take();
    const pipeline::WorkerWait there(timers);
    if (inbox->listen(there.signal()))
        co_await there.done(longest, cancel);
    co_return inbox->take();
}

Task<state::SingleFlight::Role> awaitTurn(state::SingleFlight::Seat &seat, pipeline::Timers &timers, Duration longest, pipeline::CancelSource &cancel)
{
    if (seat.role() == state::SingleFlight::Role::Waits) {
        const pipeline::WorkerWait news(timers);
        seat.listen(news.signal());
        co_await news.done(longest, cancel);
    }
    co_return seat.role();
}

} // namespace gateway::stages
