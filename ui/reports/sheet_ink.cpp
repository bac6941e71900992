// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reports/sheet_ink.h"

#include <QGuiApplication>

#include <algorithm>

namespace ui::reports {

namespace {

constexpr double endless = 1e6;

/// Between words, and within one only where it has no room on a line.
int wrapOf(double width, const QString &text, const QFont &font)
{
    const QFontMetricsF metrics(font);
    const QStringList words = text.split(u' ');
    const bool tooLong = std::ranges::any_of(words, [&](const QString &word) { return metrics.horizontalAdvance(word) > width; });
    return tooLong ? Qt::TextWrapAnywhere : Qt::TextWordWrap;
}

} // namespace

QColor colorOf(Ink ink)
{
    const widgets::ThemeColors &colors = widgets::themeColors(false); // paper is light
    switch (ink) {
    case Ink::Text: return colors.text;
    case Ink::Muted: return colors.muted;
    case Ink::Line: return colors.control;
    case Ink::Grid: return colors.raised;
    case Ink::Good: return colors.ok;
    case Ink::Bad: return colors.err;
    case Ink::Bar: return colors.series[0];
    case Ink::Before: return colors.series[1];
    case Ink::Share: return colors.selection;
    }
    return colors.text;
}

QFont fontOf(double points, bool strong)
{
    QFont font = QGuiApplication::font();
    font.setPixelSize(qRound(points * point));
    font.setWeight(strong ? QFont::DemiBold : QFont::Normal);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

void drawLine(QPainter &painter, const QRectF &where, const QString &text, const QFont &font, Ink ink, Qt::Alignment alignment)
{
    painter.setFont(font);
    painter.setPen(colorOf(ink));
    const QFontMetricsF metrics(font);
    const QString shown = metrics.horizontalAdvance(text) <= where.width() + 1 ? text : metrics.elidedText(text, Qt::ElideRight, where.width());
    painter.drawText(where, int(alignment) | Qt::TextSingleLine | Qt::TextDontClip, shown);
}

double wrappedHeight(double width, const QString &text, const QFont &font)
{
    return QFontMetricsF(font).boundingRect(QRectF(0, 0, width, endless), wrapOf(width, text, font), text).height();
}

double drawWrapped(QPainter &painter, const QRectF &where, const QString &text, const QFont &font, Ink ink)
{
    painter.setFont(font);
    painter.setPen(colorOf(ink));
    painter.drawText(where, wrapOf(where.width(), text, font), text);
    return wrappedHeight(where.width(), text, font);
}

} // namespace ui::reports
