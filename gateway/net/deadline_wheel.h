// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/pipeline/http.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace gateway::net {

class DeadlineWheel;

/// A moment at which something must have happened. Belongs to one worker; unlinks itself when destroyed.
class Deadline
{
public:
    using Expired = void (*)(void *owner);

    Deadline(DeadlineWheel &wheel, Expired expired, void *owner) : m_wheel(wheel), m_expired(expired), m_owner(owner) {}
    ~Deadline();
    Deadline(const Deadline &) = delete;
    Deadline &operator=(const Deadline &) = delete;

    /// Moves the moment. Later moments cost two stores; pipeline::never takes it away.
    void set(SteadyTime due);
    void clear() { m_due = pipeline::never; }
    [[nodiscard]] SteadyTime due() const { return m_due; }

private:
    friend class DeadlineWheel;
    DeadlineWheel &m_wheel;
    Expired m_expired;
    void *m_owner;
    SteadyTime m_due = pipeline::never;
    std::int64_t m_tick = 0;      ///< where it is linked; meaningful while linked
    Deadline *m_previous = nullptr;
    Deadline *m_next = nullptr;
    bool m_linked = false;
};

/// All deadlines of a worker, in 512 slots of 10 ms. A deadline beyond the last slot is looked at again when the wheel
/// comes there: arming, moving and clearing cost no system call and no search, and an idle worker sleeps.
class DeadlineWheel
{
public:
    static constexpr Duration tick = std::chrono::milliseconds {10};
    /// Called when a deadline needs the sweep at or before this moment, earlier than asked for up to now.
    using Schedule = std::function<void(SteadyTime)>;

    explicit DeadlineWheel(SteadyTime start) : m_start(start) {}
    void onSchedule(Schedule schedule) { m_schedule = std::move(schedule); }

    /// Runs everything that is due. @return the next moment to sweep, or pipeline::never
    SteadyTime sweep(SteadyTime now);
    [[nodiscard]] std::size_t linked() const { return m_linked; }

private:
    friend class Deadline;
    static constexpr std::int64_t slots = 512;

    [[nodiscard]] std::int64_t tickOf(SteadyTime moment) const; ///< rounded up: never early
    [[nodiscard]] SteadyTime momentOf(std::int64_t tickNumber) const { return m_start + tickNumber * tick; }
    void link(Deadline &deadline);
    void unlink(Deadline &deadline);
    SteadyTime nextSweep() const;

    SteadyTime m_start;
    std::int64_t m_swept = 0;  ///< the last tick that was swept
    std::int64_t m_wanted = std::int64_t {1} << 60; ///< the tick that the schedule knows of
    std::size_t m_linked = 0;
    bool m_sweeping = false;
    std::array<Deadline *, slots> m_slots {};
    Schedule m_schedule;
};

} // namespace gateway::net
