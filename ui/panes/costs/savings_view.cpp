// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/savings_view.h"

#include "ui/bridge/text.h"
#include "ui/panes/costs/cost_bars.h"
#include "ui/panes/costs/cost_words.h"
#include "ui/widgets/card.h"
#include "ui/widgets/charts/chart_legend.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/stat_tile.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QComboBox>
#include <QHeaderView>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <array>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

using gateway::CostField;
using gateway::Money;
using gateway::SavingFigures;
using gateway::Savings;
using widgets::Label;
using widgets::StatTile;

constexpr std::array fields {CostField::Team, CostField::Key, CostField::Route, CostField::Provider, CostField::Model};
constexpr char cacheId[] = "cache", promptId[] = "prompt", routeId[] = "route";

double dollars(Money money) { return double(money.nanos()) / 1e9; }

} // namespace

SavingsView::SavingsView(gateway::api::CostStudies &studies, QWidget *parent) :
    QWidget(parent), m_studies(studies), m_model(new SavingsModel(this)), m_by(new QComboBox), m_bars(new CostBars), m_table(new widgets::TableView), m_legend(nullptr), m_chartCard(new widgets::Card(tr("Saved by kind"))),
    m_tableCard(new widgets::Card), m_skeleton(new widgets::SkeletonView), m_banner(new widgets::SectionBanner), m_empty(new widgets::EmptyState(tr("Nothing was saved in this time: no answer came from the cache, no prompt from a provider's, and the first choice answered every call."))),
    m_note(new Label(Label::Kind::Secondary, {})), m_content(new QWidget), m_stack(new QStackedLayout)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 8);
    column->setSpacing(8);
    auto *row = new QHBoxLayout;
    auto *label = new Label(Label::Kind::Secondary, tr("Group by"));
    m_by->setObjectName(u"costs.savingsBy"_s);
    m_by->setAccessibleName(tr("Group by"));
    for (const CostField field : fields)
        m_by->addItem(fieldWord(field));
    label->setBuddy(m_by);
    row->addWidget(label);
    row->addWidget(m_by);
    row->addStretch(1);
    column->addLayout(row);
    m_banner->setObjectName(u"costs.savingsBanner"_s);
    m_banner->addRetry();
    m_banner->hide();
    column->addWidget(m_banner);
    connect(m_banner, &widgets::SectionBanner::retried, this, &SavingsView::askAgain);
    connect(m_by, &QComboBox::activated, this, &SavingsView::askAgain);
    auto *inside = new QVBoxLayout(m_content);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->setSpacing(8);
    setUpTiles(inside);
    setUpContent(inside);
    m_empty->setObjectName(u"costs.savingsEmpty"_s);
    m_skeleton->setShape(widgets::SkeletonView::Shape::Chart);
    column->addLayout(m_stack, 1);
    m_stack->addWidget(m_content);
    m_stack->addWidget(m_skeleton);
    m_stack->addWidget(m_empty);
    connect(m_skeleton, &widgets::SkeletonView::cancelled, this, &SavingsView::cancel);
}

void SavingsView::setUpTiles(QVBoxLayout *column)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    const auto tile = [&](const QString &name, const QString &label, const QString &tip, const QString &term) {
        auto *made = new StatTile(label);
        made->setObjectName(u"costs.saved"_s + name);
        made->setToolTip(tip);
        row->addWidget(made, 1);
        connect(made, &QAbstractButton::clicked, this, [this, term] { Q_EMIT callsWanted(term); });
        return made;
    };
    m_tiles.total = tile(u"Total"_s, tr("Saved"), tr("All three together"), {});
    m_tiles.cache = tile(u"Cache"_s, tr("Answers from the cache"), tr("What the same answers had cost the first time: exact, as far as that was known"), u"(cache:hit OR cache:semantic)"_s);
    m_tiles.prompt = tile(u"Prompt"_s, tr("Prompt caching"), tr("Estimate by the prices of now: cached input at its own price, less what writing it to the provider's cache costs"), {});
    m_tiles.route = tile(u"Route"_s, tr("Other targets"), tr("Estimate by the prices of now: what the first choice would have cost for the same tokens, less what was paid. Below zero where fallbacks cost more"), {});
    column->addLayout(row);
}

void SavingsView::setUpContent(QVBoxLayout *column)
{
    m_bars->setObjectName(u"costs.savingsBars"_s);
    m_bars->setAccessibleName(tr("Savings over time"));
    m_bars->setValueText([](double value) { return axisValueText(value, CostMeasure::Cost); }, [](double value) { return valueText(value, CostMeasure::Cost); });
    m_chartCard->setObjectName(u"costs.savingsCard"_s);
    m_chartCard->setMinimumHeight(184); // all of it fits a window of 640
    m_chartCard->body()->addWidget(m_bars, 1);
    m_legend = new widgets::ChartLegend(m_chartCard->header());
    m_chartCard->addToHeader(m_legend);
    column->addWidget(m_chartCard, 4);
    m_table->setObjectName(u"costs.savingsTable"_s);
    m_table->setAccessibleName(tr("Savings by group"));
    m_table->setModel(m_model);
    m_table->setEdgePadding(12);
    m_table->setRowLines(true);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setSectionsClickable(false);
    m_table->setColumnWidths({0, 120, 130, 130, 120, 110});
    m_tableCard->body()->addWidget(m_table, 1);
    m_tableCard->setMinimumHeight(132);
    column->addWidget(m_tableCard, 3);
    m_note->setObjectName(u"costs.savingsNote"_s);
    m_note->setWordWrap(true);
    column->addWidget(m_note);
    connect(m_bars, &CostBars::opened, this, [this](int bar, const QString &kind, bool all) { openBar(bar, all ? QString() : kind); });
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &index) { openRow(index.row()); });
    connect(m_legend, &widgets::ChartLegend::clicked, this, [this](const QString &id) {
        m_bars->setSolo(m_bars->solo() == id ? QString() : id);
        m_legend->setSolo(m_bars->solo());
    });
}

QWidget *SavingsView::focusTarget() const { return m_stack->currentWidget() == m_content ? static_cast<QWidget *>(m_bars) : m_by; }

void SavingsView::ask(const Shown &shown, const gateway::CallFilter &filter, const QTimeZone &zone)
{
    m_asking = shown;
    m_filter = filter;
    m_zone = zone;
    askAgain();
}

void SavingsView::askAgain()
{
    if (m_asking.borders.size() < 2)
        return;
    m_banner->hide();
    m_stack->setCurrentWidget(m_skeleton);
    if (!m_skeleton->waiting())
        m_skeleton->begin(tr("Looking at every call of this time"));
    const CostField by = fields[std::size_t(m_by->currentIndex())];
    m_studies.savings({.borders = m_asking.borders, .filter = m_filter, .by = by}, this, [this, by, generation = ++m_generation](const gateway::Result<Savings> &answer) {
        if (generation != m_generation)
            return;
        m_skeleton->end();
        m_stack->setCurrentWidget(m_content);
        if (!answer)
            return showError(answer.error());
        m_shown = m_asking;
        m_model->setSavings(*answer, by);
        take(*answer);
    });
}

void SavingsView::cancel()
{
    ++m_generation;
    m_studies.cancel(this);
    m_skeleton->end();
    m_stack->setCurrentWidget(m_content);
    showError({gateway::ErrorCode::Cancelled, "The question was cancelled."});
}

void SavingsView::take(const Savings &savings)
{
    m_savings = savings;
    m_shownOnce = true;
    widgets::setDimmed(m_content, false);
    if (savings.total == SavingFigures {}) {
        m_stack->setCurrentWidget(m_empty);
        return;
    }
    showTiles();
    showBars();
    m_tableCard->setTitle(tr("By %1").arg(fieldWord(fields[std::size_t(m_by->currentIndex())])));
    QString note = tr("The cache's part is what the same answers had cost before. Prompt caching and other targets are estimates by the prices of now. "
                      "Other targets are held against the one that was tried first, else against the one that the route's plan names first now.");
    if (savings.total.unknown > 0)
        note += u' ' + tr("%1 calls are left out: a price of theirs is not known.").arg(widgets::count(savings.total.unknown));
    m_note->setText(note);
}

void SavingsView::showTiles()
{
    const SavingFigures &total = m_savings.total;
    const double paid = dollars(m_savings.paid), saved = dollars(total.total());
    m_tiles.total->setValue(widgets::moneyTotal(total.total()));
    m_tiles.total->setNote(paid + saved > 0 && saved > 0 ? tr("%1 % of what it would have been; paid %2").arg(QString::number(100 * saved / (paid + saved), 'f', 1), widgets::moneyTotal(m_savings.paid)) : tr("paid %1").arg(widgets::moneyTotal(m_savings.paid)));
    const auto fill = [](StatTile *tile, Money money, std::uint64_t calls, const QString &kind) {
        tile->setValue(widgets::moneyTotal(money));
        tile->setNote(kind.arg(widgets::count(calls)));
    };
    fill(m_tiles.cache, total.cache, total.cacheCalls, tr("%1 calls"));
    fill(m_tiles.prompt, total.promptCache, total.promptCalls, tr("%1 calls, estimate"));
    fill(m_tiles.route, total.route, total.routeCalls, tr("%1 calls, estimate"));
}

/// Times in which other targets cost more hang below zero.
void SavingsView::showBars()
{
    CostBars::Picture picture;
    const auto &borders = m_shown.borders;
    picture.series = {{QString::fromLatin1(cacheId), tr("Cache"), 0, {}}, {QString::fromLatin1(promptId), tr("Prompt caching"), 2, {}}, {QString::fromLatin1(routeId), tr("Other targets"), 4, {}}};
    for (std::size_t i = 0; i + 1 < borders.size(); ++i) {
        picture.names.append(barText(borders[i], borders[i + 1], m_shown.per, m_zone));
        picture.axis.append(axisText(borders[i], i == 0 ? std::nullopt : std::optional(borders[i - 1]), m_shown.per, m_zone));
        const SavingFigures figures = i < m_savings.buckets.size() ? m_savings.buckets[i] : SavingFigures {};
        for (const auto &[at, money] : {std::pair(0, figures.cache), {1, figures.promptCache}, {2, figures.route}})
            picture.series[at].values.append(dollars(money));
    }
    QList<widgets::ChartLegend::Item> items;
    for (const CostBars::Series &series : picture.series)
        items.append({series.id, series.label, {}, series.color, false, 1});
    m_legend->setItems(items);
    m_chartCard->setUnit(tr("%1 %2, %3").arg(measureUnit(CostMeasure::Cost), perUnit(m_shown.per), periodText(m_shown.period, m_zone)));
    m_bars->setPicture(std::move(picture));
}

void SavingsView::showError(const gateway::Error &error)
{
    m_banner->setContent(tr("The savings cannot be read"), bridge::qt(error.message));
    m_banner->show();
    widgets::setDimmed(m_content, true);
    if (!m_shownOnce)
        for (StatTile *tile : {m_tiles.total, m_tiles.cache, m_tiles.prompt, m_tiles.route})
            tile->setValue(widgets::unknownText());
}

void SavingsView::openBar(int bar, const QString &kind)
{
    const QString term = kind == QLatin1StringView(cacheId) ? u"(cache:hit OR cache:semantic)"_s : QString();
    Q_EMIT callsBetweenWanted(m_shown.borders[std::size_t(bar)], m_shown.borders[std::size_t(bar) + 1], term);
}

void SavingsView::openRow(int row)
{
    const gateway::SavingsGroup *group = m_model->at(row);
    const CostGroup named {.kind = group == nullptr || group->name.empty() ? CostGroup::Kind::None : CostGroup::Kind::Named, .name = group ? group->name : std::string()};
    Q_EMIT callsWanted(group ? filterOf(named, fields[std::size_t(m_by->currentIndex())]).value_or(QString()) : QString());
}

} // namespace ui::costs
