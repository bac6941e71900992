// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/cached_answer.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace gateway::state {

/// Calls that ask the same at the same time: one of them, the flight's leader, asks; the others wait for its answer. A
/// leader that leaves without one, because it failed or its caller is gone, hands over to the next. Bounded: who finds no
/// seat asks by itself. Thread-safe; short locks, and never one over a wait.
class SingleFlight
{
public:
    using Tell = std::move_only_function<void()>;

    struct Limits
    {
        std::size_t waitersAFlight = 1'000;
        std::size_t waiters = 20'000; ///< in all flights, about
    };

    enum class Role : std::uint8_t {
        Leads,  ///< asks, and then lands or dissolves the flight
        Waits,
        Landed, ///< answer() is there
        Alone   ///< asks for itself: there was no seat, or there is nothing to share
    };

    /// A call's place in a flight; leaves it when it is destroyed.
    class Seat
    {
    public:
        ~Seat();
        Seat(const Seat &) = delete;
        Seat &operator=(const Seat &) = delete;

        [[nodiscard]] Role role() const;
        [[nodiscard]] SharedAnswer answer() const; ///< of a flight that has landed; else null
        [[nodiscard]] std::optional<double> similarity() const; ///< of the question to that which the answer was given to; nullopt: it is the same
        /// Calls `tell` once, when the role is no longer Waits; at once where it is not. Called from any thread, under the
        /// flights' lock: it may only pass the word on.
        void listen(Tell tell);

        /// The leader has an answer: all who wait get it.
        /// @param similarity  where it is the answer to another question, much like the leader's
        void land(SharedAnswer answer, std::optional<double> similarity = {});
        /// The leader has one that cannot be shared, and the next would have no other: all who wait ask by themselves.
        void dissolve();

    private:
        friend class SingleFlight;
        /// What a flight lands with.
        struct Landing
        {
            SharedAnswer answer {};
            std::optional<double> similarity {};
        };
        Seat(SingleFlight &flights, const AnswerKey &key) : m_flights(flights), m_key(key) {}

        SingleFlight &m_flights;
        AnswerKey m_key;
        Role m_role = Role::Alone; ///< guarded, as all below
        Landing m_landing;
        Tell m_tell;
        std::list<Seat *>::iterator m_place; ///< among those who wait; meaningful while it does
    };

    SingleFlight() : SingleFlight(Limits {}) {}
    explicit SingleFlight(Limits limits) : m_limits(limits) {}
    SingleFlight(const SingleFlight &) = delete;
    SingleFlight &operator=(const SingleFlight &) = delete;

    /// @return a seat that leads, waits or is alone; never null
    [[nodiscard]] std::unique_ptr<Seat> board(const AnswerKey &key);

    [[nodiscard]] std::size_t waiting() const { return m_waiting.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t shared() const { return m_shared.load(std::memory_order_relaxed); }         ///< answers given to who waited, since the start
    [[nodiscard]] std::uint64_t turnedAway() const { return m_turnedAway.load(std::memory_order_relaxed); } ///< for want of a seat, since the start

private:
    struct Flight
    {
        Seat *leader = nullptr;
        std::list<Seat *> waiting; ///< who came first is first
    };
    struct Shard
    {
        std::mutex mutex;
        std::unordered_map<AnswerKey, Flight, AnswerKeyHash> flights; ///< guarded
    };
    static constexpr std::size_t shardCount = 16;

    Shard &shardOf(const AnswerKey &key) { return m_shards[std::to_integer<std::size_t>(key[0]) % shardCount]; }
    void leave(Seat &seat);
    void end(Seat &leader, Role role, const Seat::Landing &landing);
    void tell(Seat &seat, Role role, const Seat::Landing &landing);

    Limits m_limits;
    std::array<Shard, shardCount> m_shards;
    std::atomic<std::size_t> m_waiting {0};
    std::atomic<std::uint64_t> m_shared {0}, m_turnedAway {0};
};

} // namespace gateway::state
