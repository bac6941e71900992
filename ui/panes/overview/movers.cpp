// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/overview/movers.h"

#include "ui/bridge/text.h"
#include "ui/panes/costs/cost_words.h"
#include "ui/widgets/format.h"

#include <QObject>

#include <algorithm>
#include <cmath>
#include <map>

using namespace Qt::StringLiterals;

namespace ui::overview {
namespace {

using gateway::SeriesTotals;
using gateway::Usage;
using gateway::UsageField;

constexpr double leastChange = 0.1, leastPart = 0.01, leastErrorChange = 0.01, mostRatio = 10;
constexpr std::uint64_t leastCalls = 20;

/// Of amounts above zero: ten times as much is as far as it goes, so that what is new does not outweigh all.
double change(double before, double now)
{
    if (before <= 0 || now <= 0)
        return std::log(mostRatio);
    return std::min(std::abs(std::log(now / before)), std::log(mostRatio));
}

/// Of what adds up: money and calls.
void addAmount(std::vector<Mover> &movers, Mover mover, double wholeBefore, double wholeNow)
{
    const double part = std::max(wholeBefore > 0 ? mover.before / wholeBefore : 0, wholeNow > 0 ? mover.now / wholeNow : 0);
    const double most = std::max(mover.before, mover.now);
    if (most <= 0 || part < leastPart || std::abs(mover.now - mover.before) < leastChange * most)
        return;
    mover.weight = change(mover.before, mover.now) * std::sqrt(part);
    movers.push_back(std::move(mover));
}

gateway::CostField costField(UsageField field)
{
    switch (field) {
    case UsageField::Team: return gateway::CostField::Team;
    case UsageField::Key: return gateway::CostField::Key;
    case UsageField::Route: return gateway::CostField::Route;
    case UsageField::Provider: return gateway::CostField::Provider;
    case UsageField::Model: return gateway::CostField::Model;
    }
    return gateway::CostField::Team;
}

double failedShare(const SeriesTotals &totals) { return double(totals.failed) / double(totals.calls); }

void addQuality(std::vector<Mover> &movers, Mover mover, const SeriesTotals &before, const SeriesTotals &now, std::uint64_t callsNow)
{
    const double part = callsNow > 0 ? double(now.calls) / double(callsNow) : 0;
    if (before.calls < leastCalls || now.calls < leastCalls || part < leastPart)
        return;
    mover.figure = MovedFigure::Errors;
    mover.before = failedShare(before);
    mover.now = failedShare(now);
    if (std::abs(mover.now - mover.before) >= leastErrorChange) {
        mover.weight = change(1 + 10 * mover.before, 1 + 10 * mover.now) * std::sqrt(part);
        movers.push_back(mover);
    }
    if (!before.p95Us || !now.p95Us)
        return;
    mover.figure = MovedFigure::Latency;
    mover.before = double(*before.p95Us);
    mover.now = double(*now.p95Us);
    if (std::abs(mover.now - mover.before) < leastChange * std::max(mover.before, mover.now))
        return;
    mover.weight = change(mover.before, mover.now) * std::sqrt(part);
    movers.push_back(mover);
}

} // namespace

std::vector<Mover> moversOf(UsageField field, const Usage &now, const Usage &before)
{
    std::map<std::string, std::pair<SeriesTotals, SeriesTotals>> groups;
    for (const gateway::UsageRow &row : before.rows)
        groups[row.group.front()].first = row.totals;
    for (const gateway::UsageRow &row : now.rows)
        groups[row.group.front()].second = row.totals;
    std::vector<Mover> movers;
    if (before.totals.calls == 0)
        return movers; // all of it would be new
    for (const auto &[name, totals] : groups) {
        if (name.empty())
            continue;
        const auto &[was, is] = totals;
        Mover mover {.field = field, .name = name};
        mover.before = double(was.cost.nanos());
        mover.now = double(is.cost.nanos());
        addAmount(movers, mover, double(before.totals.cost.nanos()), double(now.totals.cost.nanos()));
        mover.figure = MovedFigure::Calls;
        mover.before = double(was.calls);
        mover.now = double(is.calls);
        addAmount(movers, mover, double(before.totals.calls), double(now.totals.calls));
        addQuality(movers, mover, was, is, now.totals.calls);
    }
    return movers;
}

std::vector<Mover> topMovers(std::vector<Mover> movers, std::size_t most)
{
    std::ranges::stable_sort(movers, [](const Mover &a, const Mover &b) { return a.weight > b.weight; });
    std::vector<Mover> top;
    for (Mover &mover : movers) {
        if (top.size() == most)
            break;
        const bool told = std::ranges::any_of(top, [&](const Mover &other) { return other.figure == mover.figure && other.before == mover.before && other.now == mover.now; });
        if (!told)
            top.push_back(std::move(mover));
    }
    return top;
}

QString figureWord(MovedFigure figure)
{
    switch (figure) {
    case MovedFigure::Cost: return QObject::tr("Cost");
    case MovedFigure::Calls: return QObject::tr("Calls");
    case MovedFigure::Errors: return QObject::tr("Errors");
    case MovedFigure::Latency: return QObject::tr("p95");
    }
    return {};
}

QString figureText(MovedFigure figure, double value)
{
    switch (figure) {
    case MovedFigure::Cost: return widgets::moneyTotal(gateway::Money::fromNanos(std::int64_t(value)));
    case MovedFigure::Calls: return widgets::count(std::uint64_t(value));
    case MovedFigure::Errors: return widgets::share(value);
    case MovedFigure::Latency: return widgets::latency(std::int64_t(value));
    }
    return {};
}

QString fieldWord(UsageField field)
{
    switch (field) {
    case UsageField::Team: return QObject::tr("team");
    case UsageField::Key: return QObject::tr("key");
    case UsageField::Route: return QObject::tr("route");
    case UsageField::Provider: return QObject::tr("provider");
    case UsageField::Model: return QObject::tr("model");
    }
    return {};
}

QString moverFilter(const Mover &mover)
{
    gateway::CostGroup group;
    group.name = mover.name;
    QString filter = costs::filterOf(group, costField(mover.field)).value_or(QString());
    if (mover.figure == MovedFigure::Errors)
        filter += u" status:>=400"_s;
    else if (mover.figure == MovedFigure::Latency)
        filter += u" latency:>=%1ms"_s.arg(std::int64_t(mover.now) / 1000);
    return filter;
}

} // namespace ui::overview
