// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/replay.h"
#include "gateway/routing/past_figures.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace gateway::routing {

/// One target on a call's way, and what it does to the call.
struct Stay
{
    enum class End : std::uint8_t { Estimated, Ok, Failed } end = End::Estimated;
    std::uint32_t target = 0;     ///< into PastFigures
    std::optional<Money> cost {}; ///< where it answers; nullopt: unknown
    double okSeconds = 0;         ///< where it answers: the mean of such visits
    double okSpread = 0;          ///< their standard deviation; 0: it is known
    double failedSeconds = 0;
};

/// The 95th percentile of calls' times. Where a time is only estimated it is drawn, since a percentile of means would be too
/// small: whether each target answers, and after how long, log-normally spread as such visits were. That is done in several
/// lives, each with a past as it might as well have been (PastFigures::draw); how far they differ is the estimate's width.
/// Bounded memory: times are counted in steps of 3 %.
class DrawnTimes
{
public:
    explicit DrawnTimes(std::uint64_t seed);

    void addWas(double seconds) { m_was.add(seconds); }
    /// @param call  its number: of what is drawn for it
    void addExpected(std::span<const Stay> way, std::uint64_t call, const PastFigures &past);

    [[nodiscard]] double was() const { return m_was.percentile(nullptr); }
    [[nodiscard]] Estimate expected() const;

private:
    static constexpr std::size_t lives = 20;

    class Counts
    {
    public:
        void add(double seconds);
        /// @param others  counted with these
        [[nodiscard]] double percentile(const Counts *others) const;

    private:
        static constexpr std::size_t steps = 512; ///< from a millisecond to an hour
        std::array<std::uint32_t, steps> m_calls {};
        std::uint64_t m_all = 0;
    };
    struct Life
    {
        Counts counts;
        std::vector<PastFigures::Draw> past; ///< by target
    };

    [[nodiscard]] const PastFigures::Draw &drawnPast(std::size_t life, std::uint32_t target, const PastFigures &past);
    [[nodiscard]] double secondsOf(const Stay &stay, double shift, std::uint64_t random) const;

    const std::uint64_t m_seed;
    std::array<double, 4096> m_normal; ///< numbers of the standard normal distribution, to choose one of
    Counts m_was, m_certain;           ///< m_certain: of ways on which nothing is estimated, the same in every life
    std::array<Life, lives> m_lives;
};

} // namespace gateway::routing
