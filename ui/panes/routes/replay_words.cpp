// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/replay_words.h"

#include "ui/bridge/text.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>

#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace widgets;
using gateway::Estimate;
using gateway::Money;
using gateway::ReplayedCall;
using gateway::ReplayReport;

namespace {

QString tr(const char *text) { return QCoreApplication::translate("ui::routes", text); }

QString dollars(double amount) { return moneyTotal(Money::fromNanos(std::llround(amount * 1e9))); }

QString seconds(double amount) { return latency(std::chrono::duration_cast<gateway::Duration>(std::chrono::duration<double>(amount))); }

QString number(double share) { return QString::number(share * 100, 'f', 2); }
QString percent(double share) { return number(share) + u" %"_s; }

/// @param lessIsBetter  of cost and time
ReplayFigure::Change changeOf(double was, const Estimate &expected, bool lessIsBetter)
{
    if (was >= expected.low && was <= expected.high)
        return ReplayFigure::Change::None;
    return (expected.value < was) == lessIsBetter ? ReplayFigure::Change::Better : ReplayFigure::Change::Worse;
}

/// "+12 %" of what it was; empty: less than can be seen.
QString relative(double was, double expected)
{
    if (was <= 0)
        return {};
    const double change = (expected - was) / was * 100;
    if (std::abs(change) < 0.05)
        return {};
    return (change > 0 ? u"+%1 %"_s : u"−%1 %"_s).arg(std::abs(change), 0, 'f', std::abs(change) < 9.95 ? 1 : 0);
}

ReplayFigure successOf(const ReplayReport &report)
{
    const auto calls = static_cast<double>(report.compared);
    const auto ok = [calls](double failed) { return (calls - failed) / calls; };
    const Estimate expected {ok(report.expected.failed.value), ok(report.expected.failed.high), ok(report.expected.failed.low)};
    const double was = ok(report.was.failed), points = (expected.value - was) * 100;
    ReplayFigure figure {.name = tr("Success"), .note = tr("of the calls"), .was = percent(was), .expected = percent(expected.value)};
    figure.interval = u"%1 – %2"_s.arg(number(expected.low), percent(expected.high));
    if (std::abs(points) >= 0.005)
        figure.difference = (points > 0 ? tr("+%1 points") : tr("−%1 points")).arg(std::abs(points), 0, 'f', 2);
    figure.change = changeOf(was, expected, false);
    return figure;
}

ReplayFigure costOf(const ReplayReport &report)
{
    const Estimate &expected = report.expected.cost;
    ReplayFigure figure {.name = tr("Cost"), .note = report.unpriced ? tr("without %1 of unknown price").arg(count(report.unpriced)) : tr("of all together"), .was = dollars(report.was.cost), .expected = dollars(expected.value)};
    figure.interval = u"%1 – %2"_s.arg(dollars(expected.low), dollars(expected.high));
    figure.difference = relative(report.was.cost, expected.value);
    figure.change = changeOf(report.was.cost, expected, true);
    return figure;
}

ReplayFigure timeOf(const QString &name, const QString &note, double was, const Estimate &expected)
{
    ReplayFigure figure {.name = name, .note = note, .was = seconds(was), .expected = seconds(expected.value)};
    figure.interval = u"%1 – %2"_s.arg(seconds(expected.low), seconds(expected.high));
    figure.difference = relative(was, expected.value);
    figure.change = changeOf(was, expected, true);
    return figure;
}

} // namespace

QList<ReplayFigure> figuresOf(const ReplayReport &report)
{
    if (report.compared == 0)
        return {};
    return {successOf(report), costOf(report), timeOf(tr("p95"), tr("time at the targets"), report.was.p95, report.expected.p95),
            timeOf(tr("Mean"), tr("time at the targets"), report.was.seconds, report.expected.seconds)};
}

QList<ReplayCount> countsOf(const ReplayReport &report)
{
    QList<ReplayCount> counts;
    const auto add = [&counts](std::uint64_t calls, const QString &name, const QString &meaning) {
        if (calls > 0)
            counts << ReplayCount {name, meaning, calls};
    };
    add(report.rerouted, tr("rerouted"), tr("another target is asked first"));
    add(report.fallsElsewhere, tr("fall elsewhere"), tr("the same target first, but another one after its failure"));
    add(report.refused, tr("not sent any more"), tr("refused, or no target takes them"));
    add(report.unchanged, tr("unchanged"), tr("the same target, the same end"));
    add(report.left, tr("refused as before"), tr("by a limit, a budget or a key: they came to no route"));
    add(report.unreadable, tr("not readable"), tr("the plan looks at bodies, and the log does not have theirs any more"));
    add(report.unknown, tr("not compared"), tr("would reach targets of which the log knows nothing"));
    add(report.callersOwn, tr("the caller's own"), tr("it left, or its request was at fault: not compared"));
    return counts;
}

QString fateOf(const ReplayedCall &call)
{
    if (!call.refusal.empty())
        return tr("not sent: %1").arg(bridge::qt(call.refusal));
    return call.from == call.to ? tr("the same, then another way") : bridge::qt(call.to);
}

QString expectedCostOf(const ReplayedCall &call) { return call.refusal.empty() ? money(call.expectedCost) : money(Money()); }

} // namespace ui::routes
