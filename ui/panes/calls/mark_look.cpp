// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/mark_look.h"

#include "gateway/core/mark_colour.h"
#include "ui/bridge/text.h"
#include "ui/widgets/theme.h"

#include <QCoreApplication>
#include <QPainter>

#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

constexpr std::array<const char *, 7> names {QT_TRANSLATE_NOOP("calls", "none"), QT_TRANSLATE_NOOP("calls", "red"), QT_TRANSLATE_NOOP("calls", "orange"), QT_TRANSLATE_NOOP("calls", "yellow"),
    QT_TRANSLATE_NOOP("calls", "green"), QT_TRANSLATE_NOOP("calls", "blue"), QT_TRANSLATE_NOOP("calls", "violet")};
static_assert(names.size() == gateway::markColours.size() + 1);

constexpr double middleGrey = 0.18; ///< luminance that black and white are as far from

/// Of black and white, the one that is read on it.
QColor inkOn(const QColor &color)
{
    const auto linear = [](float part) { return part <= 0.04045F ? part / 12.92F : std::pow((part + 0.055F) / 1.055F, 2.4F); };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF()) > middleGrey ? QColor(Qt::black) : QColor(Qt::white);
}

QString tr(const char *text) { return QCoreApplication::translate("calls", text); }

} // namespace

QColor markColor(int colour, const widgets::ThemeColors &c)
{
    switch (colour) {
    case 1: return c.err;
    case 2: return c.series[1];
    case 3: return c.series[4];
    case 4: return c.series[2];
    case 5: return c.series[0];
    case 6: return c.series[5];
    default: return c.control;
    }
}

QString markName(int colour) { return tr(names.at(colour >= 0 && colour < int(names.size()) ? std::size_t(colour) : 0)); }
QString markLetter(int colour) { return colour > 0 ? markName(colour).left(1).toUpper() : QString(); }

QString markWords(const gateway::CallMark &mark)
{
    const QString comment = bridge::qt(mark.comment);
    if (mark.colour == 0)
        return comment.isEmpty() ? QString() : tr(QT_TRANSLATE_NOOP("calls", "Comment: %1")).arg(comment);
    const QString marked = tr(QT_TRANSLATE_NOOP("calls", "Marked %1")).arg(markName(mark.colour));
    return comment.isEmpty() ? marked : marked + u": "_s + comment;
}

void paintMark(QPainter *painter, const QRect &where, const gateway::CallMark &mark, const widgets::ThemeColors &c)
{
    if (mark == gateway::CallMark {})
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QColor color = mark.colour > 0 ? markColor(mark.colour, c) : c.muted;
    if (mark.colour > 0) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(color);
        painter->drawRoundedRect(where, 3, 3);
        painter->setPen(inkOn(color));
        painter->setFont(widgets::textFont(10, QFont::Bold));
        painter->drawText(where, Qt::AlignCenter | Qt::TextSingleLine, markLetter(mark.colour));
    } else {
        painter->setBrush(Qt::NoBrush);
        painter->setPen(color);
        painter->drawRoundedRect(QRectF(where).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
        painter->setPen(Qt::NoPen);
        painter->setBrush(color);
        for (int dot = -1; dot <= 1; ++dot)
            painter->drawEllipse(QRectF(where.center().x() + 3 * dot, where.center().y(), 1.6, 1.6));
    }
    painter->restore();
}

} // namespace ui::calls
