// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/budgets/figure_tile.h"

#include "ui/widgets/charts/chart_paint.h"
#include "ui/widgets/format.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"

#include <QPainter>
#include <QStyle>

namespace ui::budgets {

namespace {

constexpr int narrow = 116; ///< room for a figure of six digits at full size
constexpr int sample = 14, gap = 6, between = 12;

} // namespace

FigureTile::FigureTile(const QString &label, QWidget *parent) : QWidget(parent), m_label(label), m_value(widgets::unknownText())
{
    setFixedHeight(76);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(label);
}

void FigureTile::set(const QString &value, const QString &note, widgets::Role role)
{
    if (value == m_value && note == m_note && role == m_role)
        return;
    m_value = value;
    m_note = note;
    m_role = role;
    setAccessibleName(note.isEmpty() ? tr("%1: %2").arg(m_label, value) : tr("%1: %2, %3").arg(m_label, value, note));
    setToolTip(note);
    update();
}

/// Tiles side by side are as wide as one another, so their figures are as large, but for one that is too long.
QFont FigureTile::valueFont(int room) const
{
    const QFont usual = widgets::textFont(room < narrow ? 17 : 21, QFont::DemiBold);
    return QFontMetrics(usual).horizontalAdvance(m_value) > room ? widgets::textFont(15, QFont::DemiBold) : usual;
}

void FigureTile::paintEvent(QPaintEvent *)
{
    const widgets::ThemeColors &colors = widgets::colorsOf(this);
    QPainter painter(this);
    widgets::paintFrame(&painter, rect(), colors.surface, colors.line, 6);
    const QRect inner = rect().adjusted(12, 8, -8, -8);
    painter.setLayoutDirection(Qt::LayoutDirectionAuto); // an amount reads from left to right in every language
    const Qt::Alignment side = (layoutDirection() == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute;
    const auto line = [&](int top, int height, const QFont &font, const QColor &color, const QString &text) {
        painter.setFont(font);
        painter.setPen(color);
        painter.drawText(QRect(inner.left(), inner.top() + top, inner.width(), height), int(side | Qt::AlignVCenter), painter.fontMetrics().elidedText(text, Qt::ElideRight, inner.width()));
    };
    line(0, 16, widgets::textFont(12), colors.muted, m_label);
    line(16, 28, valueFont(inner.width()), colors.of(m_role), m_value);
    line(45, 15, widgets::textFont(11), colors.muted, m_note);
}

ScopeMark::ScopeMark() { setFixedSize(20, 20); }

void ScopeMark::set(int icon, int teamColor)
{
    m_icon = icon;
    m_team = teamColor;
    update();
}

void ScopeMark::paintEvent(QPaintEvent *)
{
    const widgets::ThemeColors &colors = widgets::colorsOf(this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_team < -1) {
        widgets::paintIcon(&painter, static_cast<widgets::Icon>(m_icon), QRectF(0, 0, 20, 20), colors.muted);
        return;
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(widgets::seriesColor(colors, m_team));
    painter.drawRoundedRect(QRectF(4, 4, 12, 12), 2, 2);
}

BurnLegend::BurnLegend(QWidget *parent) : QWidget(parent) { setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); }

void BurnLegend::setColor(int series)
{
    m_series = series;
    update();
}

QSize BurnLegend::sizeHint() const
{
    const QFontMetrics metrics(widgets::textFont(12));
    int width = 0;
    for (const QString &text : {tr("left"), tr("forecast"), tr("80 % of outcomes")})
        width += sample + gap + metrics.horizontalAdvance(text) + between;
    return {width, 20};
}

void BurnLegend::paintEvent(QPaintEvent *)
{
    const widgets::ThemeColors &colors = widgets::colorsOf(this);
    const QColor series = widgets::seriesColor(colors, m_series);
    QPainter painter(this);
    painter.setFont(widgets::textFont(12));
    painter.setLayoutDirection(Qt::LayoutDirectionAuto);
    int at = 0;
    const auto entry = [&](const QString &text, const auto &draw) {
        const int width = painter.fontMetrics().horizontalAdvance(text);
        const auto place = [&](int from, int size) { return QStyle::visualRect(layoutDirection(), rect(), QRect(from, 0, size, height())); };
        if (at + sample + gap + width > this->width())
            return;
        draw(QRectF(place(at, sample)));
        painter.setPen(colors.text);
        painter.drawText(place(at + sample + gap, width + 2), Qt::AlignCenter, text);
        at += sample + gap + width + between;
    };
    const auto stroke = [&](Qt::PenStyle style) {
        return [&painter, series, style](const QRectF &box) {
            painter.setPen(QPen(series, 2, style));
            painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()));
        };
    };
    entry(tr("left"), stroke(Qt::SolidLine));
    entry(tr("forecast"), stroke(Qt::DashLine));
    entry(tr("80 % of outcomes"), [&](const QRectF &box) {
        QColor fill = series;
        fill.setAlphaF(0.3F);
        painter.fillRect(QRectF(box.left() + 1, box.center().y() - 5, 11, 11), fill);
    });
}

} // namespace ui::budgets
