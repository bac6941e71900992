// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"

#include <array>
#include <cstdint>
#include <optional>

namespace gateway::state {

/// Counts what happened in the last minute or day, in slices of a thirtieth: what is a whole window old is gone at the
/// latest a slice later, never earlier, so that no window of that length ever holds more than was let in. Not
/// thread-safe; 264 bytes.
class SlidingWindow
{
public:
    explicit SlidingWindow(Duration length) : m_slice(length / slices) {}

    [[nodiscard]] std::int64_t sum(SteadyTime now);
    void add(std::int64_t amount, SteadyTime now);
    /// Corrects what was added at `then` (also to less); nothing where that is a whole window ago.
    void correct(std::int64_t difference, SteadyTime then, SteadyTime now);
    /// How long until `room` more fit under `limit`; nullopt: never, `room` alone is more than it.
    [[nodiscard]] std::optional<Duration> wait(std::int64_t room, std::int64_t limit, SteadyTime now);
    /// How long until nothing is left in it.
    [[nodiscard]] Duration drained(SteadyTime now);

private:
    static constexpr int slices = 30;
    static constexpr int kept = slices + 1; ///< the one that is filling, and a whole window before it

    [[nodiscard]] std::int64_t sliceOf(SteadyTime time) const { return time.time_since_epoch() / m_slice; }
    void advance(std::int64_t slice);
    [[nodiscard]] std::int64_t &at(std::int64_t slice) { return m_counts[static_cast<std::size_t>(slice % kept)]; }

    Duration m_slice;
    std::int64_t m_current = 0; ///< number of the slice that is filling
    std::int64_t m_sum = 0;
    std::array<std::int64_t, kept> m_counts {};
};

} // namespace gateway::state
