// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reports/sheet_ink.h"
#include "ui/reports/sheet_pieces.h"

#include <algorithm>

namespace ui::reports {

namespace {

constexpr double chartHeight = 165 * point, titleHeight = 30 * point, left = 42 * point, top = 22 * point, bottom = 16 * point;
constexpr double barShare = 0.62, widestBar = 36 * point;

QString qt(const std::string &text)
{
    return QString::fromStdString(text);
}

class BarsPainter
{
public:
    BarsPainter(QPainter &painter, const gateway::SheetBars &bars, double width, double from)
        : m_painter(painter), m_bars(bars), m_width(width), m_from(from), m_end(bars.ticks.empty() || bars.ticks.back().value <= 0 ? 1 : bars.ticks.back().value), m_slot((width - left) / double(std::max<std::size_t>(bars.bars.size(), 1)))
    {
    }

    void paint()
    {
        for (const gateway::SheetTick &tick : m_bars.ticks) {
            line(left, y(tick.value), m_width, y(tick.value), tick.value == 0 ? Ink::Line : Ink::Grid, 0.8);
            drawLine(m_painter, {0, y(tick.value) - 6 * point, left - 5 * point, 12 * point}, qt(tick.text), fontOf(8), Ink::Muted, Qt::AlignRight | Qt::AlignVCenter);
        }
        for (std::size_t i = 0; i < m_bars.bars.size(); ++i)
            bar(m_bars.bars[i], left + m_slot * (double(i) + 0.5));
        legend();
    }

private:
    [[nodiscard]] double y(double value) const { return m_from + chartHeight - bottom - (chartHeight - bottom - top) * std::clamp(value / m_end, 0.0, 1.0); }

    void bar(const gateway::SheetBar &bar, double middle)
    {
        const double wide = std::min(m_slot * barShare, widestBar), labelWidth = 80 * point;
        if (bar.value > 0)
            m_painter.fillRect(QRectF(middle - wide / 2, y(bar.value), wide, std::max(0.6 * point, y(0) - y(bar.value))), colorOf(Ink::Bar));
        if (bar.hasBefore)
            line(middle - wide / 2 - 2 * point, y(bar.before), middle + wide / 2 + 2 * point, y(bar.before), Ink::Before, 1.6);
        const bool inTheWay = bar.hasBefore && y(bar.before) < y(bar.value) && y(bar.before) > y(bar.value) - 13 * point;
        const double above = inTheWay ? y(bar.before) : y(bar.value);
        if (!bar.text.empty())
            drawLine(m_painter, {middle - labelWidth / 2, above - 13 * point, labelWidth, 11 * point}, qt(bar.text), fontOf(8), Ink::Text, Qt::AlignCenter);
        if (!bar.label.empty())
            drawLine(m_painter, {middle - labelWidth / 2, m_from + chartHeight - 13 * point, labelWidth, 12 * point}, qt(bar.label), fontOf(8), Ink::Muted, Qt::AlignCenter);
    }

    void legend()
    {
        const QFont font = fontOf(8.2);
        const QFontMetricsF metrics(font);
        double x = left;
        m_painter.fillRect(QRectF(x, m_from + 2 * point, 8 * point, 8 * point), colorOf(Ink::Bar));
        x += 12 * point;
        drawLine(m_painter, {x, m_from, m_width, 12 * point}, qt(m_bars.legend), font, Ink::Text);
        if (std::ranges::none_of(m_bars.bars, &gateway::SheetBar::hasBefore))
            return;
        x += metrics.horizontalAdvance(qt(m_bars.legend)) + 16 * point;
        line(x, m_from + 6 * point, x + 12 * point, m_from + 6 * point, Ink::Before, 1.6);
        drawLine(m_painter, {x + 16 * point, m_from, m_width, 12 * point}, qt(m_bars.legendBefore), font, Ink::Text);
    }

    void line(double fromX, double fromY, double toX, double toY, Ink ink, double points)
    {
        m_painter.setPen(QPen(colorOf(ink), points * point, Qt::SolidLine, Qt::FlatCap));
        m_painter.drawLine(QPointF(fromX, fromY), QPointF(toX, toY));
    }

    QPainter &m_painter;
    const gateway::SheetBars &m_bars;
    double m_width, m_from, m_end, m_slot;
};

} // namespace

void addBars(const gateway::SheetBars &bars, double width, std::vector<Piece> &pieces)
{
    pieces.push_back({.height = titleHeight + chartHeight + 6 * point, .paint = [bars, width](QPainter &painter, double from) {
        drawLine(painter, {0, from + 10 * point, width, 14 * point}, qt(bars.title), fontOf(11, true), Ink::Text);
        BarsPainter(painter, bars, width, from + titleHeight).paint();
    }});
}

} // namespace ui::reports
