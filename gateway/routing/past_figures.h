// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/past_call.h"
#include "gateway/routing/health_view.h"

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gateway::routing {

/// How targets have done in the past, by the log's sums; for plans it stands in the place of health: nothing rests, balance
/// nodes see the past's figures. One thread.
class PastFigures final : public HealthView
{
public:
    struct Target
    {
        std::string provider, model;
        TargetPast streams {}, whole {};
        [[nodiscard]] std::uint64_t ok() const { return streams.ok + whole.ok; }
        [[nodiscard]] std::uint64_t failed() const { return streams.failed + whole.failed; }
        [[nodiscard]] std::uint64_t visits() const { return ok() + failed(); }
    };

    explicit PastFigures(const std::vector<TargetPast> &past);

    /// The target's number, from 0; one that the past does not know gets the next.
    [[nodiscard]] std::uint32_t indexOf(std::string_view provider, std::string_view model);
    [[nodiscard]] const Target &at(std::uint32_t index) const { return m_targets[index]; }
    [[nodiscard]] std::size_t size() const { return m_targets.size(); }

    /// The chance that a visit fails, as expected from those that did: (failed + 1/2) / (visits + 1), Jeffreys' prior.
    [[nodiscard]] double failure(std::uint32_t index) const;
    /// Seconds that a visit that is ok takes for so many output tokens: the least squares' line, or the mean where few visits or
    /// ones all alike give none; never less than nothing.
    [[nodiscard]] double okSeconds(std::uint32_t index, bool stream, double tokens) const;
    /// How far from that such visits were: their standard deviation.
    [[nodiscard]] double okSpread(std::uint32_t index, bool stream) const { return lineFor(index, stream).spread; }
    [[nodiscard]] double failedSeconds(std::uint32_t index, bool stream) const;

    /// What the past might as well have been: for intervals.
    struct Draw
    {
        double failure = 0;
        double shift = 0; ///< of okSeconds, in seconds
    };
    [[nodiscard]] Draw draw(std::uint32_t index, std::mt19937_64 &random) const;

    // HealthView
    [[nodiscard]] std::optional<Rest> resting(const Subject &, SteadyTime) const override { return std::nullopt; }
    [[nodiscard]] bool claimProbe(const Subject &, SteadyTime) override { return true; }
    [[nodiscard]] Figures figures(const Subject &subject, SteadyTime now) const override;

private:
    struct Line
    {
        double base = 0, slope = 0;
        double spread = 0;    ///< of visits about it, in seconds
        double meanError = 0; ///< of the height at the mean, in seconds
    };
    [[nodiscard]] const Line &lineFor(std::uint32_t index, bool stream) const;
    [[nodiscard]] static Line lineOf(const TargetPast &past);
    [[nodiscard]] static std::uint64_t keyOf(std::uint64_t provider, std::uint64_t model);
    struct Lines { Line streams, whole, both; };

    std::vector<Target> m_targets;
    std::vector<Lines> m_lines;
    std::unordered_map<std::uint64_t, std::uint32_t> m_byKey;
};

} // namespace gateway::routing
