// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/single_flight.h"

#include <utility>

namespace gateway::state {

SingleFlight::Seat::~Seat()
{
    m_flights.leave(*this);
}

SingleFlight::Role SingleFlight::Seat::role() const
{
    const std::lock_guard lock(m_flights.shardOf(m_key).mutex);
    return m_role;
}

SharedAnswer SingleFlight::Seat::answer() const
{
    const std::lock_guard lock(m_flights.shardOf(m_key).mutex);
    return m_landing.answer;
}

std::optional<double> SingleFlight::Seat::similarity() const
{
    const std::lock_guard lock(m_flights.shardOf(m_key).mutex);
    return m_landing.similarity;
}

void SingleFlight::Seat::listen(Tell tell)
{
    const std::lock_guard lock(m_flights.shardOf(m_key).mutex);
    if (m_role == Role::Waits)
        m_tell = std::move(tell);
    else
        tell();
}

void SingleFlight::Seat::land(SharedAnswer answer, std::optional<double> similarity)
{
    m_flights.end(*this, Role::Landed, {.answer = std::move(answer), .similarity = similarity});
}

void SingleFlight::Seat::dissolve()
{
    m_flights.end(*this, Role::Alone, {});
}

std::unique_ptr<SingleFlight::Seat> SingleFlight::board(const AnswerKey &key)
{
    std::unique_ptr<Seat> seat(new Seat(*this, key)); // outlives the lock: it takes it where it leaves
    Shard &shard = shardOf(key);
    const std::lock_guard lock(shard.mutex);
    const auto [flight, isNew] = shard.flights.try_emplace(key);
    if (isNew) {
        flight->second.leader = seat.get();
        seat->m_role = Role::Leads;
        return seat;
    }
    if (flight->second.waiting.size() >= m_limits.waitersAFlight || m_waiting.load(std::memory_order_relaxed) >= m_limits.waiters) {
        m_turnedAway.fetch_add(1, std::memory_order_relaxed);
        return seat;
    }
    seat->m_place = flight->second.waiting.insert(flight->second.waiting.end(), seat.get());
    seat->m_role = Role::Waits;
    m_waiting.fetch_add(1, std::memory_order_relaxed);
    return seat;
}

void SingleFlight::leave(Seat &seat)
{
    Shard &shard = shardOf(seat.m_key);
    const std::lock_guard lock(shard.mutex);
    if (seat.m_role != Role::Leads && seat.m_role != Role::Waits)
        return;
    const auto flight = shard.flights.find(seat.m_key);
    if (seat.m_role == Role::Waits) {
        flight->second.waiting.erase(seat.m_place);
        m_waiting.fetch_sub(1, std::memory_order_relaxed);
        return;
    }
    if (flight->second.waiting.empty()) {
        shard.flights.erase(flight);
        return;
    }
    Seat &next = *flight->second.waiting.front();
    flight->second.waiting.pop_front();
    flight->second.leader = &next;
    tell(next, Role::Leads, {});
}

void SingleFlight::end(Seat &leader, Role role, const Seat::Landing &landing)
{
    Shard &shard = shardOf(leader.m_key);
    const std::lock_guard lock(shard.mutex);
    if (leader.m_role != Role::Leads)
        return;
    leader.m_role = role;
    leader.m_landing = landing;
    const auto flight = shard.flights.find(leader.m_key);
    for (Seat *seat : flight->second.waiting)
        tell(*seat, role, landing);
    shard.flights.erase(flight);
}

/// Of one who waited until now.
void SingleFlight::tell(Seat &seat, Role role, const Seat::Landing &landing)
{
    m_waiting.fetch_sub(1, std::memory_order_relaxed);
    m_shared.fetch_add(role == Role::Landed ? 1 : 0, std::memory_order_relaxed);
    seat.m_role = role;
    seat.m_landing = landing;
    if (Tell told = std::exchange(seat.m_tell, nullptr))
        told();
}

} // namespace gateway::state
