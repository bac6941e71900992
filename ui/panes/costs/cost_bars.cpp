// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/cost_bars.h"

#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>

#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

using widgets::ChartScale;
using widgets::ThemeColors;

constexpr int leftMargin = 56, rightMargin = 16, topMargin = 8, bottomMargin = 26;
constexpr double widestBar = 56;

double number(const QList<double> &values, qsizetype at)
{
    const double value = values.value(at, NAN);
    return std::isnan(value) ? 0 : value;
}

} // namespace

CostBars::CostBars(QWidget *parent) : QWidget(parent), m_axisText([](double value) { return QString::number(value); }), m_text(m_axisText)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setLayoutDirection(Qt::LeftToRight); // time runs to the right in every language
}

void CostBars::setPicture(Picture picture)
{
    const bool other = picture.names != m_picture.names;
    m_picture = std::move(picture);
    if (other)
        point(-1, -1);
    update();
}

void CostBars::setUnusual(const QMap<qsizetype, QStringList> &lines)
{
    m_picture.unusual = lines;
    update();
}

void CostBars::setSolo(const QString &seriesId)
{
    m_solo = seriesId;
    update();
}

/// Its plot ends at zero: what is below zero hangs from there, down to whole().
ChartScale CostBars::scale() const
{
    double top = 0, low = 0;
    for (qsizetype bar = 0; bar < m_picture.bars(); ++bar) {
        double sum = 0, below = 0;
        for (const Series &series : m_picture.series) {
            const double value = shown(series) ? number(series.values, bar) : 0;
            (value < 0 ? below : sum) += std::abs(value);
        }
        if (m_solo.isEmpty())
            sum = std::max(sum + number(m_picture.expected, bar), number(m_picture.before, bar));
        top = std::max(top, sum);
        low = std::max(low, below);
    }
    ChartScale scale;
    scale.plot = whole();
    scale.fromMs = 0;
    scale.toMs = qMax<qint64>(1, m_picture.bars()); // bars stand for time: below a second there are no ticks of it
    scale.y = widgets::valueAxis(std::max(top, low), qBound(2, height() / 50, 6), false);
    if (low > 0)
        scale.y.top = std::max(1.0, std::ceil(top / scale.y.step - 1e-9)) * scale.y.step;
    if (top > 0.97 * scale.y.top)
        scale.y.top += scale.y.step * 0.2; // so that the highest does not touch the frame
    const double above = scale.y.top / (scale.y.top + low * 1.06);
    scale.plot.setHeight(qMax(5, qRound(above * scale.plot.height())));
    return scale;
}

QRect CostBars::whole() const { return {leftMargin, topMargin, qMax(10, width() - leftMargin - rightMargin), qMax(10, height() - topMargin - bottomMargin)}; }

/// Of the series' parts in a bar each: from where to where, upwards or below zero.
QList<std::pair<double, double>> CostBars::spans(qsizetype bar) const
{
    QList<std::pair<double, double>> found;
    double sum = 0, below = 0;
    for (const Series &series : m_picture.series) {
        const double value = shown(series) ? number(series.values, bar) : 0;
        double &end = value < 0 ? below : sum;
        found.append({end, end + value});
        end += value;
    }
    return found;
}

QRectF CostBars::barRect(const ChartScale &scale, qsizetype bar) const
{
    const double slot = double(scale.plot.width()) / double(qMax<qsizetype>(1, m_picture.bars()));
    const double wide = qBound(1.0, slot >= 8 ? slot * 0.64 : slot - 1, widestBar);
    const double left = std::round(scale.plot.left() + slot * double(bar) + (slot - wide) / 2);
    return {left, double(scale.plot.top()), std::round(wide), double(scale.plot.height())};
}

qsizetype CostBars::barAt(const QPoint &at) const
{
    const ChartScale here = scale();
    if (m_picture.bars() == 0 || !whole().adjusted(0, 0, 0, bottomMargin).contains(at))
        return -1;
    return qBound<qsizetype>(0, qsizetype(double(at.x() - here.plot.left()) * double(m_picture.bars()) / here.plot.width()), m_picture.bars() - 1);
}

qsizetype CostBars::partAt(qsizetype bar, int y) const
{
    for (qsizetype i = 0; bar >= 0 && i < m_picture.series.size(); ++i) {
        const QRect rect = partRect(bar, m_picture.series.at(i).id);
        if (!rect.isEmpty() && y >= rect.top() && y <= rect.bottom())
            return i;
    }
    return -1;
}

QRect CostBars::partRect(qsizetype bar, const QString &seriesId) const
{
    const ChartScale here = scale();
    const auto parts = spans(bar);
    for (qsizetype i = 0; i < parts.size(); ++i) {
        if (m_picture.series.at(i).id != seriesId || !shown(m_picture.series.at(i)))
            continue;
        const QRectF rect = barRect(here, bar);
        const auto [from, to] = parts.at(i);
        return QRectF(QPointF(rect.left(), here.yOf(std::max(from, to))), QPointF(rect.right(), here.yOf(std::min(from, to)))).toRect();
    }
    return {};
}

void CostBars::paintBar(QPainter *painter, const ChartScale &here, qsizetype bar, const ThemeColors &c) const
{
    const QRectF rect = barRect(here, bar);
    double sum = 0;
    const auto parts = spans(bar);
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const auto [from, to] = parts.at(i);
        if (from == to)
            continue;
        const QColor color = widgets::seriesColor(c, m_picture.series.at(i).color);
        const double near = std::floor(here.yOf(from)), far = std::floor(here.yOf(to)), size = std::abs(far - near);
        const int gap = size >= 3 && from != 0 ? 1 : 0; // 1 px of surface between parts
        if (to > from)
            painter->fillRect(QRectF(rect.left(), far, rect.width(), qMax(1.0, size - gap)), color);
        else
            painter->fillRect(QRectF(rect.left(), near + 1 + gap, rect.width(), qMax(1.0, size - gap)), color); // below the line at zero
        sum = std::max(sum, to);
    }
    if (!m_solo.isEmpty())
        return;
    if (const double ahead = number(m_picture.expected, bar); ahead > 0) {
        QPen dashed(c.control, 1);
        dashed.setDashPattern({3, 3});
        painter->setPen(dashed);
        painter->setBrush(c.raised);
        const double top = std::floor(here.yOf(sum + ahead)), bottom = std::floor(here.yOf(sum));
        painter->drawRect(QRectF(rect.left() + 0.5, top + 0.5, rect.width() - 1, qMax(1.0, bottom - top - 1)));
    }
    if (const double before = m_picture.before.value(bar, NAN); !std::isnan(before)) {
        const double y = std::floor(here.yOf(before));
        const double over = qMin(4.0, rect.width() / 4);
        painter->fillRect(QRectF(rect.left() - over, y - 2, rect.width() + 2 * over, 4), c.surface);
        painter->fillRect(QRectF(rect.left() - over, y - 1, rect.width() + 2 * over, 2), c.text);
    }
}

/// A triangle over a bar on which something was not as usual.
void CostBars::paintMark(QPainter *painter, const ChartScale &here, qsizetype bar, const ThemeColors &c) const
{
    double sum = 0;
    for (const Series &series : m_picture.series)
        sum += shown(series) ? std::max(0.0, number(series.values, bar)) : 0;
    const QRectF rect = barRect(here, bar);
    constexpr double half = 5, high = 9, above = 4;
    const double bottom = qMax(std::floor(here.yOf(sum)) - above, double(here.plot.top()) + high);
    const double middle = std::floor(rect.center().x()) + 0.5;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(c.surface, 1.5));
    painter->setBrush(c.warn);
    painter->drawPolygon(QPolygonF {{middle - half, bottom}, {middle + half, bottom}, {middle, bottom - high}});
    painter->restore();
}

/// The grid and its figures below zero.
void CostBars::paintBelow(QPainter *painter, const ChartScale &here, const ThemeColors &c) const
{
    painter->setFont(widgets::textFont(11));
    painter->setPen(c.muted);
    for (double value = -here.y.step; here.yOf(value) <= whole().bottom() + 1; value -= here.y.step) {
        const double y = here.yOf(value);
        painter->fillRect(QRectF(here.plot.left(), std::floor(y), here.plot.width(), 1), c.grid);
        painter->drawText(QRectF(0, y - 8, here.plot.left() - 8, 16), Qt::AlignRight | Qt::AlignVCenter, m_axisText(value));
    }
}

/// As many as there is room for, evenly spaced.
void CostBars::paintLabels(QPainter *painter, const ChartScale &here, const ThemeColors &c) const
{
    painter->setFont(widgets::textFont(11));
    int widest = 12;
    for (const QString &text : m_picture.axis)
        widest = qMax(widest, painter->fontMetrics().horizontalAdvance(text));
    const double slot = double(here.plot.width()) / double(qMax<qsizetype>(1, m_picture.bars()));
    const auto every = qMax<qsizetype>(1, qsizetype(std::ceil((widest + 10) / slot)));
    for (qsizetype bar = 0; bar < m_picture.bars(); ++bar) {
        const bool pointed = bar == m_bar;
        if (bar % every != 0 && !pointed)
            continue;
        if (!pointed && m_bar >= 0 && qAbs(bar - m_bar) < every)
            continue;
        painter->setPen(pointed ? c.text : c.muted);
        painter->setFont(widgets::textFont(11, pointed ? QFont::DemiBold : QFont::Normal));
        const QRectF rect = barRect(here, bar);
        QRect box(int(rect.center().x()) - widest / 2 - 6, whole().bottom() + 6, widest + 12, 16);
        if (box.right() > width())
            box.moveRight(width());
        painter->drawText(box, Qt::AlignCenter, m_picture.axis.value(bar));
    }
}

QList<widgets::TooltipLine> CostBars::lines(qsizetype bar, const ThemeColors &c) const
{
    QList<widgets::TooltipLine> found {{m_picture.names.value(bar), {}, std::nullopt, true}};
    double sum = 0;
    int parts = 0;
    for (auto series = m_picture.series.crbegin(); series != m_picture.series.crend(); ++series) { // as they lie, from the top
        const double value = shown(*series) ? number(series->values, bar) : 0;
        if (value == 0)
            continue;
        sum += value;
        ++parts;
        const bool pointed = m_part >= 0 && m_picture.series.value(m_part).id == series->id;
        found.append({series->label, m_text(value), widgets::seriesColor(c, series->color), pointed});
    }
    if (parts != 1 && m_solo.isEmpty())
        found.append({tr("Total"), m_text(sum), std::nullopt, true});
    if (const double ahead = number(m_picture.expected, bar); ahead > 0 && m_solo.isEmpty())
        found.append({tr("Expected to come"), m_text(ahead), std::nullopt, false});
    if (const double before = m_picture.before.value(bar, NAN); !std::isnan(before) && m_solo.isEmpty())
        found.append({m_picture.beforeLabel, m_text(before), std::nullopt, false});
    for (const QString &line : m_picture.unusual.value(bar))
        found.append({line, {}, c.warn, false});
    return found;
}

QString CostBars::tooltipText() const
{
    if (m_bar < 0 || m_bar >= m_picture.bars())
        return {};
    QStringList texts;
    for (const widgets::TooltipLine &line : lines(m_bar, widgets::colorsOf(this)))
        texts.append(line.value.isEmpty() ? line.label : line.label + u": "_s + line.value);
    return texts.join(u'\n');
}

void CostBars::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = widgets::colorsOf(this);
    QPainter painter(this);
    if (m_picture.bars() == 0)
        return;
    painter.setLayoutDirection(Qt::LeftToRight);
    const ChartScale here = scale();
    if (m_bar >= 0) {
        const double slot = double(here.plot.width()) / double(m_picture.bars());
        painter.fillRect(QRectF(here.plot.left() + slot * double(m_bar), here.plot.top(), slot, whole().height()), c.shade);
    }
    widgets::paintGrid(&painter, here, c);
    paintBelow(&painter, here, c);
    for (qsizetype bar = 0; bar < m_picture.bars(); ++bar)
        paintBar(&painter, here, bar, c);
    for (const auto &[bar, lines] : m_picture.unusual.asKeyValueRange())
        paintMark(&painter, here, bar, c);
    widgets::paintAxes(&painter, here, m_axisText, std::nullopt, c);
    paintLabels(&painter, here, c);
    if (m_bar >= 0 && m_part >= 0 && m_part < m_picture.series.size()) {
        painter.setPen(QPen(c.text, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(partRect(m_bar, m_picture.series.at(m_part).id)).adjusted(0.5, 0.5, -1.5, -1.5));
    }
    if (m_bar >= 0) {
        const double slot = double(here.plot.width()) / double(m_picture.bars());
        ChartScale fine = here; // the tip stands beside its bar
        fine.toMs = here.plot.width();
        widgets::paintTooltip(&painter, fine, qint64(slot * (double(m_bar) + 0.5)), lines(m_bar, c), c);
    }
    if (hasFocus())
        widgets::paintFocusRing(&painter, rect(), c.accent);
}

QImage CostBars::toImage(double scale) const
{
    QImage image(size() * scale, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(scale);
    image.fill(widgets::colorsOf(this).surface);
    const_cast<CostBars *>(this)->render(&image);
    return image;
}

void CostBars::point(qsizetype bar, qsizetype part)
{
    if (bar == m_bar && part == m_part)
        return;
    m_bar = bar;
    m_part = part;
    setCursor(part >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    setAccessibleDescription(tooltipText());
    update();
}

void CostBars::mouseMoveEvent(QMouseEvent *event)
{
    const QPoint at = event->position().toPoint();
    const qsizetype bar = barAt(at);
    point(bar, partAt(bar, at.y()));
}

void CostBars::mouseReleaseEvent(QMouseEvent *event)
{
    const qsizetype bar = barAt(event->position().toPoint()), part = partAt(bar, event->position().toPoint().y());
    if (event->button() == Qt::LeftButton && part >= 0)
        Q_EMIT opened(int(bar), m_picture.series.at(part).id, false);
}

void CostBars::leaveEvent(QEvent *)
{
    if (!hasFocus())
        point(-1, -1);
}

void CostBars::keyPressEvent(QKeyEvent *event)
{
    const qsizetype bars = m_picture.bars(), parts = m_picture.series.size();
    if (bars == 0)
        return QWidget::keyPressEvent(event);
    const auto walk = [&](int by) { // over parts that the bar has
        qsizetype part = m_part;
        do
            part += by;
        while (part >= 0 && part < parts && partRect(m_bar, m_picture.series.at(part).id).height() < 1);
        point(qMax<qsizetype>(0, m_bar), part < parts ? qMax<qsizetype>(-1, part) : m_part);
    };
    switch (event->key()) {
    case Qt::Key_Left: point(m_bar < 0 ? bars - 1 : qMax<qsizetype>(0, m_bar - 1), m_part); break;
    case Qt::Key_Right: point(m_bar < 0 ? bars - 1 : qMin(bars - 1, m_bar + 1), m_part); break;
    case Qt::Key_Home: point(0, m_part); break;
    case Qt::Key_End: point(bars - 1, m_part); break;
    case Qt::Key_Up: walk(1); break;
    case Qt::Key_Down: walk(-1); break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_bar >= 0)
            Q_EMIT opened(int(m_bar), m_part >= 0 ? m_picture.series.at(m_part).id : QString(), m_part < 0);
        break;
    case Qt::Key_Escape:
        if (m_bar < 0)
            Q_EMIT left();
        point(-1, -1);
        break;
    default: QWidget::keyPressEvent(event);
    }
}

void CostBars::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    update();
}

void CostBars::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    point(-1, -1);
    update();
}

} // namespace ui::costs
