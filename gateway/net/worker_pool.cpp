// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/worker_pool.h"

#include "gateway/net/upstream_client.h"
#include "gateway/net/wheel_timers.h"
#include "gateway/net/worker_core.h"

#include <algorithm>
#include <fmt/format.h>
#include <future>
#include <pthread.h>
#include <signal.h>

namespace gateway::net {

namespace {

/// How long stop() waits for calls that were told to end.
constexpr Duration stopLimit = std::chrono::seconds {5};
constexpr auto pollStep = std::chrono::milliseconds {2};

} // namespace

struct WorkerPool::Thread
{
    std::thread thread;
};

int Worker::index() const
{
    return m_core.index();
}

void Worker::post(std::move_only_function<void()> job)
{
    m_core.post(std::move(job));
}

void Worker::start(pipeline::Task<void> task)
{
    m_core.loop().start(std::move(task));
}

pipeline::Upstream &Worker::upstream()
{
    return m_core.upstream();
}

pipeline::Timers &Worker::timers()
{
    return m_core.timers();
}

WorkerPool::WorkerPool(WorkerPoolOptions options, HandlerFactory factory)
    : m_options(std::move(options))
    , m_factory(std::move(factory))
    , m_shared(std::make_shared<SharedNet>(m_options))
{
    if (m_options.workers <= 0)
        m_options.workers = std::max(1U, std::thread::hardware_concurrency());
    for (int i = 0; i < m_options.workers; ++i)
        m_shared->workers.push_back(std::make_unique<WorkerCore>(*m_shared, i));
}

WorkerPool::~WorkerPool()
{
    stop();
}

void WorkerPool::start()
{
    if (m_started)
        return;
    m_started = true;
    for (const auto &core : m_shared->workers)
        core->setHandler(m_factory(core->face()));
    for (const auto &core : m_shared->workers) {
        auto entry = std::make_unique<Thread>();
        entry->thread = std::thread([worker = core.get()] {
            pthread_setname_np(pthread_self(), fmt::format("worker-{}", worker->index()).c_str());
            // OpenSSL writes without MSG_NOSIGNAL; signals of the process are for its main thread.
            sigset_t blocked;
            sigfillset(&blocked);
            for (const int crash : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP})
                sigdelset(&blocked, crash);
            pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
            worker->run();
        });
        m_threads.push_back(std::move(entry));
    }
}

int WorkerPool::size() const
{
    return static_cast<int>(m_shared->workers.size());
}

Worker &WorkerPool::worker(int index)
{
    return m_shared->workers.at(static_cast<std::size_t>(index))->face();
}

Counters &WorkerPool::counters()
{
    return m_shared->counters;
}

void WorkerPool::publish(const ServerSettings &settings)
{
    const auto snapshot = std::make_shared<const ServerSettings>(settings);
    for (const auto &core : m_shared->workers)
        core->post([worker = core.get(), snapshot] { worker->setSettings(snapshot); });
}

bool WorkerPool::drain(Duration limit)
{
    if (!m_started)
        return true;
    std::vector<std::future<void>> begun;
    for (const auto &core : m_shared->workers) {
        auto done = std::make_shared<std::promise<void>>();
        begun.push_back(done->get_future());
        core->post([worker = core.get(), done] {
            worker->beginDrain();
            done->set_value();
        });
    }
    const SteadyTime until = std::chrono::steady_clock::now() + limit;
    for (auto &future : begun)
        future.wait_until(until);
    while (counters().runningRequests.load() > 0) {
        if (std::chrono::steady_clock::now() >= until)
            return false;
        std::this_thread::sleep_for(pollStep);
    }
    return true;
}

void WorkerPool::stop()
{
    if (m_threads.empty())
        return;
    for (const auto &core : m_shared->workers)
        core->post([worker = core.get()] { worker->abortAll(); });
    const SteadyTime until = std::chrono::steady_clock::now() + stopLimit;
    const auto allGone = [this] {
        return std::ranges::all_of(m_shared->workers, [](const auto &core) { return core->isIdle(); });
    };
    while (!allGone() && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(pollStep);
    m_shared->resolver.stop();
    // Behind everything that was posted up to now.
    for (const auto &core : m_shared->workers)
        core->post([worker = core.get()] {
            worker->upstream().closeIdle();
            worker->loop().stop();
        });
    for (const auto &entry : m_threads)
        entry->thread.join();
    m_threads.clear();
    for (const auto &core : m_shared->workers)
        core->end();
}

} // namespace gateway::net
