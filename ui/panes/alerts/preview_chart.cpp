// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/alerts/preview_chart.h"

#include "ui/bridge/text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::alerts {

namespace {

using bridge::qt;
using gateway::AlertFiring;
using gateway::AlertPoint;
using gateway::AlertSeries;
using gateway::WallTime;
using widgets::ChartScale;
using widgets::ThemeColors;

constexpr int leftMargin = 56, rightMargin = 16, topMargin = 14, bottomMargin = 26;
constexpr int keySteps = 100;      ///< of an arrow key, over the whole width
constexpr double headroom = 1.15;  ///< above the highest value

qint64 ms(WallTime at) { return std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count(); }

} // namespace

PreviewChart::PreviewChart(QWidget *parent) : QWidget(parent)
{
    setObjectName(u"alerts.chart"_s);
    setAccessibleName(tr("What it would have seen"));
    setFocusPolicy(Qt::TabFocus);
    setMouseTracking(true);
}

void PreviewChart::setPreview(gateway::AlertPreview preview, const AlertWhen &when)
{
    m_preview = std::move(preview);
    m_when = when;
    QStringList firings;
    for (const AlertFiring &firing : m_preview.firings)
        firings << tr("%1 at %2").arg(subjectText(when.scope, qt(firing.subject)), widgets::hourMinute(firing.firedAt));
    constexpr int mostNamed = 20;
    setAccessibleDescription(tr("%1: would have fired %n time(s). %2", nullptr, static_cast<int>(m_preview.fired)).arg(ruleText(when), firings.mid(0, mostNamed).join(u"; "_s)));
    update();
}

double PreviewChart::most() const
{
    double most = m_when.side && *m_when.side != AlertSide::Deviates ? m_when.threshold : 0;
    for (const AlertSeries &series : m_preview.series) {
        for (const AlertPoint &point : series.points)
            most = std::max({most, point.value.value_or(0), m_when.side == AlertSide::Deviates ? point.upper.value_or(0) : 0});
    }
    return most;
}

ChartScale PreviewChart::scale() const
{
    ChartScale scale;
    scale.plot = rect().adjusted(leftMargin, topMargin, -rightMargin, -bottomMargin);
    scale.fromMs = ms(m_preview.from);
    scale.toMs = ms(m_preview.to);
    const bool whole = unitOf(m_when) == AlertUnit::Count;
    scale.y = widgets::valueAxis(std::max(most() * headroom, whole ? 1.0 : 1e-9), height() > 160 ? 4 : 2, whole);
    if (isPartOfAll(m_when))
        scale.y.top = std::min(scale.y.top, 1.0);
    return scale;
}

const AlertPoint *PreviewChart::pointAt(const AlertSeries &series, qint64 at) const
{
    const auto after = std::ranges::upper_bound(series.points, at, {}, [](const AlertPoint &point) { return ms(point.at); });
    return after == series.points.begin() ? nullptr : &*std::prev(after);
}

void PreviewChart::paintFirings(QPainter &painter, const ChartScale &scale, const ThemeColors &c) const
{
    QColor shade = c.err;
    shade.setAlphaF(c.dark ? 0.22F : 0.14F);
    QPainterPath all; // of several subjects at a time there is one shade: on top of one another they would hide the lines
    all.setFillRule(Qt::WindingFill);
    for (const AlertFiring &firing : m_preview.firings) {
        const double from = scale.x(std::max(scale.fromMs, ms(firing.firedAt))), to = scale.x(firing.resolvedAt ? std::min(scale.toMs, ms(*firing.resolvedAt)) : scale.toMs);
        const QRectF where(from, scale.plot.top(), std::max(2.0, to - from), scale.plot.height() + 1);
        all.addRect(where);
        painter.fillRect(QRectF(where.left(), where.top() - 4, where.width(), 3), c.err); // the shade is not the only sign
    }
    painter.fillPath(all, shade);
}

/// The threshold as a line, or what is usual as two of the subject that fired most.
void PreviewChart::paintLimits(QPainter &painter, const ChartScale &scale, const ThemeColors &c) const
{
    painter.setPen(QPen(c.err, 1, Qt::DashLine));
    if (m_when.side != AlertSide::Deviates) {
        const double y = std::round(scale.yOf(m_when.threshold)) + 0.5;
        painter.drawLine(QPointF(scale.plot.left(), y), QPointF(scale.plot.right(), y));
        const QString text = valueText(m_when.threshold, unitOf(m_when));
        painter.setFont(widgets::textFont(11, QFont::Medium));
        const bool below = y - 16 < scale.plot.top();
        const int width = painter.fontMetrics().horizontalAdvance(text) + 8;
        const QRectF spot(scale.plot.right() - width, below ? y + 1 : y - 16, width, 15);
        painter.fillRect(spot, c.surface);
        painter.drawText(spot, Qt::AlignCenter, text);
        return;
    }
    if (m_preview.series.empty())
        return;
    for (const bool upper : {true, false}) {
        QPolygonF line;
        const auto flush = [&] {
            if (line.size() > 1)
                painter.drawPolyline(line);
            line.clear();
        };
        for (const AlertPoint &point : m_preview.series.front().points) {
            const auto &limit = upper ? point.upper : point.lower;
            if (limit)
                line << QPointF(scale.x(ms(point.at)), scale.yOf(std::clamp(*limit, 0.0, scale.y.top)));
            else
                flush();
        }
        flush();
    }
}

void PreviewChart::paintSeries(QPainter &painter, const ChartScale &scale, const ThemeColors &c) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t i = m_preview.series.size(); i-- > 0;) { // the one that fired most is on top
        painter.setPen(QPen(widgets::seriesColor(c, static_cast<int>(i)), i == 0 ? 2 : 1.2));
        QPolygonF line;
        const auto flush = [&] {
            if (line.size() == 1)
                line << line.front() + QPointF(1, 0);
            painter.drawPolyline(line);
            line.clear();
        };
        for (const AlertPoint &point : m_preview.series[i].points) {
            if (point.value)
                line << QPointF(scale.x(ms(point.at)), scale.yOf(std::clamp(*point.value, 0.0, scale.y.top)));
            else if (!line.isEmpty())
                flush(); // a gap is never bridged
        }
        if (!line.isEmpty())
            flush();
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

QList<widgets::TooltipLine> PreviewChart::tooltip(const ThemeColors &c) const
{
    QList<widgets::TooltipLine> lines;
    if (!m_crosshair)
        return lines;
    const bool deviates = m_when.side == AlertSide::Deviates;
    for (std::size_t i = 0; i < m_preview.series.size(); ++i) {
        const AlertSeries &series = m_preview.series[i];
        const AlertPoint *point = pointAt(series, *m_crosshair);
        lines << widgets::TooltipLine {.label = subjectText(m_when.scope, qt(series.subject)), .value = point && point->value ? valueText(*point->value, unitOf(m_when)) : widgets::unknownText(), .swatch = widgets::seriesColor(c, static_cast<int>(i))};
        if (deviates && i == 0 && point && point->lower && point->upper)
            lines << widgets::TooltipLine {.label = tr("usual"), .value = tr("%1 to %2").arg(valueText(std::max(0.0, *point->lower), unitOf(m_when)), valueText(*point->upper, unitOf(m_when)))};
    }
    if (!deviates)
        lines << widgets::TooltipLine {.label = tr("threshold"), .value = valueText(m_when.threshold, unitOf(m_when))};
    for (const AlertFiring &firing : m_preview.firings) {
        if (ms(firing.firedAt) <= *m_crosshair && (!firing.resolvedAt || ms(*firing.resolvedAt) > *m_crosshair))
            lines << widgets::TooltipLine {.label = tr("fires: %1").arg(subjectText(m_when.scope, qt(firing.subject))), .value = tr("since %1").arg(widgets::hourMinute(firing.firedAt)), .strong = true};
    }
    return lines;
}

QStringList PreviewChart::crosshairWords() const
{
    QStringList words;
    for (const widgets::TooltipLine &line : tooltip(widgets::colorsOf(this)))
        words << line.label + u' ' + line.value;
    return words;
}

void PreviewChart::paintCross(QPainter &painter, const ChartScale &scale, const ThemeColors &c) const
{
    if (!m_crosshair)
        return;
    QList<double> dots;
    for (const AlertSeries &series : m_preview.series) {
        const AlertPoint *point = pointAt(series, *m_crosshair);
        if (point && point->value)
            dots << std::clamp(*point->value, 0.0, scale.y.top);
    }
    const WallTime at {std::chrono::milliseconds(*m_crosshair)};
    widgets::paintCrosshair(&painter, scale, *m_crosshair, m_preview.to - m_preview.from > std::chrono::hours(25) ? widgets::moment(at, m_preview.to) : widgets::hourMinute(at), dots, widgets::seriesColor(c, 0), c);
    widgets::paintTooltip(&painter, scale, *m_crosshair, tooltip(c), c);
}

void PreviewChart::paintEvent(QPaintEvent *)
{
    if (m_preview.to <= m_preview.from)
        return;
    const ThemeColors &c = widgets::colorsOf(this);
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight); // time runs so in every language
    const ChartScale at = scale();
    widgets::paintGrid(&painter, at, c);
    paintFirings(painter, at, c);
    paintSeries(painter, at, c);
    if (m_when.side)
        paintLimits(painter, at, c);
    widgets::paintAxes(&painter, at, [unit = unitOf(m_when)](double value) { return valueText(value, unit); }, std::nullopt, c);
    paintCross(painter, at, c);
    if (hasFocus())
        widgets::paintFocusRing(&painter, rect().adjusted(2, 2, -2, -2), c.accent);
}

void PreviewChart::setCrosshair(std::optional<qint64> at)
{
    if (at)
        at = std::clamp(*at, ms(m_preview.from), ms(m_preview.to));
    if (at == m_crosshair)
        return;
    m_crosshair = at;
    update();
}

void PreviewChart::mouseMoveEvent(QMouseEvent *event)
{
    const ChartScale at = scale();
    const QPointF where = event->position();
    setCrosshair(m_preview.to > m_preview.from && at.plot.adjusted(-2, 0, 2, 0).contains(where.toPoint()) ? std::optional(at.ms(where.x())) : std::nullopt);
}

void PreviewChart::leaveEvent(QEvent *event)
{
    setCrosshair(std::nullopt);
    QWidget::leaveEvent(event);
}

void PreviewChart::focusOutEvent(QFocusEvent *event)
{
    setCrosshair(std::nullopt);
    QWidget::focusOutEvent(event);
}

void PreviewChart::keyPressEvent(QKeyEvent *event)
{
    const bool left = event->key() == Qt::Key_Left;
    if (left || event->key() == Qt::Key_Right) {
        const qint64 step = (ms(m_preview.to) - ms(m_preview.from)) / keySteps;
        setCrosshair(m_crosshair.value_or(ms(m_preview.to)) + (left ? -step : step));
        setAccessibleDescription(crosshairWords().join(u"; "_s));
    } else if (event->key() == Qt::Key_Escape && m_crosshair) {
        setCrosshair(std::nullopt);
    } else {
        QWidget::keyPressEvent(event);
    }
}

} // namespace ui::alerts
