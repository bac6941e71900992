// SPDX-License-Identifier: GPL-3.0-or-later
// How the parts of the costs' pane are laid out and joined; what it does with them is in costs_pane.cpp.
#include "ui/panes/costs/costs_pane.h"

#include "gateway/api/report_tools.h"
#include "gateway/api/reprice_tools.h"
#include "ui/bridge/text.h"
#include "ui/widgets/card.h"
#include "ui/widgets/charts/chart_legend.h"
#include "ui/widgets/save_file.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/stat_tile.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QGridLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QScrollArea>
#include <QShortcut>
#include <QStackedLayout>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

using widgets::Button;
using widgets::Icon;
using widgets::SectionBanner;
using widgets::StatTile;

constexpr int slowMs = 1000;

} // namespace

CostsPane::CostsPane(const panes::PaneContext &context) :
    Pane(context), m_tools(*gateway::api::CostTools::of(*context.gateway)), m_controls(new CostControls(context.settings)), m_bars(new CostBars), m_treemap(new TreemapView), m_totals(new TotalsModel(this)),
    m_table(new widgets::TableView), m_legend(nullptr), m_banner(new SectionBanner), m_working(new SectionBanner(SectionBanner::Kind::Info)), m_sentence(new SectionBanner(SectionBanner::Kind::Success)),
    m_nothing(new SectionBanner(SectionBanner::Kind::Info)), m_stack(new QStackedLayout(this)), m_pace(new QTimer(this)), m_slow(new QTimer(this)), m_monthAsker(new QObject(this))
{
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(16, 12, 16, 8);
    column->setSpacing(8);
    setUpTop(column);
    setUpTiles(column);
    setUpCharts(column);
    setUpUnusual(column);
    setUpTotals(column);
    setUpStates(column);
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setAccessibleName(tr("Costs"));
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(page);
    m_stack->insertWidget(0, scroll);
    m_chartsPage = scroll;
    m_stack->setCurrentWidget(scroll);
    setUpSavings();
    setUpSql();
    setUpQuestions();
}

void CostsPane::setUpTop(QVBoxLayout *column)
{
    m_banner->setObjectName(u"costs.banner"_s);
    m_banner->addRetry();
    m_banner->hide();
    m_working->setObjectName(u"costs.working"_s);
    m_working->hide();
    m_sentence->setObjectName(u"costs.sentence"_s);
    m_sentence->hide();
    m_nothing->setObjectName(u"costs.nothing"_s);
    m_nothing->hide();
    column->addWidget(m_controls);
    for (SectionBanner *banner : {m_banner, m_working, m_nothing, m_sentence})
        column->addWidget(banner);
    connect(m_banner, &SectionBanner::retried, this, &CostsPane::ask);
    connect(m_working->addAction(Icon::Close, tr("Cancel")), &QPushButton::clicked, this, &CostsPane::cancel);
    connect(m_nothing->addAction(Icon::Close, tr("Clear filter")), &QPushButton::clicked, this, [this] { view().setFilterText({}); });
    auto *unpriced = m_sentence->addAction(Icon::Calls, tr("Show those calls"));
    unpriced->setObjectName(u"costs.unpriced"_s);
    m_unpriced = unpriced;
    connect(unpriced, &QPushButton::clicked, this, [this] { openCalls(u"NOT cost:>=0"_s); });
    setUpRepricing(column);
}

void CostsPane::setUpTiles(QVBoxLayout *column)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    const auto tile = [&](const QString &name, const QString &label, int series, const QString &term) {
        auto *made = new StatTile(label);
        made->setObjectName(u"costs."_s + name);
        made->setSeries(series);
        row->addWidget(made, 1);
        connect(made, &QAbstractButton::clicked, this, [this, term] { openCalls(term); });
        return made;
    };
    m_tiles.total = tile(u"total"_s, tr("Cost"), 2, {});
    m_tiles.call = tile(u"perCall"_s, tr("Per call"), 0, {});
    m_tiles.tokens = tile(u"perTokens"_s, tr("Per 1k tokens"), 0, {});
    m_tiles.customer = tile(u"perCustomer"_s, tr("Per customer"), 0, u"NOT customer:\"\""_s);
    m_tiles.month = new StatTile(tr("Month's end"));
    m_tiles.month->setObjectName(u"costs.month"_s);
    row->addWidget(m_tiles.month, 1);
    connect(m_tiles.month, &QAbstractButton::clicked, this, [this] { showDates(CostControls::Dates::ThisMonth); });
    column->addLayout(row);
}

CostsPane::Section CostsPane::section(const QString &name, const QString &title, QWidget *content)
{
    Section made {new widgets::Card(title), content, new widgets::SkeletonView(24), new QStackedLayout};
    made.card->setObjectName(u"costs."_s + name);
    auto *inside = new QWidget;
    inside->setLayout(made.stack); // first: what is added without it would be shown as a window
    made.stack->setContentsMargins(0, 0, 0, 0);
    made.stack->addWidget(content);
    made.stack->addWidget(made.skeleton);
    made.card->body()->addWidget(inside, 1);
    connect(made.skeleton, &widgets::SkeletonView::cancelled, this, &CostsPane::cancel);
    return made;
}

void CostsPane::setUpCharts(QVBoxLayout *column)
{
    m_bars->setObjectName(u"costs.bars"_s);
    m_bars->setAccessibleName(tr("Costs over time"));
    m_treemap->setObjectName(u"costs.treemap"_s);
    m_treemap->setAccessibleName(tr("Costs as areas"));
    auto *padded = new QWidget; // areas reach to the edge of their widget, and not to the card's
    auto *around = new QVBoxLayout(padded);
    around->setContentsMargins(10, 0, 10, 10);
    around->addWidget(m_treemap);
    m_chartSection = section(u"chartCard"_s, tr("Cost"), m_bars);
    m_chartSection.skeleton->setShape(widgets::SkeletonView::Shape::Chart);
    m_treemapSection = section(u"treemapCard"_s, tr("Shares"), padded);
    m_legend = new widgets::ChartLegend(m_chartSection.card->header());
    m_chartSection.card->addToHeader(m_legend);
    m_charts = new QWidget;
    auto *grid = new QHBoxLayout(m_charts);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(8);
    grid->addWidget(m_chartSection.card, 5);
    grid->addWidget(m_treemapSection.card, 3);
    for (const Section &section : {m_chartSection, m_treemapSection})
        section.card->setMinimumSize(280, 240);
    column->addWidget(m_charts, 5);
    connect(m_chartSection.card->menu()->addAction(themedIcon(Icon::Download), tr("Export PNG…")), &QAction::triggered, this, [this] { savePicture(u"costs"_s, [this] { return m_bars->toImage(); }); });
    connect(m_chartSection.card->menu()->addAction(themedIcon(Icon::Download), tr("Export CSV…")), &QAction::triggered, this, [this] { saveText(u"costs-over-time"_s, [this] { return barsCsv(m_bars->picture(), m_asked); }); });
    connect(m_treemapSection.card->menu()->addAction(themedIcon(Icon::Download), tr("Export PNG…")), &QAction::triggered, this, [this] { savePicture(u"cost-shares"_s, [this] { return m_treemap->toImage(); }); });
    connect(m_legend, &widgets::ChartLegend::clicked, this, [this](const QString &id) {
        if (id == QLatin1StringView(beforeId))
            return; // is of the whole
        m_bars->setSolo(m_bars->solo() == id ? QString() : id);
        m_legend->setSolo(m_bars->solo());
    });
    connect(m_bars, &CostBars::opened, this, &CostsPane::openBar);
    connect(m_treemap, &TreemapView::opened, this, &CostsPane::openGroup);
}

void CostsPane::setUpTotals(QVBoxLayout *column)
{
    m_table->setObjectName(u"costs.totals"_s);
    m_table->setAccessibleName(tr("Totals"));
    m_table->setModel(m_totals);
    m_table->setEdgePadding(12);
    m_table->setRowLines(true);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setSectionsClickable(false);
    m_totalsSection = section(u"totalsCard"_s, tr("Totals"), m_table);
    m_totalsSection.card->setMinimumHeight(200);
    if (gateway::api::RepriceTools::of(gateway())) {
        QAction *again = m_totalsSection.card->menu()->addAction(themedIcon(Icon::Refresh), tr("Price these calls again…"));
        again->setObjectName(u"costs.repriceAll"_s);
        connect(again, &QAction::triggered, this, [this] { openRepricing({}); });
    }
    column->addWidget(m_totalsSection.card, 4);
    connect(m_totalsSection.card->menu()->addAction(themedIcon(Icon::Download), tr("Export CSV…")), &QAction::triggered, this, [this] { saveText(u"cost-totals"_s, [this] { return m_totals->csv(); }); });
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &index) { openRow(index.row()); });
    connect(m_table, &QTableView::clicked, this, [this](const QModelIndex &index) {
        if (index.column() != TotalsModel::NameColumn)
            return;
        m_totals->setOpen(index.row(), !m_totals->isOpen(index.row()));
        m_table->selectRow(index.row());
    });
    for (const auto &[key, open] : {std::pair {Qt::Key_Right, true}, {Qt::Key_Left, false}}) {
        auto *shortcut = new QShortcut(key, m_table, nullptr, nullptr, Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, this, [this, open = open] {
            const int row = m_table->currentIndex().row();
            m_totals->setOpen(row, open);
            m_table->selectRow(row);
        });
    }
}

void CostsPane::setUpStates(QVBoxLayout *)
{
    auto *first = new widgets::EmptyState(tr("No calls yet. What they cost shows up here, by team, model, key and more."));
    first->setObjectName(u"costs.empty"_s);
    first->setAction(Icon::Terminal, tr("Show me how to call"))->setObjectName(u"costs.firstRun"_s);
    connect(first, &widgets::EmptyState::actionTriggered, this, [this] { view().openPane(u"firstrun"_s); });
    m_stack->addWidget(first);
    m_emptyPage = first;
}

void CostsPane::setUpQuestions()
{
    m_pace->setSingleShot(true);
    m_slow->setSingleShot(true);
    m_slow->setInterval(slowMs);
    connect(m_pace, &QTimer::timeout, this, &CostsPane::ask);
    connect(m_slow, &QTimer::timeout, this, [this] { m_working->setVisible(m_waiting && m_shownOnce); });
    connect(m_controls, &CostControls::changed, this, [this] {
        m_bars->setSolo({});
        m_legend->setSolo({});
        ask();
    });
    connect(m_controls, &CostControls::datesWanted, this, &CostsPane::showDates);
    connect(&gateway(), &gateway::api::Gateway::callsCommitted, this, [this] {
        if (active() && view().live() && moves())
            askSoon();
    });
    const auto again = [this] {
        if (active() && !m_leaving)
            ask();
    };
    connect(&view(), &bridge::ViewContext::rangeChanged, this, again);
    connect(&view(), &bridge::ViewContext::filterChanged, this, again);
    connect(&view(), &bridge::ViewContext::refreshRequested, this, [this, again] {
        m_monthAt = m_repricedShown.at = {};
        again();
    });
    connect(&view(), &bridge::ViewContext::liveChanged, this, [again](bool live) {
        if (live)
            again();
    });
    connect(&gateway(), &gateway::api::Gateway::configApplied, this, again);
}

QList<QWidget *> CostsPane::barWidgets()
{
    auto *exports = new Button(Icon::Download, tr("Export"));
    exports->setObjectName(u"costs.export"_s);
    exports->setTrailing(Icon::Down);
    auto *menu = new QMenu(exports);
    connect(menu->addAction(tr("Totals as CSV…")), &QAction::triggered, this, [this] { saveText(u"cost-totals"_s, [this] { return m_totals->csv(); }); });
    connect(menu->addAction(tr("Bars as CSV…")), &QAction::triggered, this, [this] { saveText(u"costs-over-time"_s, [this] { return barsCsv(m_bars->picture(), m_asked); }); });
    menu->addSeparator();
    connect(menu->addAction(tr("Bars as PNG…")), &QAction::triggered, this, [this] { savePicture(u"costs"_s, [this] { return m_bars->toImage(); }); });
    connect(menu->addAction(tr("Areas as PNG…")), &QAction::triggered, this, [this] { savePicture(u"cost-shares"_s, [this] { return m_treemap->toImage(); }); });
    connect(exports, &QPushButton::clicked, this, [exports, menu] { menu->popup(exports->mapToGlobal(QPoint(0, exports->height() + 2))); });
    auto *bill = new Button(Icon::Diff, tr("Bill…"));
    bill->setObjectName(u"costs.compareBill"_s);
    bill->setToolTip(tr("Hold a provider's bill beside the log."));
    connect(bill, &QPushButton::clicked, this, &CostsPane::openBill);
    auto *report = new Button(Icon::File, tr("Report…"));
    report->setObjectName(u"costs.makeReport"_s);
    report->setToolTip(tr("A report on what a team used in a week or month, to print or send; also by itself."));
    if (!gateway::api::ReportTools::of(gateway()))
        report->hide();
    connect(report, &QPushButton::clicked, this, &CostsPane::openReport);
    QStringList words;
    for (const Shape shape : shapes())
        words.append(shape == Shape::Chart ? tr("Chart") : shape == Shape::Table ? tr("Table") : shape == Shape::Sql ? tr("SQL") : tr("Savings"));
    m_shapes = new widgets::SegmentedControl(words);
    m_shapes->setObjectName(u"costs.shape"_s);
    m_shapes->setAccessibleName(tr("Costs as"));
    m_shapes->setToolTip(tr("F4 goes to SQL with what the charts show, and back"));
    m_shapes->setCurrent(int(shapes().indexOf(m_shape)));
    connect(m_shapes, &widgets::SegmentedControl::currentChanged, this, [this](int shape) { setShape(shapes().at(shape)); });
    return {report, bill, m_shapes, exports};
}

void CostsPane::savePicture(const QString &name, const std::function<QImage()> &picture)
{
    widgets::saveFile(this, widgets::pictureOffer(name), [picture] { return widgets::toPng(picture()); }, [this](const QString &words) { view().toast(words); });
}

void CostsPane::saveText(const QString &name, const std::function<QByteArray()> &text)
{
    widgets::saveFile(this, widgets::tableOffer(name), text, [this](const QString &words) { view().toast(words); });
}

QList<panes::PaletteEntry> CostsPane::paletteEntries()
{
    QList<panes::PaletteEntry> entries;
    for (std::size_t i = 0; i < gateway::costFieldCount; ++i) {
        const auto field = CostField(i);
        entries.append(paletteAction(Icon::Bars, tr("Costs by %1").arg(fieldWord(field)), {}, [this, field] { m_controls->setBy(field); }));
    }
    if (m_sql) {
        entries.append(paletteAction(Icon::Terminal, tr("SQL console"), {}, [this] { setShape(Shape::Sql); }));
        entries.append(paletteAction(Icon::Terminal, tr("Show costs as SQL"), tr("F4"), [this] { showAsSql(); }));
    }
    if (m_savings)
        entries.append(paletteAction(Icon::Bars, tr("What was saved"), {}, [this] { setShape(Shape::Savings); }));
    entries.append(paletteAction(Icon::Clock, tr("Costs of this month"), {}, [this] { showDates(CostControls::Dates::ThisMonth); }));
    if (gateway::api::ReportTools::of(gateway()))
        entries.append(paletteAction(Icon::File, tr("Report on a week or month…"), {}, [this] { openReport(); }));
    if (gateway::api::RepriceTools::of(gateway()))
        entries.append(paletteAction(Icon::Refresh, tr("Price calls again by the prices of now…"), {}, [this] { openRepricing({}); }));
    entries.append(paletteAction(Icon::Diff, tr("Compare a provider's bill with the log…"), {}, [this] { openBill(); }));
    entries.append(paletteAction(Icon::Download, tr("Export the totals of costs…"), {}, [this] { saveText(u"cost-totals"_s, [this] { return m_totals->csv(); }); }));
    return entries;
}

} // namespace ui::costs
