// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/calls_pane.h"

#include "ui/bridge/text.h"
#include "ui/panes/calls/call_export.h"
#include "ui/panes/calls/call_figures.h"
#include "ui/panes/calls/call_inspector.h"
#include "ui/panes/calls/call_list_model.h"
#include "ui/panes/calls/call_table.h"
#include "ui/panes/calls/counts_bar.h"
#include "ui/panes/calls/export_strip.h"
#include "ui/widgets/format.h"
#include "ui/widgets/states.h"

#include <QClipboard>
#include <QFileDialog>
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
    setUpTop(column);
    setUpList(column);
    setUpLive();
}

CallsPane::~CallsPane()
{
    if (context().settings && m_inspector->isVisible())
        context().settings->setValue(u"calls/splitter"_s, m_splitter->saveState());
}

QString CallsPane::filterHint() const { return tr("Filter: team:search status:>=500, or words"); }

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
    column->addWidget(m_counts);
    column->addWidget(m_selection);
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

void CallsPane::setUpList(QVBoxLayout *column)
{
    m_table->setObjectName(u"calls.table"_s);
    m_table->setAccessibleName(tr("Calls, newest first"));
    m_inspector->setObjectName(u"calls.inspector"_s);
    m_skeleton->setObjectName(u"calls.skeleton"_s);
    m_table->viewport()->installEventFilter(this);
    m_list->addWidget(m_table);
    m_splitter->setObjectName(u"calls.splitter"_s);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_listArea);
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

QList<panes::PaletteEntry> CallsPane::paletteEntries()
{
    return {
        {tr("Calls"), Icon::Filter, tr("Show failed and rescued calls"), {}, {}, [this] { view().openCalls(u"status:>=400 OR attempts:>1"_s); }},
        {tr("Calls"), Icon::Download, tr("Export calls as CSV…"), {}, {}, [this] { exportCalls(false); }},
        {tr("Calls"), Icon::Download, tr("Export calls as JSON lines…"), {}, {}, [this] { exportCalls(true); }},
    };
}

void CallsPane::activated()
{
    if (!m_asked || m_stale) {
        reload();
    } else if (view().live()) {
        m_model->askNew();
        askFigures();
    }
}

void CallsPane::deactivated()
{
    m_poll->stop();
    m_figuresPace->stop();
}

void CallsPane::reloadOrRemember()
{
    if (active())
        reload();
    else
        m_stale = true;
}

gateway::TimeRange CallsPane::listRange() const
{
    const gateway::TimeRange range = view().timeRange();
    if (!m_brush)
        return range;
    return {m_brush->from, m_brush->to};
}

void CallsPane::reload()
{
    m_asked = true;
    m_stale = m_cancelled = false;
    m_goTop = false;
    m_new = 0;
    m_counts->setNew(0);
    m_list->setCurrentWidget(m_table);
    m_model->setToday(view().now());
    m_model->setQuestion(listRange(), view().filter());
    m_skeleton->setAutoFillBackground(false); // what is there shows through until the blocks do
    m_skeleton->begin(tr("Reading the call log"));
    m_cover->start();
    m_figures->forget();
}

void CallsPane::askFigures() { m_figures->setQuestion(view().timeRange(), view().filter(), m_brush, view().now()); }

void CallsPane::showAnswered()
{
    m_skeleton->end();
    m_failed = false;
    m_lastGood = view().now();
    m_table->scrollToTop();
    const int row = m_inspector->isVisible() ? m_model->rowOf(m_inspected) : -1;
    if (row >= 0)
        m_table->showRow(row);
    askFigures(); // rows first, count later
    showState();
    showSelection();
}

void CallsPane::showFailed(const QString &problem)
{
    m_skeleton->end();
    m_failed = true;
    const QString headline = tr("Cannot read the call log");
    m_banner->setContent(headline, problem.startsWith(headline) ? problem.mid(headline.size() + 1).trimmed() : problem, m_lastGood > gateway::WallTime {} ? tr("last good %1").arg(widgets::timeOfDay(m_lastGood)) : QString());
    showCounts();
}

void CallsPane::showCame(int above)
{
    m_failed = false;
    m_lastGood = view().now();
    if (!m_table->atTop() && above > 0)
        m_counts->setNew(m_new += above, m_goTop);
    showState();
}

void CallsPane::showCounts()
{
    m_counts->setCounts({m_figures->counts(), m_brush ? m_figures->selected() : std::nullopt, !view().filter().empty(), m_figures->counting() && !m_failed, m_model->rowCount(), m_model->complete()});
    m_counts->setBins(m_figures->bins());
    if (!m_figures->bins().empty()) {
        m_histogram->setBins(m_figures->span(), m_figures->bucketSeconds(), m_figures->bins());
        const QString step = m_figures->bucketSeconds() < 60 ? tr("%1 s").arg(m_figures->bucketSeconds()) : widgets::span(std::chrono::seconds {m_figures->bucketSeconds()});
        m_counts->setUnit(tr("calls per %1, drag to select").arg(step));
    }
    showState();
}

QString CallsPane::rangeWords() const
{
    if (m_brush)
        return tr("between %1 and %2").arg(widgets::hourMinute(m_brush->from), widgets::hourMinute(m_brush->to));
    const bridge::RangeChoice &range = view().range();
    if (range.moving())
        return range.lastSeconds == 3600 ? tr("in the last hour") : tr("in the %1").arg(bridge::toText(range).toLower());
    return tr("in %1").arg(bridge::toText(range));
}

void CallsPane::showState()
{
    m_bannerSpace->setVisible(m_failed);
    widgets::setDimmed(m_table, m_failed && m_model->rowCount() > 0);
    const bool nothing = !m_failed && !m_model->asking() && m_model->rowCount() == 0 && m_asked;
    const bool never = gateway().store().committed == 0;
    m_histogram->setVisible(!nothing || !never);
    m_counts->setVisible((!nothing || !never) && m_selection->isHidden());
    if (!nothing) {
        m_list->setCurrentWidget(m_table);
        return;
    }
    delete m_empty;
    m_empty = new widgets::EmptyState({});
    m_empty->setObjectName(u"calls.empty"_s);
    if (never) {
        m_empty->setSentence(tr("No calls yet. The first one shows up here at once."));
        connect(m_empty->setAction(Icon::Terminal, tr("Show me how to call")), &QPushButton::clicked, this, [this] { view().openPane(u"firstrun"_s); });
    } else if (!view().filter().empty()) {
        m_empty->setPicture(false);
        m_empty->setSentence(tr("No call matches <code>%1</code> %2.").arg(qt(view().filter().text()).toHtmlEscaped(), rangeWords()));
        if (m_figures->counts())
            m_empty->setNote(tr("%1 calls are hidden by the filter.").arg(widgets::count(m_figures->counts()->all)));
        connect(m_empty->setAction(Icon::Close, tr("Clear filter"), Button::Kind::Plain), &QPushButton::clicked, this, [this] { view().setFilterText({}); });
    } else if (m_brush) {
        m_empty->setPicture(false);
        m_empty->setSentence(tr("No call %1.").arg(rangeWords()));
        connect(m_empty->setAction(Icon::Close, tr("Show the whole range"), Button::Kind::Plain), &QPushButton::clicked, this, [this] { setBrush(std::nullopt); });
    } else {
        m_empty->setPicture(false);
        m_empty->setSentence(tr("No call %1.").arg(rangeWords()));
        connect(m_empty->setAction(Icon::Clock, tr("Show the last 30 days"), Button::Kind::Plain), &QPushButton::clicked, this, [this] { view().setRange({thirtyDays, {}, {}}); });
    }
    m_list->addWidget(m_empty);
    m_list->setCurrentWidget(m_empty);
}

void CallsPane::showSelection()
{
    int selected = 0;
    for (const QItemSelectionRange &range : m_table->selectionModel()->selection())
        selected += range.height();
    m_selection->setCount(selected > 1 ? selected : 0);
    m_counts->setVisible(selected <= 1);
}

void CallsPane::setBrush(const std::optional<HistogramView::Span> &brush)
{
    m_brush = brush;
    m_histogram->setSelected(brush);
    m_counts->setTime(brush ? tr("%1 – %2").arg(brush->to - brush->from < std::chrono::minutes {5} ? widgets::timeOfDay(brush->from) : widgets::hourMinute(brush->from),
                                  brush->to - brush->from < std::chrono::minutes {5} ? widgets::timeOfDay(brush->to) : widgets::hourMinute(brush->to))
                            : QString());
    reload();
}

void CallsPane::inspect(int row)
{
    const RowPtr call = m_model->call(row);
    if (!call)
        return;
    m_inspected = qt(call->record.id);
    m_inspector->showCall(call->record);
    if (m_inspector->isHidden()) {
        m_inspector->show();
        const QByteArray kept = context().settings ? context().settings->value(u"calls/splitter"_s).toByteArray() : QByteArray();
        if (kept.isEmpty() || !m_splitter->restoreState(kept))
            shareHeight();
    }
    m_table->setHeld(true);
    if (m_table->currentIndex().row() != row)
        m_table->showRow(row);
    // Once the inspector has taken its place.
    QTimer::singleShot(0, m_table, [this] {
        if (m_table->currentIndex().isValid())
            m_table->scrollTo(m_table->currentIndex());
    });
}

void CallsPane::closeInspector()
{
    if (m_inspector->isVisible() && context().settings)
        context().settings->setValue(u"calls/splitter"_s, m_splitter->saveState());
    m_inspector->hide();
    m_table->setHeld(false);
    m_table->setFocus();
}

void CallsPane::openItem(const QString &item)
{
    m_inspected = item;
    const int row = m_model->rowOf(item);
    if (row >= 0) {
        inspect(row);
        return;
    }
    m_table->clearSelection();
    m_inspector->showId(item);
    m_inspector->show();
    shareHeight();
    m_table->setHeld(true);
}

void CallsPane::shareHeight()
{
    const int lower = qMin(inspectorHeight, m_splitter->height() * 55 / 100);
    m_splitter->setSizes({m_splitter->height() - lower, lower});
}

void CallsPane::keyPressEvent(QKeyEvent *event)
{
    if (event->modifiers() == Qt::NoModifier && (event->key() == Qt::Key_J || event->key() == Qt::Key_K)) {
        m_table->step(event->key() == Qt::Key_J ? 1 : -1);
        return;
    }
    if (event->key() == Qt::Key_Escape && m_inspector->isVisible()) {
        closeInspector();
        return;
    }
    Pane::keyPressEvent(event);
}

bool CallsPane::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_table->viewport() && event->type() == QEvent::Resize)
        m_skeleton->setGeometry(m_table->viewport()->rect());
    return Pane::eventFilter(watched, event);
}

void CallsPane::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), widgets::colorsOf(this).surface);
}

void CallsPane::exportCalls(bool jsonLines, const QStringList &only)
{
    if (m_export->running()) {
        view().toast(tr("One export is running. Wait for it, or cancel it."));
        return;
    }
    const QString suffix = jsonLines ? u"jsonl"_s : u"csv"_s;
    auto *dialog = new QFileDialog(this, tr("Export calls"), {}, jsonLines ? tr("JSON lines (*.jsonl)") : tr("CSV (*.csv)"));
    dialog->setObjectName(u"calls.exportDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(u"calls."_s + suffix);
    CallExport::Job job;
    job.format = jsonLines ? CallExport::Format::JsonLines : CallExport::Format::Csv;
    job.range = listRange();
    job.filter = view().filter();
    job.only = QSet<QString>(only.begin(), only.end());
    const auto &counts = m_brush ? m_figures->selected() : m_figures->counts();
    job.expected = only.isEmpty() ? (counts ? counts->found : 0) : std::uint64_t(only.size());
    connect(dialog, &QFileDialog::fileSelected, this, [this, job](const QString &path) { m_export->start(path, job); });
    dialog->open();
}

} // namespace ui::calls
