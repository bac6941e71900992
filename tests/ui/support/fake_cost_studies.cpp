// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_cost_studies.h"

#include "gateway/core/calendar.h"
#include "tests/ui/support/fake_gateway.h"

#include <algorithm>
#include <map>

using namespace gateway;
using namespace std::chrono_literals;

namespace tests {
namespace {

std::string nameOf(const CallRecord &record, CostField field)
{
    switch (field) {
    case CostField::Team: return record.team;
    case CostField::Key: return record.key;
    case CostField::Route: return record.route;
    case CostField::Provider: return record.provider;
    case CostField::Model: return record.model;
    default: return {};
    }
}

SpendHistory historyOf(const std::vector<CostCell> &cells)
{
    SpendHistory history;
    const Calendar calendar("Europe/Berlin");
    WallTime first = WallTime::max();
    for (const CostCell &cell : cells)
        first = std::min(first, cell.like.startedAt);
    if (cells.empty())
        return history;
    history.borders.push_back(calendar.window(Period::Day, first).from);
    while (history.borders.back() < FakeGateway::sceneTime())
        history.borders.push_back(calendar.window(Period::Day, history.borders.back()).to);
    std::map<std::array<std::string, 4>, SpendCell> sums;
    for (const CostCell &cell : cells) {
        std::array<std::string, 4> names;
        for (std::size_t i = 0; i < names.size(); ++i)
            names[i] = nameOf(cell.like, spendFields[i]);
        SpendCell &sum = sums[names];
        sum.names = names;
        sum.days.resize(history.borders.size() - 1);
        const auto day = std::ranges::upper_bound(history.borders, cell.like.startedAt) - history.borders.begin() - 1;
        sum.days[std::min(static_cast<std::size_t>(day), sum.days.size() - 1)].add(cell.figures);
    }
    for (auto &[names, sum] : sums)
        history.cells.push_back(std::move(sum));
    return history;
}

/// A tenth of what one model cost came from the cache, a fifth of what another did was not paid for prompts, a third cost less
/// than the first choice.
SavingFigures savedOf(const CostCell &cell)
{
    const auto part = [&](std::int64_t of) { return Money::fromNanos(cell.figures.cost.nanos() / of); };
    SavingFigures figures;
    if (cell.like.model == "gpt-4o") {
        figures.cache = part(10);
        figures.cacheCalls = cell.figures.calls / 10;
    } else if (cell.like.provider == "claude") {
        figures.promptCache = part(5);
        figures.promptCalls = cell.figures.calls / 2;
    } else {
        figures.route = part(1) + part(1);
        figures.routeCalls = cell.figures.calls;
    }
    return figures;
}

template <typename T>
void answerLater(QObject *context, gateway::api::Answer<T> done, Result<T> value)
{
    QMetaObject::invokeMethod(context, [done = std::move(done), value = std::move(value)] { done(value); }, Qt::QueuedConnection);
}

Error unreadable() { return {ErrorCode::Io, "The call log cannot be read: the disk does not answer."}; }

} // namespace

void FakeCostStudies::anomalies(AnomalyQuery query, QObject *context, gateway::api::Answer<std::vector<CostAnomaly>> done)
{
    m_anomalyQuery = query;
    if (m_waiting)
        return;
    if (m_failing)
        return answerLater<std::vector<CostAnomaly>>(context, std::move(done), std::unexpected(unreadable()));
    const SpendHistory history = historyOf(m_cells());
    const auto first = std::ranges::lower_bound(history.borders, query.range.from);
    auto found = history.borders.empty() ? std::vector<CostAnomaly>() : findAnomalies(history, query.by, static_cast<std::size_t>(first - history.borders.begin()));
    std::erase_if(found, [&](const CostAnomaly &anomaly) { return anomaly.from >= query.range.to; });
    answerLater<std::vector<CostAnomaly>>(context, std::move(done), std::move(found));
}

void FakeCostStudies::savings(SavingsQuery query, QObject *context, gateway::api::Answer<Savings> done)
{
    m_savingsQuery = query;
    ++m_savingsAsked;
    if (m_waiting)
        return;
    if (m_failing)
        return answerLater<Savings>(context, std::move(done), std::unexpected(unreadable()));
    Savings savings;
    savings.buckets.resize(query.borders.size() - 1);
    std::map<std::string, SavingFigures> groups;
    for (const CostCell &cell : m_cells()) {
        const WallTime at = cell.like.startedAt;
        if (at < query.borders.front() || at >= query.borders.back())
            continue;
        savings.paid += cell.figures.cost;
        const SavingFigures figures = savedOf(cell);
        savings.buckets[static_cast<std::size_t>(std::upper_bound(query.borders.begin() + 1, query.borders.end() - 1, at) - query.borders.begin()) - 1].add(figures);
        savings.total.add(figures);
        groups[nameOf(cell.like, query.by)].add(figures);
    }
    for (const auto &[name, figures] : groups)
        savings.groups.push_back({.name = name, .figures = figures});
    std::ranges::stable_sort(savings.groups, std::greater {}, [](const SavingsGroup &group) { return group.figures.total(); });
    answerLater<Savings>(context, std::move(done), std::move(savings));
}

std::vector<CostCell> sceneWithAnOddDay(int dayOfNovember)
{
    std::vector<CostCell> cells = sceneCostCells();
    CostCell odd;
    odd.like.startedAt = std::chrono::sys_days(std::chrono::November / dayOfNovember / 2026) + 10h;
    odd.like.team = "search";
    odd.like.key = "search-eval";
    odd.like.route = odd.like.askedModel = "canary";
    odd.like.provider = "claude";
    odd.like.model = "claude-opus-4";
    odd.figures = {.cost = Money::fromNanos(212'500'000'000), .calls = 2400, .input = 9'600'000, .output = 1'900'000};
    cells.push_back(odd);
    return cells;
}

} // namespace tests
