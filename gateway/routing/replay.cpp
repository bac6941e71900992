// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/replay.h"

#include "gateway/routing/attempt_sequence.h"
#include "gateway/routing/limit_claims.h"
#include "gateway/routing/random.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace gateway::routing {

namespace {

constexpr double hardlyEver = 1e-6;     // a chance that no way is followed further for
constexpr std::size_t draws = 400;      // for intervals: enough for borders within some percent of their width
constexpr double nanosADollar = 1e9;
constexpr std::uint64_t listSalt = 0x6c697374; // another number than that which the plan draws by

double seconds(std::int64_t micros)
{
    return static_cast<double>(micros) * 1e-6;
}

double dollars(Money money)
{
    return static_cast<double>(money.nanos()) / nanosADollar;
}

Money moneyOf(double dollars)
{
    return Money::fromNanos(std::llround(dollars * nanosADollar));
}

double secondsAtTargets(const PastCall &call)
{
    double sum = 0;
    for (const PastVisit &visit : call.visits)
        sum += seconds(visit.durationUs);
    return sum;
}

/// Whether how it ended is the caller's doing: no target would have changed it.
bool isCallersOwn(const PastCall &call)
{
    return call.status == CallStatus::Cancelled || (call.failed() && !call.visits.empty() && call.visits.back().end == PastVisit::End::Nothing);
}

const PastVisit *lastVisit(const PastCall &call, std::string_view provider, std::string_view model)
{
    const auto found = std::find_if(call.visits.rbegin(), call.visits.rend(), [&](const PastVisit &visit) { return visit.provider == provider && visit.model == model; });
    return found == call.visits.rend() ? nullptr : &*found;
}

Estimate estimateOf(double value, std::vector<double> drawn)
{
    constexpr double lowest = 0.025;
    constexpr double highest = 0.975;
    std::ranges::sort(drawn);
    const auto at = [&](double share) { return drawn[static_cast<std::size_t>(share * static_cast<double>(drawn.size() - 1))]; };
    return {.value = value, .low = std::min(at(lowest), value), .high = std::max(at(highest), value)};
}

} // namespace

Replay::Replay(const ReplayQuery &query, const std::vector<TargetPast> &past) : m_query(query), m_figures(past), m_times(query.seed) {}

Replay::Step Replay::stepOf(const PastCall &call, const Target &target, const Decision &decision)
{
    std::string room;
    const std::string_view model = modelOf(target, decision.star, room);
    Step step {.target = m_figures.indexOf(target.providerName, model)};
    const PastVisit *visit = lastVisit(call, target.providerName, model);
    if (visit && visit->end != PastVisit::End::Nothing) {
        step.end = visit->end == PastVisit::End::Ok ? Step::End::Ok : Step::End::Failed;
        step.okSeconds = step.failedSeconds = seconds(visit->durationUs);
        step.cost = step.end == Step::End::Ok ? call.cost : Money();
        return step;
    }
    const bool wildcard = target.model.find('*') != std::string::npos;
    const std::optional<Prices> prices = target.prices || !wildcard || !decision.prices ? target.prices : decision.prices->pricesOf(target, model);
    step.cost = cost(prices, call.usage);
    step.okSeconds = m_figures.okSeconds(step.target, call.stream, static_cast<double>(call.usage.output));
    step.okSpread = m_figures.okSpread(step.target, call.stream);
    step.failedSeconds = m_figures.failedSeconds(step.target, call.stream);
    return step;
}

double Replay::chanceOf(const Step &step) const
{
    switch (step.end) {
    case Step::End::Ok: return 0;
    case Step::End::Failed: return 1;
    case Step::End::Estimated: break;
    }
    return m_figures.failure(step.target);
}

Replay::Way Replay::wayOf(const PastCall &call, const Decision &decision)
{
    const Failure brokenDown {.code = ErrorCode::ServerError, .httpStatus = 503, .shouldRetry = false}; // a visit's own retries are in the past's figures
    LimitClaims claims;
    const std::uint64_t seed = Random::mixed(m_query.seed ^ Random::mixed(static_cast<std::uint64_t>(call.row)));
    AttemptSequence sequence(decision.plan, {m_figures, decision.memory, decision.memory ? &claims : nullptr, decision.prices}, decision.facts, seed, decision.star);
    Way way;
    double reached = 1;
    std::size_t position = 0;
    Result<Attempt> next = sequence.next(std::nullopt, decision.now);
    while (next && way.size < mostSteps && (way.size == 0 || next->position > position)) {
        position = next->position;
        const Step step = stepOf(call, *next->target, decision);
        if (way.size == 0)
            claims.attempted(0, position);
        way.steps[way.size++] = step;
        way.known &= step.end != Step::End::Estimated || m_figures.at(step.target).visits() > 0;
        way.priced &= step.cost.has_value();
        reached *= chanceOf(step);
        if (reached < hardlyEver)
            break;
        next = sequence.next(brokenDown, decision.now);
    }
    if (!claims.empty() && way.size > 0) {
        AttemptRecord attempt;
        attempt.usage = call.usage;
        attempt.cost = way.first().cost;
        claims.settle({&attempt, 1});
    }
    return way;
}

std::string Replay::nameOf(std::uint32_t target) const
{
    const PastFigures::Target &its = m_figures.at(target);
    return its.provider + ' ' + its.model;
}

void Replay::countSent(std::uint32_t target, bool after)
{
    if (m_sent.size() <= target)
        m_sent.resize(target + 1);
    ++(after ? m_sent[target].after : m_sent[target].before);
}

void Replay::refuse(const PastCall &call, std::string why)
{
    ++m_report.calls;
    ++m_report.refused;
    if (!call.visits.empty())
        countSent(m_figures.indexOf(call.visits.front().provider, call.visits.front().model), false);
    list(call, {.refusal = std::move(why)});
}

void Replay::add(const PastCall &call, const Decision &decision)
{
    const Way way = wayOf(call, decision);
    if (way.size == 0) {
        refuse(call, "no target takes it");
        return;
    }
    ++m_report.calls;
    countSent(way.first().target, true);
    if (!call.visits.empty())
        countSent(m_figures.indexOf(call.visits.front().provider, call.visits.front().model), false);
    ReplayedCall shown {.to = nameOf(way.first().target)};
    if (isCallersOwn(call))
        ++m_report.callersOwn;
    else
        compare(call, way, shown);
    if (isChanged(call, way))
        list(call, std::move(shown));
}

/// Counts what the edit does to it.
bool Replay::isChanged(const PastCall &call, const Way &way)
{
    const PastFigures::Target &first = m_figures.at(way.first().target);
    if (call.visits.empty() || call.visits.front().provider != first.provider || call.visits.front().model != first.model) {
        ++m_report.rerouted;
        return true;
    }
    const bool knownEnd = way.last().end != Step::End::Estimated && (way.last().end == Step::End::Failed) == call.failed();
    if (knownEnd || isCallersOwn(call)) {
        ++m_report.unchanged;
        return false;
    }
    ++m_report.fallsElsewhere;
    return true;
}

/// Adds it to the sums on both sides.
void Replay::compare(const PastCall &call, const Way &way, ReplayedCall &shown)
{
    if (!way.known) {
        ++m_report.unknown;
        return;
    }
    const bool priced = way.priced && call.cost;
    ++m_report.compared;
    m_report.unpriced += priced ? 0 : 1;
    m_report.was.cost += priced ? dollars(*call.cost) : 0;
    m_report.was.failed += call.failed() ? 1 : 0;
    m_report.was.seconds += secondsAtTargets(call);
    m_times.addWas(secondsAtTargets(call));
    m_times.addExpected({way.steps.data(), way.size}, static_cast<std::uint64_t>(call.row), m_figures);

    Key key {};
    for (std::size_t i = 0; i < way.size; ++i)
        key[i] = way.steps[i].target * 4 + static_cast<std::uint32_t>(way.steps[i].end) + 1;
    Group &group = m_groups[key];
    ++group.calls;
    double reached = 1;
    double expected = 0;
    double time = 0;
    for (std::size_t i = 0; i < way.size; ++i) {
        const Step &step = way.steps[i];
        Group::Sum &sum = group.sums[i];
        const double itsCost = priced ? dollars(*step.cost) : 0;
        sum.cost += itsCost;
        sum.okSeconds += step.okSeconds;
        sum.failedSeconds += step.failedSeconds;
        const double fails = chanceOf(step);
        expected += reached * (1 - fails) * itsCost;
        time += reached * ((1 - fails) * step.okSeconds + fails * step.failedSeconds);
        reached *= fails;
    }
    shown.failure = reached;
    shown.expectedSeconds = time;
    if (priced)
        shown.expectedCost = moneyOf(expected);
}

/// A sample of those that change: each has a number of its own, and the smallest ones stay.
void Replay::list(const PastCall &call, ReplayedCall shown)
{
    ++m_report.changedInAll;
    const std::uint64_t number = Random::mixed(m_query.seed ^ listSalt ^ Random::mixed(static_cast<std::uint64_t>(call.row)));
    if (m_query.listed == 0 || (m_listed.size() >= m_query.listed && number > m_listed.rbegin()->first))
        return;
    shown.id = call.id;
    shown.startedAt = WallTime(std::chrono::microseconds(call.startedUs));
    if (!call.visits.empty())
        shown.from = call.visits.front().provider + ' ' + call.visits.front().model;
    shown.failed = call.failed();
    shown.cost = call.cost;
    shown.seconds = secondsAtTargets(call);
    m_listed.emplace(number, std::move(shown));
    if (m_listed.size() > m_query.listed)
        m_listed.erase(std::prev(m_listed.end()));
}

/// @param random  draws how many of those that may fail do; null: as many as are expected
Replay::Totals Replay::totalsOf(const std::vector<PastFigures::Draw> &past, std::mt19937_64 *random) const
{
    Totals totals;
    for (const auto &[key, group] : m_groups) {
        double reached = 1;
        for (std::size_t i = 0; i < mostSteps && key[i] != 0; ++i) {
            const std::uint32_t target = (key[i] - 1) / 4;
            const auto end = static_cast<Step::End>((key[i] - 1) % 4);
            const bool estimated = end == Step::End::Estimated;
            const double fails = estimated ? past[target].failure : end == Step::End::Failed ? 1.0 : 0.0;
            const double shift = estimated ? past[target].shift * static_cast<double>(group.calls) : 0.0;
            totals.cost += reached * (1 - fails) * group.sums[i].cost;
            totals.seconds += reached * ((1 - fails) * std::max(group.sums[i].okSeconds + shift, 0.0) + fails * group.sums[i].failedSeconds);
            reached *= fails;
        }
        if (random && reached > 0 && reached < 1) {
            std::binomial_distribution<std::uint64_t> failed(group.calls, reached);
            totals.failed += static_cast<double>(failed(*random));
        } else {
            totals.failed += reached * static_cast<double>(group.calls);
        }
    }
    return totals;
}

void Replay::estimate()
{
    std::vector<PastFigures::Draw> past(m_figures.size());
    for (std::uint32_t i = 0; i < past.size(); ++i)
        past[i] = {.failure = m_figures.failure(i)};
    const Totals middle = totalsOf(past, nullptr);

    std::mt19937_64 random(m_query.seed);
    std::vector<double> cost;
    std::vector<double> failed;
    std::vector<double> time;
    for (std::size_t draw = 0; draw < draws; ++draw) {
        for (std::uint32_t i = 0; i < past.size(); ++i)
            past[i] = m_figures.draw(i, random);
        const Totals totals = totalsOf(past, &random);
        cost.push_back(totals.cost);
        failed.push_back(totals.failed);
        time.push_back(totals.seconds);
    }
    const double calls = std::max<double>(static_cast<double>(m_report.compared), 1);
    const Estimate whole = estimateOf(middle.seconds, std::move(time));
    m_report.expected = {.cost = estimateOf(middle.cost, std::move(cost)),
                         .failed = estimateOf(middle.failed, std::move(failed)),
                         .seconds = {.value = whole.value / calls, .low = whole.low / calls, .high = whole.high / calls},
                         .p95 = m_times.expected()};
    m_report.was.seconds /= calls;
    m_report.was.p95 = m_times.was();
}

ReplayReport Replay::report()
{
    estimate();
    m_sent.resize(m_figures.size());
    for (std::uint32_t i = 0; i < m_figures.size(); ++i) {
        const PastFigures::Target &target = m_figures.at(i);
        if (m_sent[i].before + m_sent[i].after == 0)
            continue;
        const double sum = target.streams.seconds + target.whole.seconds;
        m_report.targets.push_back({.provider = target.provider, .model = target.model, .before = m_sent[i].before, .after = m_sent[i].after, .visits = target.visits(),
                                    .failedVisits = target.failed(),
                                    .seconds = target.ok() > 0 ? std::optional(sum / static_cast<double>(target.ok())) : std::nullopt});
    }
    std::ranges::sort(m_report.targets, {}, [](const ReplayReport::Target &target) { return std::pair(std::string_view(target.provider), std::string_view(target.model)); });
    for (auto &[number, call] : m_listed)
        m_report.changed.push_back(std::move(call));
    std::ranges::sort(m_report.changed, {}, [](const ReplayedCall &call) { return std::pair(call.startedAt, std::string_view(call.id)); });
    return std::move(m_report);
}

} // namespace gateway::routing
