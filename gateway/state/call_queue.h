// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gateway::state {

/// Lines of calls that wait while every target is at its limits (config.md, `queue`). One line for each route, bounded; within
/// it the callers take turns, so that one who sends many calls keeps no other waiting.
///
/// One call of each line is at its front. It alone looks for room, whenever it is told to: when it has come to the front, and
/// when something has ended. Once it leaves, for whatever reason, the next one is at the front. Thread-safe; short locks.
class CallQueue
{
public:
    using Tell = std::move_only_function<void()>;

    /// A call's place in its line; leaves it when it is destroyed.
    class Place
    {
    public:
        ~Place();
        Place(const Place &) = delete;
        Place &operator=(const Place &) = delete;

        [[nodiscard]] bool isFront() const;
        /// Calls `tell` once, when it is worth looking; at once where something has happened since the last time. Called from
        /// any thread, under the queue's lock: it may only pass the word on.
        void listen(Tell tell);

    private:
        friend class CallQueue;
        Place(CallQueue &queue, std::uint64_t line, std::uint64_t caller) : m_queue(queue), m_line(line), m_caller(caller) {}

        CallQueue &m_queue;
        std::uint64_t m_line;
        std::uint64_t m_caller;
        Tell m_tell;         ///< guarded
        bool m_in = false;   ///< guarded: stands in its line
        bool m_news = false; ///< guarded: something happened that nobody was told
    };

    CallQueue() = default;
    CallQueue(const CallQueue &) = delete;
    CallQueue &operator=(const CallQueue &) = delete;

    /// @param line    stable number of the route
    /// @param caller  stable number of whose call it is
    /// @param most    how many may be in the line
    /// @return null: the line is full
    [[nodiscard]] std::unique_ptr<Place> enter(std::uint64_t line, std::uint64_t caller, int most);
    /// Whether calls wait in that line: who comes now goes behind them.
    [[nodiscard]] bool hasWaiting(std::uint64_t line) const;
    /// An attempt has ended somewhere: the fronts of all lines look again. Costs one look where nobody waits.
    void roomMade();

    [[nodiscard]] int waiting() const { return m_waiting.load(std::memory_order_relaxed); } ///< in all lines
    [[nodiscard]] std::uint64_t turnedAway() const { return m_turnedAway.load(std::memory_order_relaxed); } ///< by a full line, since the start

private:
    struct Caller
    {
        std::uint64_t id = 0;
        std::deque<Place *> calls;
    };
    struct Line
    {
        std::list<Caller> callers; ///< in the order of their turns
        int size = 0;
        Place *front = nullptr;
    };

    void leave(Place &place);
    void callNext(Line &line);
    static void tell(Place &place);

    mutable std::mutex m_mutex;
    std::unordered_map<std::uint64_t, Line> m_lines;
    std::atomic<int> m_waiting {0};
    std::atomic<std::uint64_t> m_turnedAway {0};
};

} // namespace gateway::state
