// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/costs_pane.h"

#include "ui/bridge/text.h"
#include "ui/panes/costs/bill_dialog.h"
#include "ui/panes/costs/dates_dialog.h"
#include "ui/panes/costs/savings_view.h"
#include "ui/panes/costs/report_dialog.h"
#include "ui/panes/costs/sql_view.h"
#include "ui/panes/filter_terms.h"
#include "ui/widgets/card.h"
#include "ui/widgets/charts/chart_legend.h"
#include "ui/widgets/format.h"
#include "ui/widgets/stat_tile.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QStackedLayout>
#include <QTimer>

#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

using gateway::CostBranch;
using gateway::Costs;
using gateway::Money;
using gateway::WallTime;
using widgets::StatTile;
using namespace std::chrono_literals;

constexpr auto monthEvery = 60s;
constexpr int daysForForecast = 28;
constexpr int retryMs = 8000;

int paceMs(std::chrono::microseconds length)
{
    if (length <= 3h)
        return 2000;
    return length <= 48h ? 5000 : 30'000;
}

Money moneyOf(double dollars) { return Money::fromNanos(std::llround(dollars * 1e9)); }

void setChange(StatTile *tile, double before, double now)
{
    const widgets::Change change = widgets::changeOf(before, now);
    tile->setChange(change.text, change.direction);
}

double nanos(const std::optional<Money> &money) { return money ? double(money->nanos()) : 0; }

} // namespace

QTimeZone CostsPane::zone() const
{
    const QTimeZone zone(QByteArray::fromStdString(gateway().config()->gateway.timeZone));
    return zone.isValid() ? zone : QTimeZone::utc();
}

QWidget *CostsPane::focusTarget() const { return m_shape == Shape::Sql ? m_sql->focusTarget() : m_shape == Shape::Savings ? m_savings->focusTarget() : m_shape == Shape::Table ? static_cast<QWidget *>(m_table) : m_bars; }
bool CostsPane::moves() const { return view().range().moving() || view().range().to > view().now(); }

void CostsPane::activated()
{
    m_leaving = false;
    if (m_lent && view().range() == *m_lent)
        view().setRange(m_own); // asks
    else
        ask();
    m_lent.reset();
    takeKeys(focusTarget());
}

void CostsPane::deactivated()
{
    m_pace->stop();
    m_slow->stop();
    if (m_waiting)
        m_tools.cancel(this);
}

void CostsPane::resizeEvent(QResizeEvent *event)
{
    Pane::resizeEvent(event);
    fitColumns();
}

void CostsPane::askSoon()
{
    if (m_shape == Shape::Savings)
        return; // looks at every call: when it is told to
    if (m_waiting)
        m_askAgain = true;
    else if (!m_pace->isActive())
        m_pace->start(paceMs(m_asked.shown.period.to - m_asked.shown.period.from));
}

Asked CostsPane::question() const
{
    return {m_controls->by(), m_controls->then(), m_controls->measure(), m_controls->compare(), shownOf(view().range(), m_controls->per(), view().now(), zone()), zone()};
}

void CostsPane::ask()
{
    if (!active() || m_shape == Shape::Sql)
        return;
    m_pace->stop();
    if (m_shape == Shape::Savings)
        return askSavings();
    m_waiting = true;
    m_askAgain = false;
    m_asking = question();
    gateway::CostQuery query {.borders = m_asking.shown.borders, .filter = view().filter(), .by = m_asking.by, .then = m_asking.then, .measure = m_asking.measure, .customers = true};
    if (m_asking.compare)
        query.before = m_asking.shown.beforeBorders;
    showWaiting();
    m_tools.costs(std::move(query), this, [this, generation = ++m_generation](const gateway::Result<Costs> &answer) {
        if (generation != m_generation)
            return;
        m_waiting = false;
        m_slow->stop();
        m_working->hide();
        if (answer)
            take(*answer);
        else if (active())
            showError(answer.error());
        if (m_askAgain)
            askSoon();
    });
    askMonth();
}

/// The days of this month and of four weeks before: what is so far, and where it leads.
void CostsPane::askMonth()
{
    const WallTime now = view().now();
    if (m_monthAt != WallTime {} && now - m_monthAt < monthEvery && m_monthFilter == view().filter())
        return;
    m_monthAt = now;
    m_monthFilter = view().filter();
    const QDate today = inZone(now, zone()).date();
    const QDate first = std::min(QDate(today.year(), today.month(), 1), today.addDays(-daysForForecast));
    gateway::CostQuery query {.borders = bordersOf(daysBetween(first, today, zone()), Per::Day, zone()), .filter = m_monthFilter};
    m_tools.costs(std::move(query), m_monthAsker, [this, now](const gateway::Result<Costs> &answer) {
        if (answer) {
            takeMonth(*answer, now);
        } else {
            m_monthAt = {};
            m_monthKnown = false;
            m_forecast.reset();
        }
        showMonth();
    });
}

void CostsPane::showWaiting()
{
    if (m_shownOnce) {
        m_working->setContent(tr("Adding up the calls by %1").arg(fieldWord(m_asking.by)), tr("The figures below are the ones before."));
        m_slow->start();
        return;
    }
    for (StatTile *tile : {m_tiles.total, m_tiles.month, m_tiles.call, m_tiles.tokens, m_tiles.customer})
        tile->setLoading(true);
    for (const Section &section : {m_chartSection, m_treemapSection, m_totalsSection}) {
        section.stack->setCurrentWidget(section.skeleton);
        if (!section.skeleton->waiting())
            section.skeleton->begin(section.card == m_chartSection.card ? tr("Adding up the calls") : QString()); // one line and one Cancel for all
    }
}

void CostsPane::cancel()
{
    ++m_generation;
    m_waiting = false;
    m_slow->stop();
    m_working->hide();
    m_tools.cancel(this);
    showError({gateway::ErrorCode::Cancelled, "The question was cancelled."});
    m_pace->stop();
    m_banner->setAside({});
}

void CostsPane::take(const Costs &costs)
{
    m_shownOnce = true;
    m_lastGood = view().now();
    m_costs = costs;
    m_asked = m_asking;
    m_colors.assign(*gateway().config(), m_asked.by, m_costs);
    setFailed(false);
    for (const Section &section : {m_chartSection, m_treemapSection, m_totalsSection}) {
        section.skeleton->end();
        section.stack->setCurrentIndex(0);
        widgets::setDimmed(section.content, false);
    }
    showTiles();
    showSentence();
    showCharts();
    showTotals();
    showEmptiness();
    askUnusual();
    askRepriced(false);
}

void CostsPane::takeMonth(const Costs &days, WallTime now)
{
    const Period month = monthAt(now, zone());
    const QDate today = inZone(now, zone()).date();
    const QDate first = std::min(QDate(today.year(), today.month(), 1), today.addDays(-daysForForecast));
    std::vector<DaySpend> spend;
    m_monthSoFar = {};
    for (std::size_t i = 0; i < days.buckets.size(); ++i) {
        spend.push_back({first.addDays(qint64(i)), days.buckets[i].cost});
        if (spend.back().day >= inZone(month.from, zone()).date())
            m_monthSoFar += days.buckets[i].cost;
    }
    m_monthKnown = true;
    m_forecast = MonthForecast::make(spend, now, zone());
    if (m_shownOnce && !m_failed)
        showCharts(); // what is expected of days ahead
}

void CostsPane::showTiles()
{
    const CostFigures &now = m_costs.total, &before = m_costs.totalBefore;
    for (StatTile *tile : {m_tiles.total, m_tiles.call, m_tiles.tokens, m_tiles.customer}) {
        tile->setLoading(false);
        tile->setStale(false);
        tile->setChange({}, 0);
    }
    const bool compared = m_asked.compare && before.calls > 0;
    const QString period = periodText(m_asked.shown.before, m_asked.zone);
    m_tiles.total->setText(measureTitle(m_asked.measure));
    m_tiles.total->setValue(valueText(now, m_asked.measure));
    m_tiles.total->setNote(compared ? tr("%1: %2").arg(period, valueText(before, m_asked.measure)) : m_asked.compare ? tr("nothing from %1").arg(period) : periodText(m_asked.shown.period, m_asked.zone));
    QList<double> history;
    for (std::size_t i = 0; i < m_costs.buckets.size() && m_asked.shown.borders[i] < view().now(); ++i)
        history.append(valueOf(m_costs.buckets[i], m_asked.measure));
    m_tiles.total->setHistory(history);
    const auto each = perCall(now), thousand = perThousandTokens(now);
    m_tiles.call->setValue(widgets::money(each));
    m_tiles.call->setNote(now.unpriced > 0 ? tr("of %1 calls, %2 without a price").arg(widgets::count(now.calls), widgets::count(now.unpriced)) : tr("of %1 calls").arg(widgets::count(now.calls)));
    m_tiles.tokens->setValue(widgets::money(thousand));
    m_tiles.tokens->setNote(tr("%1 in, %2 out").arg(widgets::count(now.input), widgets::count(now.output)));
    const bool known = m_costs.customers && *m_costs.customers > 0;
    m_tiles.customer->setValue(known ? widgets::money(Money::fromNanos(std::llround(double(now.cost.nanos()) / double(*m_costs.customers)))) : widgets::unknownText());
    m_tiles.customer->setNote(!m_costs.customers ? tr("too many to count") : known ? tr("%1 customers had calls").arg(widgets::count(*m_costs.customers)) : tr("no call named its customer"));
    if (!compared)
        return;
    setChange(m_tiles.total, valueOf(before, m_asked.measure), valueOf(now, m_asked.measure));
    setChange(m_tiles.call, nanos(perCall(before)), nanos(each));
    setChange(m_tiles.tokens, nanos(perThousandTokens(before)), nanos(thousand));
}

void CostsPane::showMonth()
{
    StatTile *tile = m_tiles.month;
    tile->setLoading(false);
    tile->setStale(!m_monthKnown);
    tile->setText(tr("%1, at its end").arg(inZone(view().now(), zone()).toString(u"MMMM"_s)));
    if (!m_monthKnown)
        return;
    if (!m_forecast) {
        tile->setValue(widgets::unknownText());
        tile->setNote(tr("%1 so far; three days tell more").arg(widgets::moneyTotal(m_monthSoFar)));
        return;
    }
    const MonthForecast::End end = m_forecast->atMonthsEnd(m_monthSoFar);
    tile->setValue(widgets::moneyTotal(moneyOf(end.expected)));
    tile->setNote(tr("%1 so far, likely ± %2").arg(widgets::moneyTotal(m_monthSoFar), widgets::moneyTotal(moneyOf(end.high - end.expected))));
    tile->setToolTip(tr("In 80 of 100 cases %1 to %2, by the weekdays of the last four weeks. Click for the month.").arg(widgets::moneyTotal(moneyOf(end.low)), widgets::moneyTotal(moneyOf(end.high))));
}

/// "Teams $2,491.52 + unattributed $22.34 = $2,513.86"
void CostsPane::showSentence()
{
    CostFigures named;
    QStringList others;
    for (const CostBranch &group : m_costs.groups) {
        if (group.kind == CostGroup::Kind::Named)
            named.add(group.now);
        else if (!group.now.empty())
            others.append(tr(" + %1 %2").arg(nameOf(group, m_asked.by), valueText(group.now, m_asked.measure)));
    }
    const bool unpriced = m_costs.total.unpriced > 0;
    m_sentence->setKind(unpriced ? widgets::SectionBanner::Kind::Warning : widgets::SectionBanner::Kind::Success);
    const QString parts = tr("%1 %2").arg(fieldsWord(m_asked.by), valueText(named, m_asked.measure));
    m_sentence->setContent(others.isEmpty() ? tr("%1, nothing unattributed").arg(parts) : tr("%1%2 = %3").arg(parts, others.join(QString()), valueText(m_costs.total, m_asked.measure)),
        unpriced ? tr("%1 calls have no known price, and are not in it.").arg(widgets::count(m_costs.total.unpriced)) : QString());
    m_unpriced->parentWidget()->setVisible(unpriced); // the whole row: an empty one would take its place
    m_sentence->setVisible(m_costs.total.calls > 0 || !m_costs.total.empty());
}

void CostsPane::showCharts()
{
    const CostMeasure measure = m_asked.measure;
    m_bars->setValueText([measure](double value) { return axisValueText(value, measure); }, [measure](double value) { return valueText(value, measure); });
    m_chartSection.card->setTitle(tr("%1 by %2").arg(measureTitle(measure), fieldWord(m_asked.by)));
    m_chartSection.card->setUnit(tr("%1 %2, %3").arg(measureUnit(measure), perUnit(m_asked.shown.per), periodText(m_asked.shown.period, m_asked.zone)));
    m_bars->setPicture(barsOf(m_costs, m_asked, m_colors, m_forecast, view().now()));
    markUnusual();
    QList<widgets::ChartLegend::Item> items;
    for (const CostBars::Series &series : m_bars->picture().series)
        items.append({series.id, series.label, {}, series.color, false, 1});
    if (!m_bars->picture().before.isEmpty())
        items.append({QString::fromLatin1(beforeId), tr("before"), {}, -1, true, 1});
    m_legend->setItems(items);
    m_treemapSection.card->setTitle(m_asked.then ? tr("%1 and %2").arg(fieldTitle(m_asked.by), fieldWord(*m_asked.then)) : fieldTitle(m_asked.by));
    m_treemapSection.card->setUnit(tr("area is %1").arg(measureWord(measure)));
    m_treemap->setGroups(treemapOf(m_costs, m_asked, m_colors));
}

void CostsPane::showTotals()
{
    const TotalsModel::Row chosen = m_totals->at(m_table->currentIndex().row());
    const bool had = m_table->currentIndex().isValid();
    m_totals->setCosts(m_costs, m_asked, m_colors);
    m_totalsSection.card->setUnit(m_asked.compare ? tr("against %1").arg(periodText(m_asked.shown.before, m_asked.zone)) : QString());
    fitColumns();
    for (int row = 0; had && row < m_totals->rowCount(); ++row)
        if (m_totals->at(row) == chosen)
            m_table->selectRow(row);
}

/// What there is room for, and what says something.
void CostsPane::fitColumns()
{
    const int across = width() - 34;
    const bool roomy = across > 980;
    m_table->setColumnHidden(TotalsModel::BeforeColumn, !m_asked.compare);
    m_table->setColumnHidden(TotalsModel::ChangeColumn, !m_asked.compare);
    m_table->setColumnHidden(TotalsModel::CostColumn, m_asked.measure == CostMeasure::Cost);
    m_table->setColumnHidden(TotalsModel::CallsColumn, m_asked.measure == CostMeasure::Calls);
    m_table->setColumnHidden(TotalsModel::TokensColumn, m_asked.measure == CostMeasure::Tokens);
    m_table->setColumnWidths({0, 110, 110, 90, 80, 100, 90, 120, roomy ? 100 : 80, roomy ? 120 : 96});
}

void CostsPane::showEmptiness()
{
    const bool nothing = m_costs.total.empty();
    m_never = nothing && gateway().store().committed == 0;
    showPage();
    const bool filtered = !view().filter().empty();
    m_nothing->setVisible(nothing && !m_never);
    if (nothing && !m_never)
        m_nothing->setContent(filtered ? tr("No call matches %1 in this range.").arg(bridge::qt(view().filter().text())) : tr("No calls in this range. Choose another one at the top, or by Dates."));
    for (QPushButton *clear : m_nothing->findChildren<QPushButton *>())
        clear->setVisible(filtered);
}

void CostsPane::showError(const gateway::Error &error)
{
    m_banner->setContent(tr("The costs cannot be read"), bridge::qt(error.message), lastGoodText(std::max(m_lastGood, gateway().store().lastGood)));
    setFailed(true);
    m_nothing->hide();
    m_never = false;
    showPage();
    for (StatTile *tile : {m_tiles.total, m_tiles.month, m_tiles.call, m_tiles.tokens, m_tiles.customer}) {
        tile->setLoading(false);
        tile->setStale(true);
    }
    for (const Section &section : {m_chartSection, m_treemapSection, m_totalsSection}) {
        section.skeleton->end();
        section.stack->setCurrentIndex(0);
        widgets::setDimmed(section.content, true);
    }
    const bool asIs = error.code == gateway::ErrorCode::BadRequest || error.code == gateway::ErrorCode::Invalid; // it would be refused again
    if (asIs) {
        m_banner->setAside({});
        return;
    }
    m_pace->start(retryMs); // tries again by itself
    m_banner->setAside(tr("tries again in 8 s"));
}

void CostsPane::setFailed(bool failed)
{
    m_banner->setVisible(failed);
    if (failed != std::exchange(m_failed, failed))
        Q_EMIT logTroubleChanged();
}

void CostsPane::setPeriod(const Period &period) { view().setRange({0, period.from, period.to}); }

void CostsPane::showDates(CostControls::Dates dates)
{
    using Dates = CostControls::Dates;
    const WallTime now = view().now();
    const Period month = monthAt(now, zone());
    switch (dates) {
    case Dates::ThisMonth: setPeriod(month); break;
    case Dates::LastMonth: setPeriod(monthAt(now, zone(), -1)); break;
    case Dates::LastThreeMonths: setPeriod({monthAt(now, zone(), -2).from, month.to}); break;
    case Dates::ThisYear: {
        const QDate today = inZone(now, zone()).date();
        setPeriod(daysBetween(QDate(today.year(), 1, 1), QDate(today.year(), 12, 31), zone()));
        break;
    }
    case Dates::Chosen: {
        const Period &shown = m_asked.shown.borders.empty() ? month : m_asked.shown.period;
        auto *dialog = new DatesDialog(inZone(shown.from, zone()).date(), inZone(shown.to - 1us, zone()).date(), zone(), this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &DatesDialog::chosen, this, [this](const QDate &first, const QDate &last) { setPeriod(daysBetween(first, last, zone())); });
        dialog->open();
    }
    }
}

void CostsPane::openCalls(const QString &term) { view().openCalls(panes::withFilter(bridge::qt(view().filter().text()), term)); }

/// Calls is shown with the bar's time; this pane goes back to its own when it is seen again.
void CostsPane::openBar(int bar, const QString &seriesId_, bool all)
{
    const auto group = std::ranges::find_if(m_costs.groups, [&](const CostBranch &branch) { return seriesId(branch) == seriesId_; });
    if (!all && group == m_costs.groups.end()) {
        view().toast(tr("These are several. Choose one of them in the table below."));
        return;
    }
    const auto term = all ? std::optional<QString>(QString()) : filterOf(*group, m_asked.by);
    if (!term) {
        openGroup(int(group - m_costs.groups.begin()), std::nullopt); // says why not
        return;
    }
    openBetween(m_asked.shown.borders[std::size_t(bar)], m_asked.shown.borders[std::size_t(bar) + 1], *term);
}

void CostsPane::openBetween(WallTime from, WallTime to, const QString &term)
{
    m_leaving = true;
    m_own = view().range();
    m_lent = bridge::RangeChoice {0, from, to};
    view().setRange(*m_lent);
    openCalls(term);
    m_leaving = false;
}

void CostsPane::openBill()
{
    std::vector<std::string> providers;
    for (const gateway::config::Provider &provider : gateway().config()->providers)
        providers.push_back(provider.name);
    auto *dialog = new BillDialog(m_tools, view(), providers, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &BillDialog::callsWanted, this, [this](const QDate &day, const QString &model) {
        const WallTime from = std::chrono::sys_seconds(std::chrono::seconds(day.startOfDay(Qt::UTC).toSecsSinceEpoch()));
        openBetween(from, from + 24h, filterOf({.kind = CostGroup::Kind::Named, .name = bridge::utf8(model)}, CostField::Model).value_or(QString()));
    });
    dialog->open();
}

void CostsPane::openReport()
{
    auto *tools = gateway::api::ReportTools::of(gateway());
    if (!tools)
        return;
    auto *dialog = new ReportDialog(gateway(), *tools, view(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void CostsPane::openGroup(int group, std::optional<int> part)
{
    const CostBranch &branch = m_costs.groups[std::size_t(group)];
    auto term = filterOf(branch, m_asked.by);
    if (term && part && *part >= 0) {
        const auto more = filterOf(branch.parts[std::size_t(*part)], *m_asked.then);
        term = more ? std::optional(panes::withFilter(*term, *more)) : std::nullopt;
    }
    if (!term) {
        const CostGroup &told = part && *part >= 0 ? branch.parts[std::size_t(*part)] : static_cast<const CostGroup &>(branch);
        view().toast(told.kind == CostGroup::Kind::Gone ? tr("These calls are no longer in the log; their sums are kept.") : tr("The filter has no word for calls without tags."));
        return;
    }
    openCalls(*term);
}

void CostsPane::openRow(int row)
{
    const TotalsModel::Row which = m_totals->at(row);
    if (which.group < 0)
        openCalls({});
    else
        openGroup(which.group, which.part < 0 ? std::nullopt : std::optional(which.part));
}

} // namespace ui::costs
