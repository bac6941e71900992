// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/reports/html.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::reports {

namespace {

constexpr double width = 720, height = 230, left = 56, right = 6, top = 26, bottom = 24;
constexpr double barShare = 0.62, widestBar = 48;

class Picture
{
public:
    explicit Picture(const SheetBars &bars) : m_bars(bars), m_end(bars.ticks.empty() || bars.ticks.back().value <= 0 ? 1 : bars.ticks.back().value), m_slot((width - left - right) / static_cast<double>(std::max<std::size_t>(bars.bars.size(), 1))) {}

    std::string take()
    {
        m_out = fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" role=\"img\" font-family=\"inherit\" font-size=\"11\">\n<title>{}</title>\n", width, height, escaped(m_bars.title));
        for (const SheetTick &tick : m_bars.ticks) {
            line(left, y(tick.value), width - right, y(tick.value), tick.value == 0 ? "#6B7684" : "#ECEFF3", 1);
            text(left - 6, y(tick.value) + 4, "end", "#546070", tick.text);
        }
        for (std::size_t i = 0; i < m_bars.bars.size(); ++i)
            bar(m_bars.bars[i], left + m_slot * (static_cast<double>(i) + 0.5));
        legend();
        return m_out + "</svg>\n";
    }

private:
    [[nodiscard]] double y(double value) const { return height - bottom - (height - bottom - top) * std::clamp(value / m_end, 0.0, 1.0); }

    void bar(const SheetBar &bar, double middle)
    {
        const double wide = std::min(m_slot * barShare, widestBar);
        if (bar.value > 0)
            rectangle(middle - wide / 2, y(bar.value), wide, std::max(0.8, y(0) - y(bar.value)));
        if (bar.hasBefore)
            line(middle - wide / 2 - 3, y(bar.before), middle + wide / 2 + 3, y(bar.before), "#CB8165", 2);
        if (!bar.text.empty())
            text(middle, std::min(y(bar.value), bar.hasBefore ? std::max(y(bar.before), y(bar.value) - 14) : y(bar.value)) - 5, "middle", "#1B2430", bar.text);
        if (!bar.label.empty())
            text(middle, height - 7, "middle", "#546070", bar.label);
    }

    void legend()
    {
        constexpr double perLetter = 6.2, mark = 12, gap = 18;
        const double first = left;
        m_out += fmt::format("<rect x=\"{:.1f}\" y=\"4\" width=\"10\" height=\"10\" fill=\"#273561\"/>\n", first);
        text(first + mark + 3, 13, "start", "#1B2430", m_bars.legend);
        if (std::ranges::none_of(m_bars.bars, &SheetBar::hasBefore))
            return;
        const double second = first + mark + 3 + perLetter * static_cast<double>(m_bars.legend.size()) + gap;
        line(second, 9, second + mark, 9, "#CB8165", 2);
        text(second + mark + 5, 13, "start", "#1B2430", m_bars.legendBefore);
    }

    void rectangle(double x, double at, double wide, double high) { m_out += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"#273561\"/>\n", x, at, wide, high); }
    void line(double fromX, double fromY, double toX, double toY, std::string_view colour, int thick)
    {
        m_out += fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" stroke-width=\"{}\"/>\n", fromX, fromY, toX, toY, colour, thick);
    }
    void text(double x, double at, std::string_view anchor, std::string_view colour, std::string_view words)
    {
        m_out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" fill=\"{}\">{}</text>\n", x, at, anchor, colour, escaped(words));
    }

    const SheetBars &m_bars;
    double m_end, m_slot;
    std::string m_out;
};

} // namespace

std::string svgOf(const SheetBars &bars)
{
    return Picture(bars).take();
}

} // namespace gateway::reports
