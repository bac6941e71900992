// SPDX-License-Identifier: GPL-3.0-or-later
// How the parts of the call log's pane are laid out and joined; what it does with them is in calls_pane.cpp.
#include "ui/panes/calls/calls_pane.h"

#include "ui/bridge/text.h"
#include "ui/panes/calls/call_actions.h"
#include "ui/panes/calls/call_export.h"
#include "ui/panes/calls/call_figures.h"
#include "ui/panes/calls/call_inspector.h"
#include "ui/panes/calls/call_list_model.h"
#include "ui/panes/calls/call_table.h"
#include "ui/panes/calls/counts_bar.h"
#include "ui/panes/calls/empty_list.h"
#include "ui/panes/calls/export_strip.h"
#include "ui/widgets/format.h"
#include "ui/widgets/states.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QSettings>
#include <QSplitter>
#include <QStackedLayout>
#include <QTimer>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using bridge::qt;
using widgets::Button;
using widgets::Icon;

constexpr int pollMs = 100;
constexpr int skeletonMs = 150;
constexpr int figuresMs = 1000;
constexpr int inspectorHeight = 304;
constexpr std::int64_t thirtyDays = 30 * 86400;

} // namespace

CallsPane::CallsPane(const panes::PaneContext &context) :
    Pane(context), m_model(new CallListModel(context.gateway, this)), m_figures(new CallFigures(context.gateway, this)), m_export(new CallExport(context.gateway, this)),
    m_counts(new CountsBar), m_selection(new widgets::SelectionBar), m_histogram(new HistogramView), m_banner(new widgets::SectionBanner), m_strip(new ExportStrip(m_export)),
    m_table(new CallTable(m_model)), m_listArea(new QWidget), m_list(new QStackedLayout(m_listArea)), m_skeleton(new widgets::SkeletonView(24, m_table->viewport())),
    m_splitter(new QSplitter(Qt::Vertical)), m_inspector(new CallInspector(context)), m_poll(new QTimer(this)), m_figuresPace(new QTimer(this)), m_cover(new QTimer(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    QWidget *upper = makeUpper();
    setUpTop(column);
    setUpList(column, upper);
    setUpLive();
    m_actions = new CallActions(context, m_table, m_inspector, m_selection, this);
}

void CallsPane::setUpTop(QVBoxLayout *column)
{
    m_histogram->setObjectName(u"calls.histogram"_s);
    m_banner->setObjectName(u"calls.banner"_s);
    m_banner->addRetry();
    m_selection->setObjectName(u"calls.selection"_s);
    m_selection->setFixedHeight(36);
    m_bannerSpace = new QWidget;
    auto *bannerLayout = new QVBoxLayout(m_bannerSpace);
    bannerLayout->setContentsMargins(16, 8, 16, 0);
    bannerLayout->addWidget(m_banner);
    m_bannerSpace->hide();
    column->addWidget(m_bannerSpace);
    auto *line = new QHBoxLayout;
    line->setSpacing(0);
    auto *bar = new QHBoxLayout;
    fillViewBar(bar);
    line->addLayout(bar);
    line->addWidget(m_counts, 1);
    line->addWidget(m_selection, 1);
    column->addLayout(line);
    column->addWidget(m_histogram);
    column->addWidget(m_strip);
    connect(m_banner, &widgets::SectionBanner::retried, this, &CallsPane::reload);
    connect(m_histogram, &HistogramView::selectionChanged, this, &CallsPane::setBrush);
    connect(m_counts, &CountsBar::timeCleared, this, [this] { setBrush(std::nullopt); });
    connect(m_counts, &CountsBar::newWanted, this, [this] {
        m_table->scrollToTop();
        if (m_goTop)
            reload();
    });
    connect(m_selection->addAction(Icon::Download, tr("Export as CSV…")), &QPushButton::clicked, this, [this] { exportCalls(false, m_table->selectedIds()); });
    connect(m_selection->addAction(Icon::Download, tr("Export as JSON lines…")), &QPushButton::clicked, this, [this] { exportCalls(true, m_table->selectedIds()); });
    connect(m_selection->addAction(Icon::Copy, tr("Copy ids")), &QPushButton::clicked, this, [this] {
        const QStringList ids = m_table->selectedIds();
        QGuiApplication::clipboard()->setText(ids.join(u'\n'));
        view().toast(tr("%1 call ids copied").arg(widgets::count(std::uint64_t(ids.size()))));
    });
    connect(m_selection, &widgets::SelectionBar::cleared, m_table, &QAbstractItemView::clearSelection);
}

void CallsPane::setUpList(QVBoxLayout *column, QWidget *upper)
{
    m_table->setObjectName(u"calls.table"_s);
    m_table->setAccessibleName(tr("Calls, newest first"));
    m_inspector->setObjectName(u"calls.inspector"_s);
    m_skeleton->setObjectName(u"calls.skeleton"_s);
    m_table->viewport()->installEventFilter(this);
    m_list->addWidget(m_table);
    m_splitter->setObjectName(u"calls.splitter"_s);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(upper);
    m_splitter->addWidget(m_inspector);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_inspector->setMinimumHeight(160);
    m_listArea->setMinimumHeight(28 + 5 * 24);
    m_inspector->hide();
    column->addWidget(m_splitter, 1);
    if (context().settings)
        m_table->setShownColumns(context().settings->value(u"calls/columns"_s, m_table->shownColumns()).toStringList());
    connect(m_table, &CallTable::columnsChanged, this, [this] {
        if (context().settings)
            context().settings->setValue(u"calls/columns"_s, m_table->shownColumns());
    });
    connect(m_table, &CallTable::inspectWanted, this, &CallsPane::inspect);
    connect(m_table, &CallTable::currentRowChanged, this, [this](int row) {
        if (m_inspector->isVisible())
            inspect(row);
    });
    connect(m_table, &CallTable::closeWanted, this, &CallsPane::closeInspector);
    connect(m_table, &CallTable::termWanted, this, [this](const QString &term, bool exclude) { view().setFilterText(withTerm(qt(view().filter().text()), term, exclude)); });
    connect(m_table, &CallTable::viewMoved, this, [this] {
        if (m_table->atTop() && !m_goTop) {
            m_new = 0;
            m_counts->setNew(0);
        }
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &CallsPane::showSelection);
    connect(m_inspector, &CallInspector::closeWanted, this, &CallsPane::closeInspector);
    connect(m_skeleton, &widgets::SkeletonView::cancelled, this, [this] {
        m_model->cancel();
        m_cancelled = true;
        showFailed(tr("The question was cancelled."));
    });
}

void CallsPane::setUpLive()
{
    m_cover->setSingleShot(true);
    m_cover->setInterval(skeletonMs);
    connect(m_cover, &QTimer::timeout, this, [this] { m_skeleton->setAutoFillBackground(true); });
    m_poll->setSingleShot(true);
    m_poll->setInterval(pollMs);
    m_figuresPace->setSingleShot(true);
    m_figuresPace->setInterval(figuresMs);
    connect(m_poll, &QTimer::timeout, this, [this] {
        if (m_failed && !m_cancelled && !m_model->asking())
            reload(); // something was stored: the log can be read again
        else
            m_model->askNew();
    });
    connect(m_figuresPace, &QTimer::timeout, this, [this] {
        if (m_figures->asking())
            m_figuresPace->start();
        else
            askFigures();
    });
    connect(&gateway(), &gateway::api::Gateway::callsCommitted, this, [this] {
        if (!active() || !view().live())
            return;
        if (!m_poll->isActive())
            m_poll->start();
        if (!m_figuresPace->isActive())
            m_figuresPace->start();
        if (m_facetsPace && !m_facetsPace->isActive())
            m_facetsPace->start();
    });
    connect(m_model, &CallListModel::answered, this, &CallsPane::showAnswered);
    connect(m_model, &CallListModel::failed, this, &CallsPane::showFailed);
    connect(m_model, &CallListModel::rowsCame, this, &CallsPane::showCame);
    connect(m_model, &CallListModel::tooManyCame, this, [this] {
        if (m_table->atTop() && !m_inspector->isVisible()) {
            reload();
        } else {
            m_goTop = true;
            m_counts->setNew(2000, true);
        }
    });
    connect(m_figures, &CallFigures::changed, this, &CallsPane::showCounts);
    connect(&view(), &bridge::ViewContext::rangeChanged, this, [this] {
        m_brush.reset();
        m_histogram->setSelected(std::nullopt);
        m_counts->setTime({});
        reloadOrRemember();
    });
    connect(&view(), &bridge::ViewContext::filterChanged, this, &CallsPane::reloadOrRemember);
    connect(&view(), &bridge::ViewContext::filterChanged, m_inspector, [this] { m_inspector->setFilter(view().filter()); });
    m_inspector->setFilter(view().filter());
    connect(&view(), &bridge::ViewContext::refreshRequested, this, &CallsPane::reloadOrRemember);
    connect(&view(), &bridge::ViewContext::liveChanged, this, [this](bool live) {
        if (live && active()) {
            m_model->askNew();
            askFigures();
        }
    });
    const auto showTeams = [this] {
        QStringList teams;
        const auto config = gateway().config(); // named: a range's temporary ends before its loop begins
        for (const auto &team : config->teams)
            teams.append(qt(team.name));
        m_model->setTeams(teams);
    };
    connect(&gateway(), &gateway::api::Gateway::configApplied, this, showTeams);
    showTeams();
}

QList<QWidget *> CallsPane::barWidgets()
{
    auto *columns = new Button(Icon::Columns, tr("Columns"));
    columns->setObjectName(u"calls.columns"_s);
    auto *columnMenu = new QMenu(columns);
    connect(columns, &QPushButton::clicked, this, [this, columns, columnMenu] {
        m_table->fillColumnMenu(columnMenu);
        columnMenu->popup(columns->mapToGlobal(QPoint(0, columns->height() + 2)));
    });
    auto *save = new Button(Icon::Download, tr("Export"));
    save->setObjectName(u"calls.export"_s);
    auto *saveMenu = new QMenu(save);
    connect(saveMenu->addAction(tr("The calls found, as CSV…")), &QAction::triggered, this, [this] { exportCalls(false); });
    connect(saveMenu->addAction(tr("The calls found, as JSON lines…")), &QAction::triggered, this, [this] { exportCalls(true); });
    connect(save, &QPushButton::clicked, this, [save, saveMenu] { saveMenu->popup(save->mapToGlobal(QPoint(save->width() - saveMenu->sizeHint().width(), save->height() + 2))); });
    return {columns, save};
}

} // namespace ui::calls
