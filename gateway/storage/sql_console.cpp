// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/sql_console.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <sqlite3.h>
#include <thread>

namespace gateway::storage {

namespace {

constexpr std::chrono::milliseconds progressEvery {100};

} // namespace

class SqlConsole::Impl
{
public:
    explicit Impl(std::string path) : m_path(std::move(path)), m_thread([this] { work(); }) {}

    ~Impl()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_ending = true;
            m_next.reset();
            stop();
        }
        m_changed.notify_all();
        m_thread.join();
    }

    void ask(Order order)
    {
        const std::lock_guard lock(m_mutex);
        m_superseded = true; // of what runs; what waits is replaced
        m_next = std::move(order);
        stop();
        m_changed.notify_one();
    }

    void cancel()
    {
        std::optional<Order> waiting;
        {
            const std::lock_guard lock(m_mutex);
            waiting = std::exchange(m_next, std::nullopt);
            if (!waiting && m_running)
                stop();
        }
        if (waiting)
            waiting->done(std::unexpected(SqlProblem {.code = ErrorCode::Cancelled, .message = "The query was cancelled."}));
    }

private:
    /// Under the lock. The flag ends a query between two steps of SQLite's, the interrupt within some of them.
    void stop()
    {
        m_stop = true;
        if (m_session && m_running)
            sqlite3_interrupt(m_session->handle());
    }

    void work()
    {
        pthread_setname_np(pthread_self(), "query-sql");
        while (auto order = next()) {
            SqlOutcome outcome = answer(*order);
            {
                const std::lock_guard lock(m_mutex);
                m_running = false;
                if (m_superseded || m_ending)
                    continue;
            }
            order->done(std::move(outcome));
        }
        const std::lock_guard lock(m_mutex);
        m_session.reset(); // where it was opened
    }

    std::optional<Order> next()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_ending || m_next; });
        if (m_ending)
            return std::nullopt;
        m_stop = m_superseded = false;
        m_running = true;
        return std::exchange(m_next, std::nullopt);
    }

    SqlOutcome answer(const Order &order)
    {
        if (!m_session) {
            auto opened = SqlSession::open(m_path);
            if (!opened)
                return std::unexpected(SqlProblem {.code = opened.error().code, .message = opened.error().message});
            const std::lock_guard lock(m_mutex);
            m_session = std::move(*opened);
        }
        std::chrono::microseconds told {};
        return m_session->run(order.question, order.timeZone, order.limits, [&](const SqlProgress &progress) {
            if (order.progress && progress.elapsed - told >= progressEvery) {
                told = progress.elapsed;
                order.progress(progress);
            }
            return !m_stop;
        });
    }

    const std::string m_path;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::optional<Order> m_next;
    std::unique_ptr<SqlSession> m_session; ///< made and ended on the thread, under the lock
    bool m_running = false;
    bool m_superseded = false;             ///< a newer one came
    bool m_ending = false;
    std::atomic<bool> m_stop = false;
    std::thread m_thread;                  ///< last: it uses all of the above
};

SqlConsole::SqlConsole(std::string path) : m_impl(std::make_unique<Impl>(std::move(path))) {}
SqlConsole::~SqlConsole() = default;
void SqlConsole::ask(Order order) { m_impl->ask(std::move(order)); }
void SqlConsole::cancel() { m_impl->cancel(); }

} // namespace gateway::storage
