// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/calls_pane.h"

#include "ui/bridge/text.h"
#include "ui/panes/calls/bonds_view.h"
#include "ui/panes/calls/call_actions.h"
#include "ui/panes/calls/call_export.h"
#include "ui/panes/calls/call_figures.h"
#include "ui/panes/calls/call_inspector.h"
#include "ui/panes/calls/call_list_model.h"
#include "ui/panes/calls/call_table.h"
#include "ui/panes/calls/call_tree_view.h"
#include "ui/panes/calls/causes_view.h"
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

CallsPane::~CallsPane()
{
    if (context().settings && m_inspector->isVisible())
        context().settings->setValue(u"calls/splitter"_s, m_splitter->saveState());
}

QString CallsPane::filterHint() const { return tr("Filter by words or fields, for example `team:search status:>=500`"); }

QList<panes::PaletteEntry> CallsPane::paletteEntries()
{
    QList<panes::PaletteEntry> entries {
        {tr("Calls"), Icon::Filter, tr("Show failed and rescued calls"), {}, {}, [this] { view().openCalls(u"status:>=400 OR attempts:>1"_s); }},
        {tr("Calls"), Icon::Download, tr("Export calls as CSV…"), {}, {}, [this] { exportCalls(false); }},
        {tr("Calls"), Icon::Download, tr("Export calls as JSON lines…"), {}, {}, [this] { exportCalls(true); }},
    };
    if (m_tools) {
        entries.append({tr("Calls"), Icon::Error, tr("Show causes of errors"), {}, {}, [this] { showShape(Shape::Causes); }});
        entries.append({tr("Calls"), Icon::Chain, tr("Show sessions and traces"), {}, {}, [this] { showShape(Shape::Bonds); }});
    }
    return entries + m_actions->paletteEntries();
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
    if (m_facetsPace)
        m_facetsPace->stop();
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
    cancelViews();
    askShape();
}

void CallsPane::askFigures() { m_figures->setQuestion(view().timeRange(), view().filter(), m_brush, view().now()); }

void CallsPane::uncover()
{
    m_cover->stop();
    m_skeleton->end();
}

void CallsPane::showAnswered()
{
    uncover();
    m_failed = false;
    m_lastGood = view().now();
    m_table->scrollToTop();
    const int row = m_inspector->isVisible() ? m_model->rowOf(m_inspected) : -1;
    if (row >= 0)
        m_table->showRow(row);
    askFigures(); // rows first, count later
    askFacets();
    showState();
    showSelection();
}

void CallsPane::showFailed(const QString &problem)
{
    uncover();
    m_failed = true;
    const QString headline = tr("Cannot read the call log");
    m_banner->setContent(headline, problem.startsWith(headline) ? problem.mid(headline.size() + 1).trimmed() : problem, lastGoodText(std::max(m_lastGood, gateway().store().lastGood)));
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
    if (m_failed != std::exchange(m_toldTrouble, m_failed))
        Q_EMIT logTroubleChanged();
    widgets::setDimmed(m_table, m_failed && m_model->rowCount() > 0);
    showFacets();
    const bool nothing = !m_failed && !m_model->asking() && m_model->rowCount() == 0 && m_asked;
    const bool never = gateway().store().committed == 0;
    m_histogram->setVisible(!nothing || !never);
    m_counts->setVisible((!nothing || !never) && m_selection->isHidden());
    if (!nothing) {
        m_list->setCurrentWidget(m_table);
        return;
    }
    EmptyList list;
    list.never = never;
    list.filter = qt(view().filter().text());
    list.brushed = m_brush.has_value();
    list.when = rangeWords();
    if (m_figures->counts())
        list.hidden = m_figures->counts()->all;
    if (!m_empty || m_list->currentWidget() != m_empty || list != m_emptyList) {
        delete m_empty;
        m_empty = makeEmptyList(list, [this](EmptyWay way) { leaveEmpty(way); });
        m_emptyList = list;
        m_list->addWidget(m_empty);
    }
    m_list->setCurrentWidget(m_empty);
}

void CallsPane::leaveEmpty(EmptyWay way)
{
    switch (way) {
    case EmptyWay::FirstRun: view().openPane(u"firstrun"_s); break;
    case EmptyWay::ClearFilter: view().setFilterText({}); break;
    case EmptyWay::WholeRange: setBrush(std::nullopt); break;
    case EmptyWay::LastDays: view().setRange({thirtyDays, {}, {}}); break;
    }
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
    openInspector();
    if (m_table->currentIndex().row() != row)
        m_table->showRow(row);
    // Once the inspector has taken its place.
    QTimer::singleShot(0, m_table, [this] {
        if (m_table->currentIndex().isValid())
            m_table->scrollTo(m_table->currentIndex());
    });
}

void CallsPane::openInspector()
{
    if (m_inspector->isHidden()) {
        m_inspector->show();
        const QByteArray kept = context().settings ? context().settings->value(u"calls/splitter"_s).toByteArray() : QByteArray();
        if (kept.isEmpty() || !m_splitter->restoreState(kept))
            shareHeight();
    }
    m_table->setHeld(true);
}

void CallsPane::closeInspector()
{
    if (m_inspector->isVisible() && context().settings)
        context().settings->setValue(u"calls/splitter"_s, m_splitter->saveState());
    m_inspector->hide();
    m_table->setHeld(false);
    focusTarget()->setFocus();
}

QWidget *CallsPane::focusTarget() const
{
    switch (shape()) {
    case Shape::Calls: break;
    case Shape::Causes: return m_causes->table();
    case Shape::Bonds: return m_bonds->showsTree() ? static_cast<QWidget *>(m_bonds->tree()) : m_bonds->list();
    }
    return m_table;
}

void CallsPane::openItem(const QString &item)
{
    setShape(Shape::Calls);
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
        const int by = event->key() == Qt::Key_J ? 1 : -1;
        if (shape() == Shape::Causes)
            m_causes->step(by);
        else if (shape() == Shape::Bonds)
            m_bonds->step(by);
        else
            m_table->step(by);
        return;
    }
    if (event->key() == Qt::Key_Escape && m_inspector->isVisible()) {
        closeInspector();
        return;
    }
    if (event->key() == Qt::Key_Escape && shape() == Shape::Bonds && m_bonds->back())
        return;
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
    CallExport::Job job;
    job.format = jsonLines ? CallExport::Format::JsonLines : CallExport::Format::Csv;
    job.range = listRange();
    job.filter = view().filter();
    job.only = QSet<QString>(only.begin(), only.end());
    const auto &counts = m_brush ? m_figures->selected() : m_figures->counts();
    job.expected = only.isEmpty() ? (counts ? counts->found : 0) : std::uint64_t(only.size());
    askWhereToExport(this, m_export, job);
}

} // namespace ui::calls
