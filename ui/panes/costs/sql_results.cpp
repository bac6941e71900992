// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/sql_results.h"

#include "ui/bridge/csv.h"
#include "ui/bridge/text.h"
#include "ui/widgets/charts/chart_legend.h"
#include "ui/widgets/charts/time_series_view.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/save_file.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/theme.h"

#include <QClipboard>
#include <QComboBox>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPointer>
#include <QStackedWidget>
#include <QThreadPool>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

constexpr int narrowest = 60, widest = 320, rowsMeasured = 60, columnsMeasured = 200;
constexpr qsizetype csvAtOnce = 1'000'000; ///< bytes
constexpr qsizetype copiedAtMost = 5'000'000; ///< cells: the clipboard holds them as text

/// Lines of the table as CSV from one on, the first being its head; empty: there are no more.
QByteArray csvFrom(std::size_t &line, const gateway::SqlResult &result)
{
    QByteArray text;
    for (; line <= result.rows() && text.size() < csvAtOnce; ++line) {
        QStringList cells;
        for (std::size_t column = 0; column < result.columns().size(); ++column)
            cells.append(bridge::qt(line == 0 ? result.columns()[column] : result.asText(line - 1, column)));
        text += bridge::csvLine(cells);
    }
    return text;
}

} // namespace

SqlResults::SqlResults(QWidget *parent) :
    QWidget(parent), m_model(new SqlResultModel(this)), m_table(new widgets::TableView), m_pages(new QStackedWidget), m_charts(new QStackedWidget), m_measure(new QComboBox), m_title(new widgets::Label(widgets::Label::Kind::Strong)),
    m_note(new widgets::Label(widgets::Label::Kind::Note)), m_legend(nullptr), m_bars(new CostBars), m_lines(new widgets::TimeSeriesView(widgets::TimeSeriesView::Kind::Lines)), m_noChart(new widgets::EmptyState({}))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_pages);
    setUpTable();
    setUpChart();
}

void SqlResults::setUpTable()
{
    m_table->setObjectName(u"costs.sqlResult"_s);
    m_table->setAccessibleName(tr("Result"));
    m_table->setModel(m_model);
    m_table->setEdgePadding(12);
    m_table->setSelectionBehavior(QAbstractItemView::SelectItems);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->horizontalHeader()->setSectionsClickable(false);
    m_table->horizontalHeader()->setMinimumSectionSize(narrowest / 2);
    m_table->installEventFilter(this);
    m_pages->addWidget(m_table);
    connect(m_table, &QTableView::doubleClicked, this, &SqlResults::openCall);
}

void SqlResults::setUpChart()
{
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 6, 0, 6);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(14, 0, 12, 0);
    row->setSpacing(8);
    m_legend = new widgets::ChartLegend(page);
    m_measure->setObjectName(u"costs.sqlMeasure"_s);
    m_measure->setAccessibleName(tr("Column that is drawn"));
    row->addWidget(m_measure);
    row->addWidget(m_title);
    row->addWidget(m_note);
    row->addStretch(1);
    row->addWidget(m_legend);
    column->addLayout(row);
    column->addWidget(m_charts, 1);
    m_bars->setObjectName(u"costs.sqlBars"_s);
    m_bars->setAccessibleName(tr("Result as bars"));
    m_lines->setObjectName(u"costs.sqlLines"_s);
    m_lines->setAccessibleName(tr("Result as lines"));
    m_noChart->setObjectName(u"costs.sqlNoChart"_s);
    m_noChart->setPicture(false);
    m_bars->setValueText(sqlChartText, sqlChartText);
    m_lines->setValueText(sqlChartText);
    for (QWidget *chart : {static_cast<QWidget *>(m_bars), static_cast<QWidget *>(m_lines), static_cast<QWidget *>(m_noChart)})
        m_charts->addWidget(chart);
    m_pages->addWidget(page);
    connect(m_measure, &QComboBox::activated, this, &SqlResults::draw);
    connect(m_legend, &widgets::ChartLegend::clicked, this, [this](const QString &id) {
        const QString solo = m_bars->solo() == id ? QString() : id;
        m_bars->setSolo(solo);
        m_lines->setSolo(solo);
        m_legend->setSolo(solo);
    });
}

void SqlResults::setAnswer(SqlResultModel::Answer answer)
{
    m_model->setAnswer(std::move(answer));
    m_table->scrollToTop();
    fitColumns();
    fillMeasures();
    m_drawn = false;
    if (chartShown())
        draw();
}

/// By what is seen at first: never by all rows.
void SqlResults::fitColumns()
{
    const QFontMetrics text(widgets::textFont(12)), mono(widgets::monoFont(12)), head(widgets::textFont(12, QFont::Medium));
    for (int column = 0; column < qMin(m_model->columnCount(), columnsMeasured); ++column) {
        int width = head.horizontalAdvance(m_model->headerData(column, Qt::Horizontal).toString());
        for (int row = 0; row < qMin(m_model->rowCount(), rowsMeasured); ++row) {
            const QModelIndex index = m_model->index(row, column);
            const QFontMetrics &metrics = index.data(widgets::CellMono).toBool() ? mono : text;
            width = qMax(width, metrics.horizontalAdvance(index.data().toString()));
        }
        m_table->horizontalHeader()->setSectionResizeMode(column, QHeaderView::Interactive);
        m_table->horizontalHeader()->resizeSection(column, qBound(narrowest, width + 24, widest) + (column == 0 ? 6 : 0));
    }
}

void SqlResults::fillMeasures()
{
    const QString before = m_measure->currentText();
    m_measure->clear();
    if (m_model->answer()) {
        for (const int column : sqlMeasures(m_model->answer()->result))
            m_measure->addItem(m_model->headerData(column, Qt::Horizontal).toString(), column);
    }
    m_measure->setCurrentIndex(qMax(0, m_measure->findText(before)));
}

void SqlResults::draw()
{
    m_drawn = true;
    m_hasChart = false;
    m_bars->setSolo({});
    m_lines->setSolo({});
    QString why = tr("Run a query, and its numbers are drawn here.");
    if (m_model->answer() && m_measure->count() == 0)
        why = m_model->rowCount() == 0 ? tr("The query gave no rows.") : tr("The result has no column of numbers.");
    else if (m_model->answer()) {
        auto made = sqlPicture(m_model->answer()->result, m_measure->currentData().toInt());
        if (auto *picture = std::get_if<SqlPicture>(&made)) {
            QList<widgets::ChartLegend::Item> items;
            for (const CostBars::Series &series : picture->bars.series)
                items.append({series.id, series.label, {}, series.color, false, 1});
            for (const widgets::ChartSeries &series : picture->lines.series)
                items.append({series.id, series.label, {}, series.color, true, 1});
            m_legend->setItems(items.size() > 1 ? items : QList<widgets::ChartLegend::Item>());
            m_title->setText(picture->title);
            m_note->setText(picture->note);
            m_charts->setCurrentWidget(picture->isLines() ? static_cast<QWidget *>(m_lines) : m_bars);
            if (picture->isLines())
                m_lines->setData(picture->lines);
            else
                m_bars->setPicture(picture->bars);
            m_hasChart = true;
        } else {
            why = std::get<QString>(made);
        }
    }
    m_measure->setVisible(m_measure->count() > 1);
    m_legend->setVisible(m_hasChart);
    m_title->setVisible(m_hasChart);
    m_note->setVisible(m_hasChart);
    if (m_hasChart)
        return;
    m_noChart->setSentence(why);
    m_charts->setCurrentWidget(m_noChart);
}

void SqlResults::showChart(bool chart)
{
    m_pages->setCurrentIndex(chart ? 1 : 0);
    if (chart && !m_drawn)
        draw();
}

bool SqlResults::chartShown() const { return m_pages->currentIndex() == 1; }

QImage SqlResults::chartImage() const { return m_charts->currentWidget() == m_lines ? m_lines->toImage() : m_bars->toImage(); }

void SqlResults::openCall(const QModelIndex &index)
{
    if (const QString id = m_model->callAt(index); !id.isEmpty())
        Q_EMIT callWanted(id);
}

/// Cells of a rectangle around what is chosen; those that are not stay empty.
void SqlResults::copy(bool withNames)
{
    const QItemSelection chosen = m_table->selectionModel()->selection();
    if (chosen.isEmpty())
        return;
    int top = m_model->rowCount(), bottom = -1, left = m_model->columnCount(), right = -1;
    for (const QItemSelectionRange &range : chosen) {
        top = qMin(top, range.top());
        bottom = qMax(bottom, range.bottom());
        left = qMin(left, range.left());
        right = qMax(right, range.right());
    }
    if (qsizetype(bottom - top + 1) * (right - left + 1) > copiedAtMost) {
        Q_EMIT exportFailed(tr("That is too much for the clipboard. Export it as CSV."));
        return;
    }
    QString text;
    const auto cell = [](QString value) { return value.replace(u'\t', u' ').replace(u'\n', u' '); };
    for (int column = left; withNames && column <= right; ++column)
        text += cell(m_model->headerData(column, Qt::Horizontal).toString()) + (column == right ? u'\n' : u'\t');
    for (int row = top; row <= bottom; ++row) {
        for (int column = left; column <= right; ++column) {
            if (chosen.size() == 1 || chosen.contains(m_model->index(row, column)))
                text += cell(m_model->plainText(row, column));
            text += column == right ? (row == bottom ? QString() : u"\n"_s) : u"\t"_s;
        }
    }
    QGuiApplication::clipboard()->setText(text);
}

void SqlResults::exportTo(const QString &path)
{
    const SqlResultModel::Answer answer = m_model->answer();
    if (!answer)
        return;
    QThreadPool::globalInstance()->start([self = QPointer(this), answer, path] {
        const QString problem = widgets::writePieces(path, [&answer, line = std::size_t(0)]() mutable { return csvFrom(line, answer->result); });
        QMetaObject::invokeMethod(QCoreApplication::instance(), [self, path, problem, rows = answer->result.rows()] {
            if (!self)
                return;
            if (problem.isEmpty())
                Q_EMIT self->exported(path, rows);
            else
                Q_EMIT self->exportFailed(problem);
        });
    });
}

bool SqlResults::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_table || event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    if (key->matches(QKeySequence::Copy)) {
        copy(false);
        return true;
    }
    if (key->key() == Qt::Key_C && key->modifiers() == (Qt::ControlModifier | Qt::ShiftModifier)) {
        copy(true);
        return true;
    }
    if ((key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) && key->modifiers() == Qt::NoModifier) {
        openCall(m_table->currentIndex());
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace ui::costs
