// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/loop.h"

#include "gateway/net/deadline_wheel.h"

#include <algorithm>
#include <cerrno>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace gateway::net {

namespace {

constexpr std::size_t keptRoom = 1024; ///< of the lists, after a busy pass

SteadyTime clockNow()
{
    return std::chrono::steady_clock::now();
}

template <typename T>
void emptied(std::vector<T> &list)
{
    list.clear();
    if (list.capacity() > keptRoom)
        list.shrink_to_fit();
}

} // namespace

Loop::Loop(DeadlineWheel &wheel)
    : m_wheel(wheel)
    , m_epoll(::epoll_create1(EPOLL_CLOEXEC))
    , m_event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    , m_now(clockNow())
    , m_sweepAt(pipeline::never)
{
    epoll_event wanted {.events = EPOLLIN | EPOLLET, .data = {.ptr = nullptr}};
    if (m_epoll < 0 || m_event < 0 || ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, m_event, &wanted) != 0)
        throw std::system_error(errno, std::generic_category(), "No epoll for a worker");
    m_wheel.onSchedule([this](SteadyTime moment) { m_sweepAt = std::min(m_sweepAt, moment); });
}

Loop::~Loop()
{
    m_wheel.onSchedule({});
    ::close(m_event);
    ::close(m_epoll);
}

void Loop::run()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_thread = std::this_thread::get_id();
    }
    while (!m_ended) {
        if (std::exchange(m_ownJobs, false))
            runJobs();
        runReady();
        tellEvents(timeout());
        sweepIfDue();
    }
}

void Loop::stop()
{
    post([this] { m_ended = true; });
}

void Loop::drop()
{
    std::vector<std::move_only_function<void()>> unrun;
    {
        const std::scoped_lock lock(m_mutex);
        m_dropped = true;
        m_thread = {};
        unrun.swap(m_inbox);
    }
    unrun.clear();
    m_tasks.clear();
    m_ready.clear(); // whom somebody woke on the way is gone as well
    m_later.clear();
}

void Loop::post(std::move_only_function<void()> job)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_dropped)
            return;
        m_inbox.push_back(std::move(job));
        if (m_inbox.size() > 1)
            return; // the first one has woken the loop
        if (m_thread == std::this_thread::get_id()) {
            m_ownJobs = true;
            return;
        }
    }
    // Never read: each write is an edge of its own, and the count has room for ever.
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(m_event, &one, sizeof one);
}

int Loop::timeout() const
{
    if (m_ended || m_ownJobs || !m_ready.empty() || !m_later.empty())
        return 0;
    if (m_sweepAt == pipeline::never)
        return -1;
    constexpr auto longest = std::chrono::hours {1};
    const auto wait = std::clamp<Duration>(m_sweepAt - clockNow(), Duration::zero(), longest);
    return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(wait).count());
}

void Loop::tellEvents(int timeout)
{
    const int count = ::epoll_wait(m_epoll, m_events.data(), static_cast<int>(m_events.size()), timeout);
    m_now = clockNow();
    if (count <= 0)
        return; // a signal, or time for the sweep
    m_untold = std::span(m_events).first(static_cast<std::size_t>(count));
    bool posted = false;
    while (!m_untold.empty()) {
        const epoll_event event = m_untold.front();
        m_untold = m_untold.subspan(1);
        if (event.data.ptr != nullptr)
            static_cast<Watched *>(event.data.ptr)->onEvents(event.events);
        else if (event.events != 0)
            posted = true;
    }
    if (posted)
        runJobs();
}

void Loop::runJobs()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_jobs.swap(m_inbox);
    }
    for (auto &job : m_jobs)
        job();
    emptied(m_jobs);
}

void Loop::runReady()
{
    // Only what is there now: who is resumed may ask for more, and the sockets have their turn in between.
    if (!m_ready.empty()) {
        std::vector<std::coroutine_handle<>> ready = std::exchange(m_ready, {});
        for (const std::coroutine_handle<> who : ready)
            who.resume();
        emptied(ready);
        if (m_ready.empty())
            m_ready = std::move(ready); // its room
    }
    const std::size_t count = m_later.size();
    for (std::size_t i = 0; i < count; ++i) {
        if (Watched *const who = std::exchange(m_later[i], nullptr))
            who->onEvents(0);
    }
    m_later.erase(m_later.begin(), m_later.begin() + static_cast<std::ptrdiff_t>(count));
}

void Loop::sweepIfDue()
{
    if (m_sweepAt > m_now)
        return;
    m_sweepAt = m_wheel.sweep(m_now);
}

bool Loop::watch(int descriptor, Watched &who, std::uint32_t events)
{
    epoll_event wanted {.events = events, .data = {.ptr = &who}};
    return ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, descriptor, &wanted) == 0;
}

void Loop::unwatch(int descriptor)
{
    ::epoll_ctl(m_epoll, EPOLL_CTL_DEL, descriptor, nullptr);
}

void Loop::forget(Watched &who)
{
    for (epoll_event &event : m_untold) {
        if (event.data.ptr == &who)
            event = {};
    }
    std::ranges::replace(m_later, &who, nullptr);
}

} // namespace gateway::net
