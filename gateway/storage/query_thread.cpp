// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/query_thread.h"

#include "gateway/storage/call_log_reader.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <pthread.h>
#include <thread>

namespace gateway::storage {

class QueryThread::Impl
{
public:
    Impl(std::string path, std::string name) : m_path(std::move(path)), m_name(std::move(name)), m_thread([this] { run(); }) {}

    ~Impl()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_ending = true;
            m_waiting.clear();
            m_interrupter.interrupt();
        }
        m_changed.notify_all();
        m_thread.join();
    }

    void ask(std::string lane, Question question)
    {
        constexpr std::size_t waitAtMost = 1000;
        const std::lock_guard lock(m_mutex);
        if (!lane.empty())
            drop(lane);
        if (m_waiting.size() >= waitAtMost)
            m_waiting.pop_front();
        m_waiting.push_back(Job {.lane = std::move(lane), .question = std::move(question)});
        m_changed.notify_one();
    }

    void cancel(std::string_view lane)
    {
        const std::lock_guard lock(m_mutex);
        drop(lane);
    }

private:
    struct Job
    {
        std::string lane;
        Question question;
    };

    /// With the mutex held.
    void drop(std::string_view lane)
    {
        std::erase_if(m_waiting, [&](const Job &job) { return job.lane == lane; });
        if (m_running == lane)
            m_interrupter.interrupt();
    }

    void run()
    {
        pthread_setname_np(pthread_self(), m_name.substr(0, 15).c_str());
        std::unique_ptr<CallLogReader> reader; // opened with the first question, again where that failed
        while (true) {
            Job job;
            {
                std::unique_lock lock(m_mutex);
                m_running.clear();
                m_changed.wait(lock, [this] { return m_ending || !m_waiting.empty(); });
                if (m_ending)
                    break;
                job = std::move(m_waiting.front());
                m_waiting.pop_front();
                m_running = job.lane;
            }
            Error problem;
            if (!reader)
                problem = open(reader);
            job.question(reader.get(), problem);
        }
    }

    Error open(std::unique_ptr<CallLogReader> &reader)
    {
        auto opened = CallLogReader::open(m_path);
        if (!opened)
            return opened.error();
        reader = std::move(*opened);
        const std::lock_guard lock(m_mutex);
        m_interrupter = reader->interrupter();
        return {};
    }

    const std::string m_path;
    const std::string m_name;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Job> m_waiting;
    std::string m_running; ///< the lane of the question that runs; empty: none, or one without a lane
    Interrupter m_interrupter;
    bool m_ending = false;
    std::thread m_thread; ///< last: it uses all of the above
};

QueryThread::QueryThread(std::string path, std::string name) : m_impl(std::make_unique<Impl>(std::move(path), std::move(name))) {}
QueryThread::~QueryThread() = default;
void QueryThread::ask(std::string lane, Question question) { m_impl->ask(std::move(lane), std::move(question)); }
void QueryThread::cancel(std::string_view lane) { m_impl->cancel(lane); }

} // namespace gateway::storage
