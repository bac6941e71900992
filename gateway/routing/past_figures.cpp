// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/past_figures.h"

#include "gateway/routing/plan.h"
#include "gateway/routing/random.h"

#include <algorithm>
#include <cmath>

namespace gateway::routing {

namespace {

constexpr std::uint64_t enoughForALine = 30;
constexpr std::uint64_t enoughForItself = 5; // visits; below, streams and whole answers are taken together

TargetPast sumOf(const PastFigures::Target &target)
{
    TargetPast both = target.streams;
    both += target.whole;
    return both;
}

} // namespace

PastFigures::PastFigures(const std::vector<TargetPast> &past)
{
    for (const TargetPast &each : past) {
        const std::uint32_t index = indexOf(each.provider, each.model);
        (each.stream ? m_targets[index].streams : m_targets[index].whole) += each;
    }
    for (std::size_t i = 0; i < m_targets.size(); ++i)
        m_lines[i] = {.streams = lineOf(m_targets[i].streams), .whole = lineOf(m_targets[i].whole), .both = lineOf(sumOf(m_targets[i]))};
}

std::uint64_t PastFigures::keyOf(std::uint64_t provider, std::uint64_t model)
{
    return Random::mixed(provider) ^ model;
}

std::uint32_t PastFigures::indexOf(std::string_view provider, std::string_view model)
{
    const auto [found, isNew] = m_byKey.try_emplace(keyOf(stableId(provider), stableId(model)), static_cast<std::uint32_t>(m_targets.size()));
    if (isNew) {
        m_targets.push_back({.provider = std::string(provider), .model = std::string(model)});
        m_lines.emplace_back();
    }
    return found->second;
}

PastFigures::Line PastFigures::lineOf(const TargetPast &past)
{
    if (past.ok == 0)
        return {};
    const auto n = static_cast<double>(past.ok);
    const double meanTokens = past.tokens / n;
    const double meanSeconds = past.seconds / n;
    const double spreadTokens = past.tokensSquared / n - meanTokens * meanTokens;
    double spreadSeconds = std::max(past.secondsSquared / n - meanSeconds * meanSeconds, 0.0);
    Line line {.base = meanSeconds};
    if (past.ok >= enoughForALine && spreadTokens > 1) {
        const double together = past.product / n - meanTokens * meanSeconds;
        if (together > 0) { // longer answers that come sooner are chance
            line.slope = together / spreadTokens;
            line.base = meanSeconds - line.slope * meanTokens;
            spreadSeconds = std::max(spreadSeconds - line.slope * together, 0.0);
        }
    }
    line.spread = std::sqrt(spreadSeconds);
    line.meanError = line.spread / std::sqrt(n);
    return line;
}

double PastFigures::failure(std::uint32_t index) const
{
    const Target &target = m_targets[index];
    return (static_cast<double>(target.failed()) + 0.5) / (static_cast<double>(target.visits()) + 1);
}

const PastFigures::Line &PastFigures::lineFor(std::uint32_t index, bool stream) const
{
    const Target &target = m_targets[index];
    const Lines &lines = m_lines[index];
    const bool itself = (stream ? target.streams : target.whole).ok >= enoughForItself;
    return !itself ? lines.both : stream ? lines.streams : lines.whole;
}

double PastFigures::okSeconds(std::uint32_t index, bool stream, double tokens) const
{
    const Line &line = lineFor(index, stream);
    return std::max(line.base + line.slope * tokens, 0.0);
}

double PastFigures::failedSeconds(std::uint32_t index, bool stream) const
{
    const Target &target = m_targets[index];
    const TargetPast &own = stream ? target.streams : target.whole;
    if (own.failed >= enoughForItself)
        return own.failedSeconds / static_cast<double>(own.failed);
    return target.failed() == 0 ? 0 : (target.streams.failedSeconds + target.whole.failedSeconds) / static_cast<double>(target.failed());
}

PastFigures::Draw PastFigures::draw(std::uint32_t index, std::mt19937_64 &random) const
{
    const Target &target = m_targets[index];
    std::gamma_distribution<double> failed(static_cast<double>(target.failed()) + 0.5);
    std::gamma_distribution<double> ok(static_cast<double>(target.ok()) + 0.5);
    const double some = failed(random);
    const double others = ok(random);
    std::normal_distribution<double> shift(0, std::max(m_lines[index].both.meanError, 1e-12));
    return {.failure = some / (some + others), .shift = shift(random)};
}

Figures PastFigures::figures(const Subject &subject, SteadyTime) const
{
    const auto found = m_byKey.find(keyOf(stableId(subject.target->providerName), subject.model));
    if (found == m_byKey.end())
        return {};
    const Target &target = m_targets[found->second];
    Figures figures;
    if (target.streams.firsts > 0) {
        const double first = target.streams.firstSeconds / static_cast<double>(target.streams.firsts);
        figures.firstToken = first;
        const double after = target.streams.seconds - first * static_cast<double>(target.streams.ok);
        if (target.streams.tokens > 0 && after > 0)
            figures.tokensPerSecond = target.streams.tokens / after;
    }
    if (target.whole.ok > 0)
        figures.whole = target.whole.seconds / static_cast<double>(target.whole.ok);
    if (target.visits() > 0)
        figures.errorRate = static_cast<double>(target.failed()) / static_cast<double>(target.visits());
    return figures;
}

} // namespace gateway::routing
