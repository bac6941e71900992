// SPDX-License-Identifier: GPL-3.0-or-later
// Days that were not as usual, and what calls did not cost: beside the sums, where the gateway tells them.
#include "ui/panes/costs/costs_pane.h"

#include "ui/bridge/text.h"
#include "ui/panes/costs/savings_view.h"
#include "ui/panes/costs/unusual_card.h"
#include "ui/panes/costs/unusual_words.h"

#include <QStackedLayout>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::costs {

void CostsPane::setUpUnusual(QVBoxLayout *column)
{
    auto *studies = gateway::api::CostStudies::of(gateway());
    if (!studies)
        return;
    m_unusual = new UnusualCard(*studies);
    column->addWidget(m_unusual);
    connect(m_unusual, &UnusualCard::changed, this, &CostsPane::markUnusual);
    connect(m_unusual, &UnusualCard::opened, this, [this](const gateway::CostAnomaly &anomaly) { openBetween(anomaly.from, anomaly.to, bridge::qt(gateway::callsFilterOf(anomaly))); });
}

void CostsPane::setUpSavings()
{
    auto *studies = gateway::api::CostStudies::of(gateway());
    if (!studies)
        return;
    m_savings = new SavingsView(*studies);
    m_savings->setObjectName(u"costs.savings"_s);
    m_stack->addWidget(m_savings);
    connect(m_savings, &SavingsView::callsWanted, this, &CostsPane::openCalls);
    connect(m_savings, &SavingsView::callsBetweenWanted, this, &CostsPane::openBetween);
}

/// By what is shown, where it has a history of its own; else by team.
void CostsPane::askUnusual()
{
    if (!m_unusual)
        return;
    const bool known = std::ranges::find(gateway::spendFields, m_asked.by) != gateway::spendFields.end();
    m_unusual->ask({.range = {.from = m_asked.shown.period.from, .to = m_asked.shown.period.to}, .filter = view().filter(), .by = known ? m_asked.by : CostField::Team}, m_asked.zone);
}

/// Bars of a day or more have a mark where one of their days was unusual.
void CostsPane::markUnusual()
{
    QMap<qsizetype, QStringList> lines;
    const auto &borders = m_asked.shown.borders;
    const bool days = m_asked.shown.per == Per::Day || m_asked.shown.per == Per::Week || m_asked.shown.per == Per::Month;
    for (const gateway::CostAnomaly &anomaly : m_unusual && days ? m_unusual->anomalies() : std::vector<gateway::CostAnomaly> {}) {
        const auto after = std::ranges::upper_bound(borders, anomaly.from);
        if (after != borders.begin() && after != borders.end())
            lines[after - borders.begin() - 1].append(unusualText(anomaly, m_asked.zone));
    }
    m_bars->setUnusual(lines);
}

void CostsPane::askSavings()
{
    const Asked asked = question();
    m_savings->ask(asked.shown, view().filter(), asked.zone);
}

} // namespace ui::costs
