// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/pipeline/detached_tasks.h"

#include <array>
#include <coroutine>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <sys/epoll.h>
#include <thread>
#include <vector>

namespace gateway::net {

class DeadlineWheel;

/// Who is told what the kernel says of a descriptor, on the loop's thread.
class Watched
{
public:
    /// @param events  of epoll_wait(2); 0: later() was asked for. May destroy this object.
    virtual void onEvents(std::uint32_t events) = 0;

protected:
    ~Watched() = default;
};

/// One worker's loop: its descriptors, its deadlines, its coroutines, and jobs that come from other threads. It says once for
/// all what it wants to know of a descriptor, where Asio arms it with epoll_ctl for each wait and its timers with
/// timerfd_settime. Everything but post() and stop() belongs to the thread of run().
class Loop
{
public:
    explicit Loop(DeadlineWheel &wheel); ///< the wheel outlives the loop
    ~Loop();
    Loop(const Loop &) = delete;
    Loop &operator=(const Loop &) = delete;

    /// Returns after stop(), or where stop() came before it.
    void run();
    void stop();
    /// Destroys everything that waits in it, while all that this uses still lives. Nothing runs in it any more.
    void drop();

    /// Runs `job` on the loop's thread; the jobs of one thread in their order. After stop() they are dropped unrun.
    void post(std::move_only_function<void()> job);
    /// Begins a task that nobody awaits, and keeps it until it ends, or drop().
    void start(pipeline::Task<void> task) { m_tasks.add(std::move(task)); }
    /// Goes on with a coroutine soon, but not from within this call.
    void resume(std::coroutine_handle<> who) { m_ready.push_back(who); }
    /// Calls who.onEvents(0) soon, unless it is forgotten before.
    void later(Watched &who) { m_later.push_back(&who); }

    /// Tells `who` of `events` until forget() and close(2). @return false: the kernel refuses the descriptor
    [[nodiscard]] bool watch(int descriptor, Watched &who, std::uint32_t events);
    /// `who` hears no more. Its descriptor must be closed or taken out of the loop right after.
    void forget(Watched &who);
    void unwatch(int descriptor); ///< takes it out of the loop

    /// The moment of this pass of the loop: good enough for limits, and no look at the clock.
    [[nodiscard]] SteadyTime now() const { return m_now; }

private:
    void runJobs();
    void runReady();
    void tellEvents(int timeout);
    [[nodiscard]] int timeout() const;
    void sweepIfDue();

    DeadlineWheel &m_wheel;
    int m_epoll = -1;
    int m_event = -1; ///< written to by other threads
    SteadyTime m_now;
    SteadyTime m_sweepAt;

    std::mutex m_mutex;
    std::vector<std::move_only_function<void()>> m_inbox; ///< guarded
    std::thread::id m_thread {};                          ///< guarded: of run()
    bool m_dropped = false;                               ///< guarded

    bool m_ended = false;
    bool m_ownJobs = false; ///< posted by this thread itself: nobody needs to be woken for them
    std::vector<std::move_only_function<void()>> m_jobs;
    pipeline::DetachedTasks m_tasks;
    std::vector<std::coroutine_handle<>> m_ready;
    std::vector<Watched *> m_later;
    std::array<epoll_event, 256> m_events {};
    std::span<epoll_event> m_untold; ///< of the pass under way
};

} // namespace gateway::net
