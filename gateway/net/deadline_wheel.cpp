// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/deadline_wheel.h"

#include <algorithm>

namespace gateway::net {

namespace {
constexpr std::int64_t noTick = std::int64_t {1} << 60;
}

Deadline::~Deadline()
{
    if (m_linked)
        m_wheel.unlink(*this);
}

void Deadline::set(SteadyTime due)
{
    m_due = due;
    if (due == pipeline::never)
        return; // dropped when the wheel comes by
    if (m_linked) {
        if (m_wheel.tickOf(due) >= m_tick)
            return; // looked at in time where it is
        m_wheel.unlink(*this);
    }
    m_wheel.link(*this);
}

std::int64_t DeadlineWheel::tickOf(SteadyTime moment) const
{
    const auto since = std::max(moment - m_start, Duration::zero());
    return (since.count() + tick.count() - 1) / tick.count();
}

void DeadlineWheel::link(Deadline &deadline)
{
    if (m_linked == 0 && !m_sweeping) {
        // The wheel stood still: ticks that nobody waited for are not walked through.
        m_swept = std::max(m_swept, tickOf(std::chrono::steady_clock::now()) - 1);
    }
    deadline.m_tick = std::clamp(tickOf(deadline.m_due), m_swept + 1, m_swept + slots - 1);
    Deadline *&slot = m_slots[static_cast<std::size_t>(deadline.m_tick % slots)];
    deadline.m_previous = nullptr;
    deadline.m_next = slot;
    if (slot != nullptr)
        slot->m_previous = &deadline;
    slot = &deadline;
    deadline.m_linked = true;
    ++m_linked;
    if (!m_sweeping && deadline.m_tick < m_wanted) {
        m_wanted = deadline.m_tick;
        if (m_schedule)
            m_schedule(momentOf(deadline.m_tick));
    }
}

void DeadlineWheel::unlink(Deadline &deadline)
{
    if (deadline.m_previous != nullptr)
        deadline.m_previous->m_next = deadline.m_next;
    else
        m_slots[static_cast<std::size_t>(deadline.m_tick % slots)] = deadline.m_next;
    if (deadline.m_next != nullptr)
        deadline.m_next->m_previous = deadline.m_previous;
    deadline.m_linked = false;
    --m_linked;
}

SteadyTime DeadlineWheel::sweep(SteadyTime now)
{
    m_sweeping = true;
    const std::int64_t until = std::max(m_swept, (now - m_start).count() / tick.count());
    // More than a whole turn late: every slot once.
    std::int64_t from = std::max(m_swept + 1, until - slots + 1);
    for (; from <= until; ++from) {
        m_swept = from;
        Deadline *&slot = m_slots[static_cast<std::size_t>(from % slots)];
        // Taken one by one: whatever runs may unlink any other.
        while (slot != nullptr) {
            Deadline &deadline = *slot;
            unlink(deadline);
            if (deadline.m_due == pipeline::never)
                continue;
            if (deadline.m_due > now) {
                link(deadline); // m_swept is this tick: it goes to a later slot
                continue;
            }
            deadline.m_due = pipeline::never;
            deadline.m_expired(deadline.m_owner);
        }
    }
    m_swept = std::max(m_swept, until);
    m_sweeping = false;
    const SteadyTime next = nextSweep();
    m_wanted = next == pipeline::never ? noTick : tickOf(next);
    return next;
}

SteadyTime DeadlineWheel::nextSweep() const
{
    if (m_linked == 0)
        return pipeline::never;
    for (std::int64_t number = m_swept + 1; number < m_swept + slots; ++number) {
        if (m_slots[static_cast<std::size_t>(number % slots)] != nullptr)
            return momentOf(number);
    }
    return momentOf(m_swept + slots);
}

} // namespace gateway::net
