// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/detached_tasks.h"
#include "gateway/pipeline/http.h"

#include <atomic>
#include <list>
#include <utility>

namespace gateway::pipeline {

/// Calls of one worker that no connection waits for, such as shadows: so that they end when the worker does.
class SideCalls
{
public:
    /// One such call, as long as it lives. On the worker.
    class Entry
    {
    public:
        /// @param cancel  ends the call; outlives this
        Entry(SideCalls &all, CancelSource &cancel) : m_all(all), m_place(all.m_calls.insert(all.m_calls.end(), &cancel)) { m_all.m_count.fetch_add(1); }
        ~Entry()
        {
            m_all.m_calls.erase(m_place);
            m_all.m_count.fetch_sub(1);
        }
        Entry(const Entry &) = delete;
        Entry &operator=(const Entry &) = delete;

    private:
        SideCalls &m_all;
        std::list<CancelSource *>::iterator m_place;
    };

    /// Runs one, which holds its entry. On the worker.
    void run(Task<void> call) { m_tasks.add(std::move(call)); }

    /// Ends them all, soon. On the worker.
    void cancelAll()
    {
        for (CancelSource *call : m_calls)
            call->cancel();
    }
    [[nodiscard]] bool isEmpty() const { return m_count.load() == 0; } ///< any thread

private:
    std::list<CancelSource *> m_calls;
    std::atomic<int> m_count {0};
    DetachedTasks m_tasks; ///< last: entries are in their frames
};

} // namespace gateway::pipeline
