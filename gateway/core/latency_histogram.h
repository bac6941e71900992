// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace gateway {

/// Where a duration falls: log-linear buckets over microseconds, eight to a power of two, so a quantile read back is
/// within 6 % of the true one. Values from 0 to about 2.4 hours; larger ones count in the last bucket.
/// The numbering is stored in the call log's roll-ups: never change it.
struct LatencyBuckets
{
    static constexpr std::size_t count = 256;

    [[nodiscard]] static constexpr std::size_t index(std::int64_t micros)
    {
        if (micros < 8)
            return static_cast<std::size_t>(micros < 0 ? 0 : micros);
        const auto value = static_cast<std::uint64_t>(micros);
        const auto exponent = static_cast<std::size_t>(std::bit_width(value)) - 1; // >= 3
        const std::size_t mantissa = (value >> (exponent - 3)) & 7;
        const std::size_t index = (exponent - 2) * 8 + mantissa;
        return index < count ? index : count - 1;
    }

    /// The lower edge of a bucket, in microseconds.
    [[nodiscard]] static constexpr std::int64_t lowerEdge(std::size_t index)
    {
        if (index < 8)
            return static_cast<std::int64_t>(index);
        const std::size_t exponent = index / 8 + 2;
        return static_cast<std::int64_t>((8 + index % 8) << (exponent - 3));
    }

    /// The middle of a bucket, in microseconds: what a quantile answers.
    [[nodiscard]] static constexpr std::int64_t middle(std::size_t index)
    {
        return index + 1 < count ? (lowerEdge(index) + lowerEdge(index + 1)) / 2 : lowerEdge(index);
    }
};

/// Counts of durations, for quantiles. A plain value; not thread-safe (telemetry has its own atomic form).
class LatencyHistogram
{
public:
    void add(std::int64_t micros, std::uint64_t times = 1) { m_counts[LatencyBuckets::index(micros)] += times; }
    void addToBucket(std::size_t index, std::uint64_t times) { m_counts[index] += times; }
    void merge(const LatencyHistogram &other);

    [[nodiscard]] std::uint64_t total() const;
    /// @param q  0 to 1 @return microseconds, or nullopt where nothing was counted
    [[nodiscard]] std::optional<std::int64_t> quantile(double q) const;
    [[nodiscard]] const std::array<std::uint64_t, LatencyBuckets::count> &counts() const { return m_counts; }

private:
    std::array<std::uint64_t, LatencyBuckets::count> m_counts {};
};

} // namespace gateway
