// SPDX-License-Identifier: GPL-3.0-or-later
// How the parts of Overview are laid out and joined; what it does with them is in overview_pane.cpp.
#include "ui/panes/overview/overview_pane.h"

#include "ui/panes/overview/board.h"
#include "ui/panes/overview/movers_card.h"
#include "ui/panes/overview/movers_reader.h"
#include "ui/panes/overview/overview_charts.h"
#include "ui/panes/overview/overview_tiles.h"
#include "ui/panes/overview/pins.h"
#include "ui/panes/overview/providers_card.h"
#include "ui/panes/overview/tile_rows.h"
#include "ui/widgets/charts/chart_card.h"
#include "ui/widgets/save_file.h"
#include "ui/widgets/states.h"

#include <QMenu>
#include <QScrollArea>
#include <QStackedLayout>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace ui::overview {
namespace {

using widgets::Button;
using widgets::Icon;

constexpr int nowMs = 250;

/// A button of the bar that opens a menu, filled when it opens.
Button *menuButton(Icon icon, const QString &text, const QString &name, const std::function<void(QMenu *)> &fill)
{
    auto *button = new Button(icon, text);
    button->setObjectName(name);
    button->setTrailing(Icon::Down);
    auto *menu = new QMenu(button);
    QObject::connect(button, &QPushButton::clicked, menu, [button, menu, fill] {
        menu->clear();
        fill(menu);
        menu->popup(button->mapToGlobal(QPoint(button->width() - menu->sizeHint().width(), button->height() + 2)));
    });
    return button;
}

} // namespace

OverviewPane::OverviewPane(const panes::PaneContext &context) :
    Pane(context), m_tiles(new OverviewTiles(context, this)), m_charts(new OverviewCharts(context, this)), m_board(new Board(context.settings)), m_providers(new ProvidersCard), m_movers(new MoversCard),
    m_moversReader(new MoversReader(context, this)), m_banner(new widgets::SectionBanner), m_nothing(new widgets::SectionBanner(widgets::SectionBanner::Kind::Info)), m_page(new QWidget), m_scroll(new QScrollArea),
    m_stack(new QStackedLayout(this)), m_now(new QTimer(this)), m_pace(new QTimer(this))
{
    auto *column = new QVBoxLayout(m_page);
    column->setContentsMargins(16, 12, 16, 8);
    column->setSpacing(8);
    column->addWidget(m_banner);
    column->addWidget(m_nothing);
    auto *tiles = new TileRows;
    tiles->setObjectName(u"overview.tiles"_s);
    m_tiles->layInto(tiles);
    column->addWidget(tiles);
    setUpBoard();
    column->addWidget(m_board, 1);
    setUpStates();
    setUpQuestions();
}

void OverviewPane::setUpBoard()
{
    const auto add = [this](Figures figures) {
        for (const OverviewCharts::Chart &chart : m_charts->all())
            if (chart.figures == figures)
                m_board->add(chart.id, chart.card);
    };
    m_board->beginSection({});
    add(Figures::Latency);
    add(Figures::Errors);
    add(Figures::Cost);
    m_board->add(u"providers"_s, m_providers);
    m_board->beginSection(tr("Speed and use"));
    add(Figures::FirstToken);
    add(Figures::Tokens);
    add(Figures::Cache);
    m_board->beginSection(tr("Against the period before"));
    m_board->add(u"movers"_s, m_movers);
    m_board->beginSection(tr("Pinned queries"));
    m_pins = new Pins(context(), *m_board, this);
    connect(m_board, &Board::cardHidden, this, [this](const QString &id, const QString &name) { view().toast(tr("%1 hidden").arg(name), [this, id] { m_board->setHidden(id, false); }); });
    connect(m_providers, &ProvidersCard::opened, this, [this](const QString &provider) { view().openPane(u"providers"_s, provider); });
    connect(m_providers, &ProvidersCard::addRequested, this, [this] { view().openPane(u"providers"_s); });
    connect(m_movers, &MoversCard::opened, this, &OverviewPane::openMover);
    connect(m_movers, &MoversCard::retried, this, [this] {
        m_moversReader->forget();
        m_moversReader->ask();
    });
    connect(m_movers->menu()->addAction(widgets::themedIcon(Icon::Download), tr("Export CSV…")), &QAction::triggered, this,
        [this] { widgets::saveFile(this, widgets::tableOffer(u"moved-most"_s), [this] { return m_movers->csv(); }, [this](const QString &words) { view().toast(words); }); });
}

void OverviewPane::setUpStates()
{
    m_banner->setObjectName(u"overview.banner"_s);
    m_banner->addRetry();
    m_banner->hide();
    m_nothing->hide();
    connect(m_banner, &widgets::SectionBanner::retried, this, &OverviewPane::ask);
    connect(m_nothing->addAction(Icon::Close, tr("Clear filter")), &QPushButton::clicked, this, [this] { view().setFilterText({}); });
    auto *first = new widgets::EmptyState(tr("No calls yet. The first one shows up here at once."));
    first->setObjectName(u"overview.empty"_s);
    first->setAction(Icon::Terminal, tr("Show me how to call"))->setObjectName(u"overview.firstRun"_s);
    connect(first, &widgets::EmptyState::actionTriggered, this, [this] { view().openPane(u"firstrun"_s); });
    m_scroll->setObjectName(u"overview.scroll"_s);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setAccessibleName(tr("Overview"));
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(m_page);
    m_stack->addWidget(m_scroll);
    m_stack->addWidget(first);
}

void OverviewPane::setUpQuestions()
{
    m_now->setInterval(nowMs);
    m_pace->setSingleShot(true);
    connect(m_now, &QTimer::timeout, this, &OverviewPane::showNow);
    connect(m_pace, &QTimer::timeout, this, &OverviewPane::ask);
    connect(m_charts, &OverviewCharts::retried, this, &OverviewPane::ask);
    connect(m_charts, &OverviewCharts::cancelled, this, &OverviewPane::cancel);
    connect(m_moversReader, &MoversReader::changed, this, &OverviewPane::showMovers);
    connect(&gateway(), &gateway::api::Gateway::callsCommitted, this, [this] {
        if (active() && view().live())
            askSoon();
    });
    const auto again = [this] {
        if (active())
            ask();
    };
    connect(&view(), &bridge::ViewContext::rangeChanged, this, again);
    connect(&view(), &bridge::ViewContext::filterChanged, this, again);
    connect(&view(), &bridge::ViewContext::refreshRequested, this, [this, again] {
        m_stripsAt = {};
        m_moversReader->forget();
        if (active())
            m_pins->refresh();
        again();
    });
    connect(&view(), &bridge::ViewContext::liveChanged, this, [again](bool live) {
        if (live)
            again();
    });
    connect(&gateway(), &gateway::api::Gateway::configApplied, this, [this, again] {
        m_stripsAt = {}; // providers may have come or gone
        again();
    });
}

QList<OverviewPane::Export> OverviewPane::exports()
{
    const auto entry = [this](const QString &text, widgets::SaveOffer (*offer)(const QString &), const std::function<QByteArray()> &content) {
        return Export {text, [this, offer, content] { widgets::saveFile(this, offer(u"overview"_s), content, [this](const QString &words) { view().toast(words); }); }};
    };
    return {entry(tr("Page as PNG…"), widgets::pictureOffer, [this] { return png(); }), entry(tr("Page as SVG…"), widgets::drawingOffer, [this] { return svg(); }),
        entry(tr("Figures as CSV…"), widgets::tableOffer, [this] { return csv(); })};
}

QList<QWidget *> OverviewPane::barWidgets()
{
    Button *cards = menuButton(Icon::Columns, tr("Cards"), u"overview.cards"_s, [this](QMenu *menu) { m_board->fillMenu(menu); });
    cards->setToolTip(tr("Which cards are shown"));
    Button *out = menuButton(Icon::Download, tr("Export"), u"overview.export"_s, [this](QMenu *menu) {
        for (const Export &one : exports())
            connect(menu->addAction(one.text), &QAction::triggered, this, one.run);
    });
    return {cards, out};
}

QList<panes::PaletteEntry> OverviewPane::paletteEntries()
{
    QList<panes::PaletteEntry> entries;
    for (const OverviewCharts::Chart &chart : m_charts->all()) {
        widgets::ChartCard *card = chart.card;
        if (!card->isHidden())
            entries.append({tr("Overview"), Icon::Table, card->tableShown() ? tr("%1 as a chart").arg(card->accessibleName()) : tr("%1 as a table").arg(card->accessibleName()), {}, {},
                [card] { card->setTableShown(!card->tableShown()); }});
    }
    for (const Export &one : exports())
        entries.append({tr("Overview"), Icon::Download, one.text, tr("Overview"), {}, one.run});
    return entries;
}

} // namespace ui::overview
