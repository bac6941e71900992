// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/net/counters.h"
#include "gateway/net/server_settings.h"
#include "gateway/pipeline/http.h"

#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace gateway::net {

class WorkerCore;
struct SharedNet;

/// One worker as its handler sees it. Everything but post() belongs to the worker's own thread.
class Worker
{
public:
    explicit Worker(WorkerCore &core) : m_core(core) {}
    [[nodiscard]] int index() const;
    /// Runs `job` on this worker, in order. Callable from any thread; after stop() jobs are dropped unrun.
    void post(std::move_only_function<void()> job);
    /// Begins a task that nobody awaits. One that still waits when the worker ends is destroyed then.
    void start(pipeline::Task<void> task);
    [[nodiscard]] pipeline::Upstream &upstream();
    [[nodiscard]] pipeline::Timers &timers();
    [[nodiscard]] WorkerCore &core() { return m_core; } ///< net's own side

private:
    WorkerCore &m_core;
};

struct WorkerPoolOptions
{
    int workers = 0;                                      ///< 0: one for each processor
    Duration upstreamIdle = std::chrono::seconds {55};    ///< pooled connections to providers are closed after it
    std::string extraCaFile {};                           ///< PEM: trusted beside the system's roots (tests, private CAs)
    Duration raceDelay = std::chrono::milliseconds {250}; ///< between two connection attempts (RFC 8305 5)
};

/// The data plane's threads. Owned and driven by the control thread; start, drain and stop block and are called there.
class WorkerPool
{
public:
    /// Makes a worker's handler; called once for each worker on the thread of start(), before its thread runs.
    using HandlerFactory = std::function<std::unique_ptr<pipeline::HttpHandler>(Worker &)>;

    WorkerPool(WorkerPoolOptions options, HandlerFactory factory);
    ~WorkerPool(); ///< stop()
    WorkerPool(const WorkerPool &) = delete;
    WorkerPool &operator=(const WorkerPool &) = delete;

    void start();
    /// No new requests: idle connections close at once, answers say `Connection: close`. Returns when every running
    /// request has ended or `limit` has passed; true: all ended. Close the Listener first.
    bool drain(Duration limit);
    /// Ends what still runs (each request sees its caller gone), joins the threads and destroys the handlers.
    void stop();

    [[nodiscard]] int size() const;
    [[nodiscard]] Worker &worker(int index);
    [[nodiscard]] Counters &counters();
    /// Publishes limits to every worker; Listener::apply does it too. Any thread.
    void publish(const ServerSettings &settings);
    [[nodiscard]] SharedNet &shared() { return *m_shared; } ///< net's own side

private:
    WorkerPoolOptions m_options;
    HandlerFactory m_factory;
    std::shared_ptr<SharedNet> m_shared;
    struct Thread;
    std::vector<std::unique_ptr<Thread>> m_threads;
    bool m_started = false;
};

} // namespace gateway::net
