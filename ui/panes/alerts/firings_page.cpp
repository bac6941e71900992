// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/alerts/firings_page.h"

#include "ui/bridge/text.h"
#include "ui/panes/alerts/alert_words.h"
#include "ui/widgets/format.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::alerts {

namespace {

using bridge::qt;
using gateway::AlertFiring;
using widgets::Icon;
using widgets::Role;

/// The unit of a metric by its word; one of another version is a plain number.
AlertUnit unitOf(const std::string &metric)
{
    const auto known = gateway::config::alertMetrics();
    const auto found = std::ranges::find(known, std::string_view(metric), &gateway::config::AlertMetricInfo::word);
    return found == known.end() ? AlertUnit::Count : found->unit;
}

} // namespace

FiringsPage::FiringsPage(gateway::api::AlertTools &tools, Now now, QWidget *parent)
    : HistoryPage({.name = u"firings"_s, .title = tr("When it fired"), .nothing = tr("It has not fired within the 90 days that are kept."), .what = tr("Listing when it fired"), .failed = tr("When it fired cannot be read")},
                  {tr("Fired"), tr("Alert"), tr("Of"), tr("Value"), tr("Threshold"), tr("Lasted"), tr("Told")}, parent),
      m_tools(tools), m_now(std::move(now))
{
    table()->setCursor(Qt::PointingHandCursor);
    connect(table(), &QAbstractItemView::clicked, this, &FiringsPage::open);
    connect(table(), &QAbstractItemView::activated, this, &FiringsPage::open);
}

void FiringsPage::open(const QModelIndex &index)
{
    if (index.row() >= 0 && index.row() < static_cast<int>(m_firings.size()))
        Q_EMIT callsWanted(m_firings[static_cast<std::size_t>(index.row())]);
}

void FiringsPage::askPage(const gateway::AlertListQuery &query, quint64 question)
{
    m_tools.firings(query, this, [this, question, first = query.before == 0](const gateway::Result<std::vector<AlertFiring>> &page) {
        if (!wanted(question))
            return;
        if (!page)
            return takeError(page.error());
        if (first)
            m_firings.clear();
        m_firings.insert(m_firings.end(), page->begin(), page->end());
        takePage(page->size() == static_cast<std::size_t>(pageSize), m_firings.empty() ? 0 : m_firings.back().number);
    });
}

QList<CellsModel::Row> FiringsPage::rows() const
{
    const gateway::WallTime now = m_now();
    QList<CellsModel::Row> rows;
    for (const AlertFiring &firing : m_firings) {
        const AlertUnit unit = unitOf(firing.metric);
        const bool open = !firing.resolvedAt;
        const AlertSeverity severity = firing.severity == "critical" ? AlertSeverity::Critical : firing.severity == "info" ? AlertSeverity::Info : AlertSeverity::Warning;
        CellsModel::Cell told {.text = firing.told ? tr("told") : tr("muted or quiet")};
        if (!firing.acknowledgedBy.empty())
            told.text = tr("acknowledged by %1").arg(firing.acknowledgedBy == "window" ? tr("this window") : qt(firing.acknowledgedBy));
        rows << CellsModel::Row {
            {.text = widgets::moment(firing.firedAt, now), .icon = open ? severityIcon(severity) : Icon::Ok, .role = open ? std::optional(severityRole(severity)) : std::nullopt, .tip = tr("%1. Click to see its calls").arg(widgets::dateTimeUtc(firing.firedAt))},
            {.text = qt(firing.name)},
            {.text = firing.subject.empty() ? tr("the organisation") : qt(firing.subject)},
            {.text = valueText(firing.value, unit), .tip = tr("The farthest: %1").arg(valueText(firing.peak, unit))},
            {.text = firing.level ? valueText(*firing.level, unit) : widgets::unknownText()},
            {.text = open ? tr("still") : widgets::span(*firing.resolvedAt - firing.firedAt), .tip = open ? QString() : tr("over at %1").arg(widgets::dateTimeUtc(*firing.resolvedAt))},
            std::move(told)};
    }
    return rows;
}

void FiringsPage::resizeEvent(QResizeEvent *event)
{
    HistoryPage::resizeEvent(event);
    const bool wide = width() >= 760;
    table()->setColumnHidden(4, !wide);
    table()->setColumnWidths({130, wide ? 110 : 84, wide ? 150 : 110, 80, 80, 64, 0});
}

} // namespace ui::alerts
