// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/drawn_times.h"

#include "gateway/routing/random.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gateway::routing {

namespace {

constexpr double shortest = 1e-3;  // seconds: of the first step
constexpr double stepWidth = 1.03;
constexpr double share = 0.95;
constexpr double borders = 1.96;   // standard deviations within which 95 of 100 cases are
constexpr std::uint64_t normalSalt = 0x6e6f726d;
constexpr std::uint64_t pastSalt = 0x70617374;

double unit(std::uint64_t random)
{
    return static_cast<double>(random >> 11) * 0x1p-53;
}

} // namespace

void DrawnTimes::Counts::add(double seconds)
{
    static const double width = std::log(stepWidth);
    const double step = seconds <= shortest ? 0 : std::log(seconds / shortest) / width;
    ++m_calls[std::min(static_cast<std::size_t>(step), steps - 1)];
    ++m_all;
}

double DrawnTimes::Counts::percentile(const Counts *others) const
{
    const std::uint64_t all = m_all + (others ? others->m_all : 0);
    if (all == 0)
        return 0;
    const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(all)));
    std::uint64_t below = 0;
    for (std::size_t step = 0; step < steps; ++step) {
        const std::uint64_t here = m_calls[step] + (others ? others->m_calls[step] : 0);
        if (below + here >= wanted) // within a step they are taken as evenly spread
            return shortest * std::pow(stepWidth, static_cast<double>(step) + static_cast<double>(wanted - below) / static_cast<double>(here));
        below += here;
    }
    return 0; // not reached: all are in some step
}

DrawnTimes::DrawnTimes(std::uint64_t seed) : m_seed(seed)
{
    Random random(normalSalt);
    for (std::size_t i = 0; i < m_normal.size(); i += 2) { // Box and Muller
        const double length = std::sqrt(-2 * std::log(1 - unit(random.next())));
        const double angle = 2 * std::numbers::pi * unit(random.next());
        m_normal[i] = length * std::cos(angle);
        m_normal[i + 1] = length * std::sin(angle);
    }
}

const PastFigures::Draw &DrawnTimes::drawnPast(std::size_t life, std::uint32_t target, const PastFigures &past)
{
    std::vector<PastFigures::Draw> &drawn = m_lives[life].past;
    while (drawn.size() <= target) {
        const auto next = static_cast<std::uint32_t>(drawn.size());
        std::mt19937_64 random(Random::mixed(m_seed ^ pastSalt ^ Random::mixed(life << 32 | next)));
        drawn.push_back(past.draw(next, random));
    }
    return drawn[target];
}

double DrawnTimes::secondsOf(const Stay &stay, double shift, std::uint64_t random) const
{
    const double mean = std::max(stay.okSeconds + shift, shortest);
    if (stay.okSpread <= 0)
        return mean;
    const double variance = std::log1p(stay.okSpread * stay.okSpread / (mean * mean));
    return std::exp(std::log(mean) - variance / 2 + std::sqrt(variance) * m_normal[random % m_normal.size()]);
}

void DrawnTimes::addExpected(std::span<const Stay> way, std::uint64_t call, const PastFigures &past)
{
    double certain = 0;
    std::size_t behind = 0; // the stays before it have ended as they will end again
    for (; behind < way.size() && way[behind].end == Stay::End::Failed; ++behind)
        certain += way[behind].failedSeconds;
    if (behind == way.size() || way[behind].end == Stay::End::Ok)
        return m_certain.add(certain + (behind == way.size() ? 0 : way[behind].okSeconds));
    Random random(Random::mixed(m_seed ^ Random::mixed(call)));
    for (std::size_t life = 0; life < lives; ++life) {
        double seconds = certain;
        for (const Stay &stay : way.subspan(behind)) {
            const bool estimated = stay.end == Stay::End::Estimated;
            const PastFigures::Draw drawn = estimated ? drawnPast(life, stay.target, past) : PastFigures::Draw {.failure = stay.end == Stay::End::Failed ? 1.0 : 0.0};
            if (unit(random.next()) < drawn.failure) {
                seconds += stay.failedSeconds;
                continue;
            }
            seconds += estimated ? secondsOf(stay, drawn.shift, random.next()) : stay.okSeconds;
            break;
        }
        m_lives[life].counts.add(seconds);
    }
}

Estimate DrawnTimes::expected() const
{
    std::array<double, lives> values {};
    double mean = 0;
    for (std::size_t life = 0; life < lives; ++life)
        mean += (values[life] = m_lives[life].counts.percentile(&m_certain)) / lives;
    double squares = 0;
    for (const double value : values)
        squares += (value - mean) * (value - mean);
    const double deviation = std::sqrt(squares / (lives - 1));
    return {.value = mean, .low = std::max(mean - borders * deviation, 0.0), .high = mean + borders * deviation};
}

} // namespace gateway::routing
