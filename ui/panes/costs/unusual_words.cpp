// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/unusual_words.h"

#include "ui/bridge/text.h"
#include "ui/panes/costs/cost_periods.h"
#include "ui/panes/costs/cost_words.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

using gateway::CostAnomaly;

QString tr(const char *text) { return QCoreApplication::translate("ui::costs", text); }

QString timesText(double times) { return times < 10 ? QString::number(times, 'f', 1) : QString::number(std::lround(times)); }

QString whoText(const CostAnomaly &anomaly)
{
    CostGroup group {.kind = anomaly.name.empty() ? CostGroup::Kind::None : CostGroup::Kind::Named, .name = anomaly.name};
    return nameOf(group, anomaly.field);
}

/// "key batch-7 on claude-opus-4"
QString driverText(const gateway::CostDriver &driver)
{
    QStringList words;
    for (const auto &[field, name] : driver.of) {
        const QString called = bridge::qt(name);
        words.append(field == CostField::Model && driver.of.size() > 1 ? called : u"%1 %2"_s.arg(fieldWord(field), called));
    }
    return words.join(u" %1 "_s.arg(tr("on")));
}

} // namespace

QString unusualText(const CostAnomaly &anomaly, const QTimeZone &zone)
{
    const QString day = barText(anomaly.from, anomaly.to, Per::Day, zone);
    const auto usual = static_cast<double>(anomaly.usualCost.nanos());
    if (!anomaly.cost) {
        return tr("%1 took %2 tokens a call on %3, %4 times its usual %5; that cost about %6")
            .arg(whoText(anomaly), widgets::count(static_cast<std::uint64_t>(std::llround(anomaly.tokensPerCall))), day, timesText(anomaly.tokensPerCall / std::max(1.0, anomaly.usualTokensPerCall)),
                 widgets::count(static_cast<std::uint64_t>(std::llround(anomaly.usualTokensPerCall))), widgets::moneyTotal(anomaly.excess));
    }
    if (usual <= 0)
        return tr("%1 spent %2 on %3, where it usually spends nothing").arg(whoText(anomaly), widgets::moneyTotal(anomaly.figures.cost), day);
    QString text = tr("%1 spent %2 on %3, %4 times its usual %5").arg(whoText(anomaly), widgets::moneyTotal(anomaly.figures.cost), day, timesText(static_cast<double>(anomaly.figures.cost.nanos()) / usual), widgets::moneyTotal(anomaly.usualCost));
    if (anomaly.tokens)
        text += tr(", with %1 times the tokens a call").arg(timesText(anomaly.tokensPerCall / std::max(1.0, anomaly.usualTokensPerCall)));
    return text;
}

QString causeText(const CostAnomaly &anomaly)
{
    QStringList parts;
    std::vector<CostField> told;
    for (const gateway::CostDriver &driver : anomaly.drivers) {
        const bool again = driver.of.size() == 1 && std::ranges::find(told, driver.of.front().first) != told.end();
        if (again || parts.size() == 2)
            continue;
        for (const auto &[field, name] : driver.of)
            told.push_back(field);
        const QString share = QString::number(std::lround(driver.share * 100));
        parts.append(parts.isEmpty() ? tr("%1 % of the excess came from %2").arg(share, driverText(driver)) : tr("%1 % from %2").arg(share, driverText(driver)));
    }
    return parts.join(u"; "_s);
}

} // namespace ui::costs
