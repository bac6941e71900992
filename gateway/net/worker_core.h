// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/net/buffer_pool.h"
#include "gateway/net/channel.h"
#include "gateway/net/counters.h"
#include "gateway/net/deadline_wheel.h"
#include "gateway/net/loop.h"
#include "gateway/net/resolver.h"
#include "gateway/net/server_settings.h"
#include "gateway/net/tls.h"
#include "gateway/net/upstream_slots.h"
#include "gateway/net/worker_pool.h"
#include "gateway/pipeline/http.h"

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

namespace gateway::net {

class ServerConnection;
class UpstreamClient;
class WheelTimers;

/// What all workers share. Every member is thread-safe, or fixed before the workers start.
struct SharedNet
{
    explicit SharedNet(WorkerPoolOptions theOptions);

    WorkerPoolOptions options;
    Counters counters;
    UpstreamSlots slots;
    Resolver resolver;
    SslContext clientTls;   ///< null where it could not be made
    std::string tlsProblem; ///< why
    std::vector<std::unique_ptr<WorkerCore>> workers;
};

/// One worker's insides: its loop and all that connections and calls on it share. Everything but post() and the public
/// atomics is used on the worker's thread only.
class WorkerCore
{
public:
    WorkerCore(SharedNet &shared, int index);
    ~WorkerCore();

    [[nodiscard]] int index() const { return m_index; }
    [[nodiscard]] Loop &loop() { return m_loop; }
    void post(std::move_only_function<void()> job) { m_loop.post(std::move(job)); }
    void run() { m_loop.run(); } ///< the thread's body: returns after loop().stop()
    /// Destroys what still waits in the loop, then the handler that it may refer to. After run() has returned.
    void end();

    [[nodiscard]] SharedNet &shared() { return m_shared; }
    [[nodiscard]] Counters &counters() { return m_shared.counters; }
    [[nodiscard]] BufferPool &buffers() { return m_buffers; }
    [[nodiscard]] DeadlineWheel &wheel() { return m_wheel; }
    [[nodiscard]] UpstreamClient &upstream() { return *m_upstream; }
    [[nodiscard]] pipeline::Timers &timers();
    [[nodiscard]] Worker &face() { return m_face; }

    void setHandler(std::unique_ptr<pipeline::HttpHandler> handler) { m_handler = std::move(handler); }
    [[nodiscard]] pipeline::HttpHandler &handler() { return *m_handler; }
    [[nodiscard]] bool isIdle() const { return connections.load() == 0 && (!m_handler || m_handler->isIdle()); } ///< any thread, once it runs

    [[nodiscard]] const std::shared_ptr<const ServerSettings> &settings() const { return m_settings; }
    void setSettings(std::shared_ptr<const ServerSettings> settings) { m_settings = std::move(settings); }

    /// Serves a connection that was accepted and does not block; `tls` null: plain. Takes the descriptor.
    void adopt(int descriptor, const SslContext &tls);
    void enter(ServerConnection &connection);
    void leave(ServerConnection &connection);
    void beginDrain();
    [[nodiscard]] bool draining() const { return m_draining; }
    /// Ends every connection; the coroutines end soon after.
    void abortAll();

    [[nodiscard]] std::string_view dateLine(); ///< "Date: ...\r\n", made once a second

    std::atomic<int> connections {0}; ///< open ones on this worker, and those on their way to it

private:
    SharedNet &m_shared;
    int m_index;
    // Before the loop: what waits in it uses these up to its own end.
    BufferPool m_buffers;
    DeadlineWheel m_wheel;
    Loop m_loop;
    std::shared_ptr<const ServerSettings> m_settings;
    std::unique_ptr<UpstreamClient> m_upstream;
    std::unique_ptr<WheelTimers> m_timers;
    std::unique_ptr<pipeline::HttpHandler> m_handler;
    Worker m_face;
    ServerConnection *m_first = nullptr;
    bool m_draining = false;
    std::string m_date;
    std::int64_t m_dateSecond = -1;
};

} // namespace gateway::net
