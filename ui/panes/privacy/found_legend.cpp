// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/found_legend.h"

#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include <QPainter>
#include <QStyle>

using namespace Qt::StringLiterals;

namespace ui::privacy {

namespace {

constexpr int swatch = 10, gap = 5, between = 12, moreWidth = 28;

} // namespace

FoundLegend::FoundLegend(QWidget *parent) : QWidget(parent)
{
    setFixedHeight(20);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void FoundLegend::setEntries(const QList<Entry> &entries)
{
    if (entries == m_entries)
        return;
    m_entries = entries;
    QStringList words;
    for (const Entry &entry : entries)
        words << tr("%1 %2").arg(entry.title).arg(entry.count);
    setAccessibleName(words.join(u", "_s));
    setToolTip(words.join(u'\n'));
    updateGeometry();
    update();
}

int FoundLegend::widthOf(const Entry &entry) const
{
    return swatch + gap + QFontMetrics(widgets::textFont(12)).horizontalAdvance(entry.title) + 4 + QFontMetrics(widgets::textFont(12, QFont::DemiBold)).horizontalAdvance(QString::number(entry.count));
}

QSize FoundLegend::sizeHint() const
{
    int width = 0;
    for (const Entry &entry : m_entries)
        width += widthOf(entry) + between;
    return {std::max(24, width), 20};
}

/// At the end of the line, as many as have room; the rest is counted.
void FoundLegend::paintEvent(QPaintEvent *)
{
    const widgets::ThemeColors &colors = widgets::colorsOf(this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    int used = 0;
    qsizetype shown = 0;
    for (; shown < m_entries.size(); ++shown) {
        const int next = used + widthOf(m_entries.at(shown)) + (shown ? between : 0);
        const bool last = shown + 1 == m_entries.size();
        if (next + (last ? 0 : between + moreWidth) > width())
            break;
        used = next;
    }
    const QString more = shown < m_entries.size() ? u"+%1"_s.arg(m_entries.size() - shown) : QString();
    int x = width() - used - (more.isEmpty() ? 0 : (shown ? between : 0) + moreWidth);
    const auto seen = [&](int from, int size) { return QStyle::visualRect(layoutDirection(), rect(), QRect(from, 0, size, height())); };
    for (qsizetype i = 0; i < shown; ++i) {
        const Entry &entry = m_entries.at(i);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.series[static_cast<std::size_t>(entry.series)]);
        painter.drawRoundedRect(seen(x, swatch).adjusted(0, 5, 0, -5), 2, 2);
        x += swatch + gap;
        painter.setPen(colors.text);
        painter.setFont(widgets::textFont(12));
        const int title = painter.fontMetrics().horizontalAdvance(entry.title);
        painter.drawText(seen(x, title), Qt::AlignCenter, entry.title);
        x += title + 4;
        painter.setFont(widgets::textFont(12, QFont::DemiBold));
        const QString count = QString::number(entry.count);
        const int number = painter.fontMetrics().horizontalAdvance(count);
        painter.drawText(seen(x, number), Qt::AlignCenter, count);
        x += number + between;
    }
    if (!more.isEmpty()) {
        painter.setPen(colors.muted);
        painter.setFont(widgets::textFont(12));
        painter.drawText(seen(width() - moreWidth, moreWidth), Qt::AlignCenter, more);
    }
}

} // namespace ui::privacy
