// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/cache/similarity_view.h"

#include "ui/widgets/charts/chart_data.h"
#include "ui/widgets/format.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::cache {

using widgets::ThemeColors;

namespace {

constexpr int leftSpace = 56, rightSpace = 16, topSpace = 24, bottomSpace = 26;
constexpr int gripReach = 8;
constexpr double pageStep = 0.05;
constexpr double lowest = 0.5, highestLow = 0.9, highest = 1;
constexpr double dragRoom = 0.04;
constexpr int wrongColor = 7;

} // namespace

SimilarityView::SimilarityView(QWidget *parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Threshold over the likeness of questions"));
    describe();
}

void SimilarityView::setLikeness(const Likeness &likeness)
{
    m_likeness = likeness;
    rescale();
}

void SimilarityView::setThreshold(double threshold)
{
    m_threshold = threshold;
    rescale();
}

void SimilarityView::setLiveThreshold(double threshold)
{
    m_live = threshold;
    rescale();
}

/// The left end is a round number with room to drag into. While a hand moves the line, it stays.
void SimilarityView::rescale()
{
    if (!m_dragging) {
        double low = std::min(m_threshold, m_live);
        const auto first = std::ranges::find_if(m_likeness.bins, [](const LikenessBin &bin) { return bin.hits > 0; });
        if (first != m_likeness.bins.end())
            low = std::min(low, first->from);
        m_low = std::clamp(std::floor((low - dragRoom) * 20) / 20, lowest, highestLow);
    }
    describe();
    update();
}

QRect SimilarityView::plot() const { return {leftSpace, topSpace, width() - leftSpace - rightSpace, height() - topSpace - bottomSpace}; }
double SimilarityView::xOf(double similarity) const { return plot().left() + (similarity - m_low) / (highest - m_low) * plot().width(); }
double SimilarityView::similarityAt(double x) const { return m_low + (x - plot().left()) / std::max(1, plot().width()) * (highest - m_low); }

std::uint64_t SimilarityView::most() const
{
    std::uint64_t most = 0;
    for (const LikenessBin &bin : m_likeness.bins)
        most = std::max(most, bin.hits);
    return most;
}

void SimilarityView::moveTo(double threshold)
{
    const double next = onGrid(m_dragging ? std::max(m_low, threshold) : threshold);
    if (std::abs(next - m_threshold) < thresholdStep / 2)
        return;
    setThreshold(next);
    Q_EMIT thresholdMoved(m_threshold);
}

void SimilarityView::describe()
{
    setAccessibleDescription(tr("Threshold %1. %2 semantic hits. Arrow keys move the threshold.").arg(thresholdText(m_threshold), widgets::count(m_likeness.hits)));
}

// --- by hand

void SimilarityView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_dragging = true;
    moveTo(similarityAt(event->position().x()));
}

void SimilarityView::mouseMoveEvent(QMouseEvent *event)
{
    setCursor(m_dragging || std::abs(event->position().x() - xOf(m_threshold)) <= gripReach ? Qt::SizeHorCursor : Qt::ArrowCursor);
    if (m_dragging)
        moveTo(similarityAt(event->position().x()));
}

void SimilarityView::mouseReleaseEvent(QMouseEvent *)
{
    m_dragging = false;
    rescale();
}

void SimilarityView::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left: moveTo(m_threshold - thresholdStep); return;
    case Qt::Key_Right: moveTo(m_threshold + thresholdStep); return;
    case Qt::Key_PageDown: moveTo(m_threshold - pageStep); return;
    case Qt::Key_PageUp: moveTo(m_threshold + pageStep); return;
    case Qt::Key_Home: moveTo(lowest); return;
    case Qt::Key_End: moveTo(highest); return;
    case Qt::Key_Escape:
        if (std::abs(m_threshold - m_live) > thresholdStep / 2) {
            moveTo(m_live);
            return;
        }
        break;
    default: break;
    }
    QWidget::keyPressEvent(event);
}

bool SimilarityView::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const double at = similarityAt(help->pos().x());
    for (const LikenessBin &bin : m_likeness.bins) {
        if (at < bin.from || at >= bin.from + Likeness::width || bin.hits == 0)
            continue;
        QToolTip::showText(help->globalPos(), tr("%1 to %2 alike\n%3 hits; %4 judged right, %5 wrong").arg(thresholdText(bin.from), thresholdText(bin.from + Likeness::width), widgets::count(bin.hits), widgets::count(bin.right), widgets::count(bin.wrong)), this);
        return true;
    }
    QToolTip::hideText();
    return true;
}

// --- picture

void SimilarityView::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = widgets::colorsOf(this);
    QPainter painter(this);
    const QRect area = plot();
    painter.fillRect(QRectF(QPointF(xOf(m_threshold), area.top()), QPointF(area.right() + 1, area.bottom() + 1)), c.infoBg);
    paintAxes(&painter);
    paintBars(&painter);
    paintLines(&painter);
    if (hasFocus())
        widgets::paintFocusRing(&painter, QRectF(rect()).adjusted(2, 2, -2, -2), c.accent);
}

void SimilarityView::paintAxes(QPainter *painter) const
{
    const ThemeColors &c = widgets::colorsOf(this);
    const QRect area = plot();
    const widgets::ValueAxis axis = widgets::valueAxis(static_cast<double>(std::max<std::uint64_t>(most(), 1)), 3, true);
    painter->setFont(widgets::textFont(11));
    for (const double tick : axis.ticks()) {
        const double y = std::round(area.bottom() + 1 - axis.share(tick) * area.height());
        painter->fillRect(QRectF(area.left(), y, area.width(), 1), tick == 0 ? c.control : c.grid);
        painter->setPen(c.muted);
        painter->drawText(QRectF(0, y - 8, leftSpace - 8, 16), Qt::AlignRight | Qt::AlignVCenter, widgets::count(static_cast<std::uint64_t>(tick)));
    }
    const double step = highest - m_low > 0.25 ? 0.1 : 0.05;
    for (double at = std::ceil(m_low / step - 1e-6) * step; at <= highest + 1e-6; at += step) {
        const double x = xOf(at);
        painter->fillRect(QRectF(std::round(x), area.bottom() + 1, 1, 4), c.control);
        painter->setPen(c.muted);
        painter->drawText(QRectF(x - 24, area.bottom() + 6, 48, 16), Qt::AlignCenter, thresholdText(at));
    }
}

void SimilarityView::paintBars(QPainter *painter) const
{
    const ThemeColors &c = widgets::colorsOf(this);
    const QRect area = plot();
    const widgets::ValueAxis axis = widgets::valueAxis(static_cast<double>(std::max<std::uint64_t>(most(), 1)), 3, true);
    for (const LikenessBin &bin : m_likeness.bins) {
        if (bin.from + Likeness::width <= m_low + 1e-9)
            continue;
        const double left = std::floor(xOf(bin.from)), right = std::floor(xOf(std::min(bin.from + Likeness::width, highest)));
        double bottom = area.bottom() + 1;
        const auto part = [&](std::uint64_t hits, const QColor &color) {
            if (hits == 0)
                return;
            const double height = std::max(2.0, std::round(axis.share(static_cast<double>(hits)) * area.height()));
            painter->fillRect(QRectF(left, bottom - height, std::max(1.0, right - left - 1), height), color);
            bottom -= height;
        };
        part(bin.wrong, c.series[wrongColor]);
        part(bin.right, c.ok); // a series colour of the dark theme would be as pale as what nobody has judged
        part(bin.hits - bin.right - bin.wrong, widgets::blended(c.surface, c.otherSeries, 0.6));
    }
}

void SimilarityView::paintLines(QPainter *painter) const
{
    const ThemeColors &c = widgets::colorsOf(this);
    const QRect area = plot();
    painter->setRenderHint(QPainter::Antialiasing);
    if (std::abs(m_live - m_threshold) > thresholdStep / 2 && m_live >= m_low) {
        painter->setPen(QPen(c.muted, 1, Qt::DashLine));
        const double x = std::round(xOf(m_live)) + 0.5;
        painter->drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    }
    const double x = std::round(xOf(m_threshold));
    painter->fillRect(QRectF(x - 1, area.top() - 2, 2, area.height() + 3), c.accent);
    painter->setPen(QPen(c.accent, 1.5));
    painter->setBrush(c.surface);
    painter->drawRoundedRect(QRectF(x - 3, area.center().y() - 8, 6, 16), 2, 2);
    const QString text = thresholdText(m_threshold);
    painter->setFont(widgets::textFont(12, QFont::DemiBold));
    const double width = painter->fontMetrics().horizontalAdvance(text) + 2;
    painter->setPen(c.accent);
    painter->drawText(QRectF(std::clamp(x - width / 2, 0.0, this->width() - width), 4, width, 16), Qt::AlignCenter, text);
}

} // namespace ui::cache
