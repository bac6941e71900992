// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/histogram_view.h"

#include "ui/widgets/format.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include <QDateTime>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using gateway::HistogramBin;
using gateway::WallTime;
using widgets::ThemeColors;
using Micros = std::chrono::microseconds;

constexpr int side = 16;
constexpr int axisHeight = 18;
constexpr int topSpace = 0;
constexpr int gripWidth = 6;

std::uint64_t total(const HistogramBin &bin) { return bin.ok + bin.rescued + bin.refused + bin.failed; }

qint64 msOf(WallTime at) { return std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count(); }

} // namespace

HistogramView::HistogramView(QWidget *parent) : QWidget(parent)
{
    setFocusPolicy(Qt::TabFocus);
    setMouseTracking(true);
    setFixedHeight(73);
    setAccessibleName(tr("Calls over time"));
}

std::int64_t HistogramView::bucketFor(std::int64_t rangeSeconds)
{
    constexpr std::array<std::int64_t, 18> lengths {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400};
    for (const std::int64_t length : lengths)
        if (rangeSeconds / length <= 120)
            return length;
    return lengths.back() * (1 + rangeSeconds / lengths.back() / 120);
}

void HistogramView::setBins(const Span &range, std::int64_t bucketSeconds, std::vector<HistogramBin> bins)
{
    m_range = range;
    m_bucketSeconds = bucketSeconds;
    m_bins = std::move(bins);
    std::uint64_t calls = 0, failed = 0;
    for (const HistogramBin &bin : m_bins) {
        calls += total(bin);
        failed += bin.failed;
    }
    setAccessibleDescription(tr("%1 calls, %2 failed. Arrow keys select a time.").arg(widgets::count(calls), widgets::count(failed)));
    update();
}

void HistogramView::setSelected(const std::optional<Span> &span)
{
    m_selected = span;
    update();
}

QRect HistogramView::plot() const { return {side, topSpace, width() - side - side, height() - axisHeight - topSpace - 1}; }

double HistogramView::xOf(WallTime at) const
{
    const double length = double((m_range.to - m_range.from).count());
    return length <= 0 ? side : side + double((at - m_range.from).count()) / length * plot().width();
}

WallTime HistogramView::timeAt(double x) const
{
    const double share = qBound(0.0, (x - side) / qMax(1, plot().width()), 1.0);
    return m_range.from + Micros {std::int64_t(share * double((m_range.to - m_range.from).count()))};
}

WallTime HistogramView::snapped(WallTime at, bool up) const
{
    const std::int64_t step = m_bucketSeconds * 1'000'000;
    const std::int64_t micros = at.time_since_epoch().count();
    const WallTime edge {Micros {(up ? (micros + step - 1) / step : micros / step) * step}};
    return std::clamp(edge, m_range.from, m_range.to);
}

HistogramView::Grip HistogramView::gripAt(const QPoint &at) const
{
    if (m_selected) {
        if (std::abs(at.x() - xOf(m_selected->from)) <= gripWidth)
            return Grip::From;
        if (std::abs(at.x() - xOf(m_selected->to)) <= gripWidth)
            return Grip::To;
    }
    return Grip::New;
}

void HistogramView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || m_bins.empty())
        return;
    m_grip = gripAt(event->position().toPoint());
    m_moved = false;
    m_anchor = m_grip == Grip::From ? m_selected->to : m_grip == Grip::To ? m_selected->from : timeAt(event->position().x());
}

void HistogramView::mouseMoveEvent(QMouseEvent *event)
{
    if (m_grip == Grip::None) {
        const Grip under = gripAt(event->position().toPoint());
        setCursor(under == Grip::New ? Qt::CrossCursor : Qt::SizeHorCursor);
        return;
    }
    if (!m_moved && m_grip == Grip::New && std::abs(event->position().x() - xOf(m_anchor)) < 4)
        return;
    m_moved = true;
    drag(event->position().x());
}

void HistogramView::drag(double x)
{
    const WallTime at = timeAt(x);
    Span span {snapped(std::min(at, m_anchor), false), snapped(std::max(at, m_anchor), true)};
    if (span.from == span.to)
        return;
    m_selected = span;
    update();
}

void HistogramView::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || m_grip == Grip::None)
        return;
    m_grip = Grip::None;
    if (m_moved)
        Q_EMIT selectionChanged(m_selected);
}

void HistogramView::mouseDoubleClickEvent(QMouseEvent *) { choose(std::nullopt); }

void HistogramView::choose(const std::optional<Span> &span)
{
    if (span == m_selected)
        return;
    setSelected(span);
    Q_EMIT selectionChanged(span);
}

void HistogramView::keyPressEvent(QKeyEvent *event)
{
    const bool left = event->key() == Qt::Key_Left, right = event->key() == Qt::Key_Right;
    if (event->key() == Qt::Key_Escape && m_selected) {
        choose(std::nullopt);
        return;
    }
    if ((!left && !right) || m_bins.empty()) {
        QWidget::keyPressEvent(event);
        return;
    }
    const std::chrono::seconds step {left ? -m_bucketSeconds : m_bucketSeconds};
    Span span = m_selected.value_or(Span {snapped(m_range.to - std::chrono::seconds {m_bucketSeconds}, false), m_range.to});
    if (m_selected) {
        if (!(event->modifiers() & Qt::ShiftModifier))
            span.from = span.from + step;
        span.to = span.to + step;
    }
    span.from = std::max(span.from, m_range.from);
    span.to = std::min(span.to, m_range.to);
    if (span.from < span.to)
        choose(span);
}

bool HistogramView::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const WallTime at = timeAt(help->pos().x());
    for (const HistogramBin &bin : m_bins)
        if (at >= bin.at && at < bin.at + std::chrono::seconds {m_bucketSeconds}) {
            QToolTip::showText(help->globalPos(), tr("%1\n%2 answered, %3 rescued, %4 refused, %5 failed")
                .arg(widgets::timeOfDay(bin.at), widgets::count(bin.ok), widgets::count(bin.rescued), widgets::count(bin.refused), widgets::count(bin.failed)), this);
            return true;
        }
    QToolTip::hideText();
    return true;
}

void HistogramView::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = widgets::colorsOf(this);
    QPainter painter(this);
    if (m_selected) {
        const QRectF chosen(QPointF(xOf(m_selected->from), 0), QPointF(xOf(m_selected->to), plot().bottom() + 1));
        painter.fillRect(chosen, c.selection);
    }
    painter.fillRect(0, height() - 1, width(), 1, c.line);
    paintAxis(&painter);
    paintBars(&painter);
    if (m_selected)
        paintBrush(&painter);
    if (hasFocus())
        widgets::paintFocusRing(&painter, QRectF(rect()).adjusted(2, 0, -2, 0), c.accent);
}

void HistogramView::paintBars(QPainter *painter) const
{
    const ThemeColors &c = widgets::colorsOf(this);
    std::uint64_t most = 1;
    for (const HistogramBin &bin : m_bins)
        most = std::max(most, total(bin));
    const QRect area = plot();
    const double perCall = double(area.height()) / double(most);
    for (const HistogramBin &bin : m_bins) {
        const double left = std::max(xOf(bin.at), double(area.left())), right = std::min(xOf(bin.at + std::chrono::seconds {m_bucketSeconds}), double(area.right() + 1));
        double bottom = area.bottom() + 1;
        const double barWidth = std::max(1.0, std::floor(right) - std::floor(left) - 1);
        const auto part = [&](std::uint64_t calls, const QColor &color) {
            if (calls == 0)
                return;
            // A single failure among hundreds is seen too: two pixels at least.
            const double height = std::max(2.0, std::round(double(calls) * perCall));
            painter->fillRect(QRectF(std::floor(left), bottom - height, barWidth, height), color);
            bottom -= height;
        };
        part(bin.ok, widgets::blended(c.surface, c.otherSeries, 0.45));
        part(bin.rescued, c.series[6]);
        part(bin.refused, c.series[3]);
        part(bin.failed, c.series[7]);
    }
    painter->fillRect(side, area.bottom() + 1, area.width(), 1, c.control);
}

void HistogramView::paintAxis(QPainter *painter) const
{
    const ThemeColors &c = widgets::colorsOf(this);
    const qint64 from = msOf(m_range.from), to = msOf(m_range.to);
    if (to <= from)
        return;
    constexpr std::array<qint64, 17> steps {60, 120, 300, 600, 900, 1800, 3600, 10800, 21600, 43200, 86400, 172800, 604800, 1209600, 2419200, 4838400, 9676800};
    const int most = std::max(2, plot().width() / 130);
    qint64 step = steps.back();
    for (const qint64 one : steps)
        if ((to - from) / 1000 / one <= most) {
            step = one;
            break;
        }
    const qint64 zone = QDateTime::fromMSecsSinceEpoch(from).offsetFromUtc() * 1000LL; // round in local time
    step *= 1000;
    painter->setFont(widgets::textFont(11));
    painter->setPen(c.muted);
    for (qint64 at = (from + zone + step - 1) / step * step - zone; at <= to; at += step) {
        const double x = xOf(WallTime {std::chrono::milliseconds {at}});
        const QDateTime local = QDateTime::fromMSecsSinceEpoch(at);
        const QString text = step >= 86'400'000 || (local.time() == QTime(0, 0) && step >= 10'800'000) ? local.toString(u"d MMM"_s) : local.toString(u"HH:mm"_s);
        const int width = painter->fontMetrics().horizontalAdvance(text);
        if (x - width / 2.0 < 0 || x + width / 2.0 > this->width())
            continue;
        painter->fillRect(QRectF(std::round(x), plot().bottom() + 2, 1, 3), c.control);
        painter->drawText(QRectF(x - width / 2.0, plot().bottom() + 4, width + 1, 14), Qt::AlignCenter, text);
    }
}

void HistogramView::paintBrush(QPainter *painter) const
{
    const ThemeColors &c = widgets::colorsOf(this);
    painter->setRenderHint(QPainter::Antialiasing);
    for (const WallTime at : {m_selected->from, m_selected->to}) {
        const double x = std::round(xOf(at));
        painter->fillRect(QRectF(x - 1, 0, 2, plot().bottom() + 2), c.accent);
        painter->setPen(QPen(c.accent, 1.5));
        painter->setBrush(c.surface);
        painter->drawRoundedRect(QRectF(x - 3, plot().center().y() - 8, 6, 16), 2, 2);
    }
}

} // namespace ui::calls
