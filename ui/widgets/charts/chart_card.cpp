// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/charts/chart_card.h"

#include "ui/widgets/charts/chart_legend.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/theme.h"

#include <QAction>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QMenu>
#include <QPainter>
#include <QStackedLayout>
#include <QStandardItemModel>

#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::widgets {

ChartCard::ChartCard(const QString &title, const QString &unit, TimeSeriesView::Kind kind, QWidget *parent) :
    Card(title, unit, parent), m_chart(new TimeSeriesView(kind)), m_legend(new ChartLegend(header())), m_content(new QWidget), m_stack(new QStackedLayout(m_content)), m_empty(new EmptyState(tr("No calls in this range."))),
    m_skeleton(new SkeletonView(40)), m_banner(new SectionBanner)
{
    m_chart->setAccessibleName(title + u", "_s + unit);
    m_empty->setPicture(false);
    m_stack->setContentsMargins(0, 0, 0, 0);
    m_stack->addWidget(m_chart);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_skeleton);
    m_banner->hide();
    m_banner->addRetry();
    m_skeleton->setShape(SkeletonView::Shape::Chart);
    connect(m_skeleton, &SkeletonView::cancelled, this, &ChartCard::cancelled);
    auto *bannerRow = new QVBoxLayout;
    bannerRow->setContentsMargins(12, 0, 12, 0);
    bannerRow->addWidget(m_banner);
    body()->addLayout(bannerRow);
    body()->addWidget(m_content, 1);
    addToHeader(m_legend);
    setUpMenu();
    connect(m_banner, &SectionBanner::retried, this, &ChartCard::retried);
    connect(m_legend, &ChartLegend::clicked, this, [this](const QString &id) { m_chart->setSolo(m_chart->solo() == id ? QString() : id); });
    connect(m_chart, &TimeSeriesView::soloChanged, m_legend, &ChartLegend::setSolo);
}

void ChartCard::setUpMenu()
{
    m_tableAction = menu()->addAction(themedIcon(Icon::Table), tr("Show as a table"));
    m_tableAction->setCheckable(true);
    connect(m_tableAction, &QAction::triggered, this, &ChartCard::setTableShown);
    if (m_chart->kind() == TimeSeriesView::Kind::Bands || m_chart->kind() == TimeSeriesView::Kind::Lines) {
        QAction *logarithmic = menu()->addAction(tr("Logarithmic scale"));
        logarithmic->setCheckable(true);
        connect(logarithmic, &QAction::toggled, m_chart, &TimeSeriesView::setLogarithmic);
    }
    menu()->addSeparator();
    addExport(tr("Export PNG…"), pictureOffer, [this] { return png(); });
    addExport(tr("Export SVG…"), drawingOffer, [this] { return svg(); });
    addExport(tr("Export CSV…"), tableOffer, [this] { return csv(); });
}

void ChartCard::addExport(const QString &text, SaveOffer (*offer)(const QString &), const std::function<QByteArray()> &content)
{
    connect(menu()->addAction(themedIcon(Icon::Download), text), &QAction::triggered, this,
        [this, offer, content] { saveFile(this, offer(accessibleName().toLower().replace(u' ', u'-')), content, [this](const QString &words) { Q_EMIT told(words); }); });
}

void ChartCard::contextMenuEvent(QContextMenuEvent *event)
{
    menu()->popup(event->globalPos());
    event->accept();
}

QSize ChartCard::pictureSize() const { return {m_chart->width(), header()->height() + m_chart->height()}; }

void ChartCard::paintPicture(QPainter *painter)
{
    painter->fillRect(QRect({}, pictureSize()), colorsOf(this).surface);
    for (QWidget *part : header()->findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly))
        if (part->isVisibleTo(header()) && !qobject_cast<Button *>(part)) // title, unit and legend, but no menu
            part->render(painter, part->pos(), {}, QWidget::DrawChildren);
    m_chart->paintInto(painter, {0, header()->height()});
}

QByteArray ChartCard::png()
{
    constexpr double scale = 2;
    QImage image(pictureSize() * scale, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(scale);
    QPainter painter(&image);
    paintPicture(&painter);
    painter.end();
    return toPng(image);
}

QByteArray ChartCard::svg()
{
    return toSvg(pictureSize(), accessibleName(), [this](QPainter *painter) { paintPicture(painter); });
}

void ChartCard::setData(const ChartData &shown)
{
    m_banner->hide();
    m_skeleton->end();
    setDimmed(m_content, false);
    m_chart->setData(shown);
    fillLegend();
    if (tableShown())
        fillTable();
    bool any = false;
    for (const ChartSeries &series : shown.series)
        for (const double value : series.values)
            any = any || !std::isnan(value);
    m_stack->setCurrentWidget(!any ? static_cast<QWidget *>(m_empty) : m_tableAction->isChecked() ? static_cast<QWidget *>(table()) : m_chart);
}

void ChartCard::setEmptyText(const QString &text) { m_empty->setSentence(text); }

void ChartCard::showWaiting(const QString &what)
{
    if (m_chart->data().bins > 0)
        return; // what is shown stays until it is replaced
    m_stack->setCurrentWidget(m_skeleton);
    if (!m_skeleton->waiting())
        m_skeleton->begin(what);
}

void ChartCard::showError(const QString &headline, const QString &detail, const QString &lastGood)
{
    m_skeleton->end();
    m_banner->setContent(headline, detail, lastGood);
    m_banner->show();
    if (m_chart->data().bins == 0)
        m_stack->setCurrentWidget(m_chart);
    setDimmed(m_content, true);
}

void ChartCard::showStale()
{
    m_skeleton->end();
    if (m_chart->data().bins == 0)
        m_stack->setCurrentWidget(m_chart);
    setDimmed(m_content, true);
}

bool ChartCard::tableShown() const { return m_table && m_stack->currentWidget() == m_table; }

TableView *ChartCard::table()
{
    if (!m_table) {
        m_table = new TableView(RowHeight::Dense);
        m_model = new QStandardItemModel(this);
        m_table->setModel(m_model);
        m_table->setAlternatingRowColors(true);
        m_stack->addWidget(m_table);
    }
    return m_table;
}

void ChartCard::setTableShown(bool shown)
{
    m_tableAction->setChecked(shown);
    if (shown)
        fillTable();
    m_stack->setCurrentWidget(shown ? static_cast<QWidget *>(table()) : m_chart);
}

void ChartCard::fillLegend()
{
    QList<ChartLegend::Item> items;
    const bool bands = m_chart->kind() == TimeSeriesView::Kind::Bands;
    int number = 0;
    for (const ChartSeries &series : m_chart->data().series) {
        ChartLegend::Item item {series.id, series.label, series.total, series.color, false, 1};
        if (bands) { // the first is a line, each other the band up to it
            item.line = number == 0;
            if (number > 0) {
                item.label = m_chart->data().series.at(number - 1).label + u"–"_s + series.label;
                item.color = 6;
                item.alpha = number == 1 ? 0.42 + 0.12 : 0.26;
            }
        }
        items.append(item);
        ++number;
    }
    if (m_reversed)
        std::reverse(items.begin(), items.end());
    m_legend->setItems(items);
}

void ChartCard::fillTable()
{
    const ChartData &shown = m_chart->data();
    QStringList headers {tr("Time")};
    for (const ChartSeries &series : shown.series)
        headers.append(series.label);
    table(); // with its model
    m_model->clear();
    m_model->setHorizontalHeaderLabels(headers);
    for (qsizetype bin = shown.bins - 1; bin >= 0; --bin) {
        QList<QStandardItem *> row {new QStandardItem(timePointText(shown.startMs + shown.stepMs * bin, shown.endMs() - shown.startMs))};
        for (const ChartSeries &series : shown.series) {
            const double value = series.values.value(bin, NAN);
            auto *item = new QStandardItem(std::isnan(value) ? u"—"_s : m_chart->exactText(value));
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            row.append(item);
        }
        m_model->appendRow(row);
    }
    for (int column = 1; column < m_model->columnCount(); ++column)
        m_model->setHeaderData(column, Qt::Horizontal, int(Qt::AlignRight | Qt::AlignVCenter), Qt::TextAlignmentRole);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
}

QByteArray ChartCard::csv() const
{
    if (m_csvSource)
        return m_csvSource();
    const ChartData &shown = m_chart->data();
    const auto quoted = [](QString text) { return text.contains(u',') || text.contains(u'"') ? u'"' + text.replace(u'"', u"\"\""_s) + u'"' : text; };
    QStringList lines;
    QStringList header {u"time_utc"_s};
    for (const ChartSeries &series : shown.series)
        header.append(quoted(series.label));
    lines.append(header.join(u','));
    for (qsizetype bin = 0; bin < shown.bins; ++bin) {
        QStringList row {QDateTime::fromMSecsSinceEpoch(shown.startMs + shown.stepMs * bin).toUTC().toString(Qt::ISODate)};
        for (const ChartSeries &series : shown.series) {
            const double value = series.values.value(bin, NAN);
            row.append(std::isnan(value) ? QString() : QString::number(value, 'g', 12));
        }
        lines.append(row.join(u','));
    }
    return (lines.join(u'\n') + u'\n').toUtf8();
}

} // namespace ui::widgets
