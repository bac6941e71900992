// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/style_paint.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include <QPainter>
#include <QWidget>

namespace ui::widgets {
namespace {

bool invalid(const QWidget *widget)
{
    return widget && widget->property("invalid").toBool();
}

const ThemeColors &colorsFor(const QStyleOption *option) { return colorsOf(option->palette); }

} // namespace

QRectF centredSquare(const QRect &rect, double side)
{
    return {rect.x() + (rect.width() - side) / 2.0, rect.y() + (rect.height() - side) / 2.0, side, side};
}

void paintField(const QStyleOption *option, QPainter *painter, const QWidget *widget)
{
    const ThemeColors &c = colorsFor(option);
    const bool enabled = option->state & QStyle::State_Enabled;
    const bool readOnly = option->state & QStyle::State_ReadOnly;
    const QColor fill = !enabled || readOnly ? c.raised : c.surface;
    const QColor border = invalid(widget) ? c.err : !enabled || readOnly ? c.line : c.control;
    paintFrame(painter, option->rect, fill, border);
    if (option->state & QStyle::State_HasFocus)
        paintFocusRing(painter, option->rect, invalid(widget) ? c.err : c.accent);
}

void paintCheck(const QStyleOption *option, QPainter *painter, bool radio)
{
    const ThemeColors &c = colorsFor(option);
    const QRectF box = centredSquare(option->rect, 16);
    const bool on = option->state & (QStyle::State_On | QStyle::State_NoChange);
    const bool enabled = option->state & QStyle::State_Enabled;
    const QColor accent = enabled ? c.accent : c.control;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (radio) {
        painter->setPen(QPen(on ? accent : c.control, on ? 5 : 1));
        painter->setBrush(c.surface);
        const double inset = on ? 2.5 : 0.5;
        painter->drawEllipse(box.adjusted(inset, inset, -inset, -inset));
    } else {
        painter->setPen(QPen(on ? accent : c.control, 1));
        painter->setBrush(on ? accent : c.surface);
        painter->drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
        if (option->state & QStyle::State_On)
            paintIcon(painter, Icon::Check, box.adjusted(2, 2, -2, -2), c.onAccent);
        else if (option->state & QStyle::State_NoChange)
            paintIcon(painter, Icon::Minus, box.adjusted(2, 2, -2, -2), c.onAccent);
    }
    if (option->state & QStyle::State_HasFocus && option->state & QStyle::State_KeyboardFocusChange) {
        painter->setPen(QPen(c.accent, 2));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(box.adjusted(-2, -2, 2, 2), radio ? 10 : 5, radio ? 10 : 5);
    }
    painter->restore();
}

void paintButtonPanel(const QStyleOption *option, QPainter *painter)
{
    const ThemeColors &c = colorsFor(option);
    const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
    const bool primary = button && button->features & QStyleOptionButton::DefaultButton;
    const bool enabled = option->state & QStyle::State_Enabled;
    QColor fill = primary ? c.accent : c.surface;
    QColor border = primary ? c.accent : c.control;
    if (!enabled) {
        fill = c.surface;
        border = c.line;
    } else if (option->state & (QStyle::State_Sunken | QStyle::State_On)) {
        fill = primary ? blended(c.accent, c.text, 0.25) : c.selection;
    } else if (option->state & QStyle::State_MouseOver) {
        fill = primary ? blended(c.accent, c.text, 0.12) : c.raised;
    }
    paintFrame(painter, option->rect, fill, border);
}

void paintHeaderSection(const QStyleOptionHeader *header, QPainter *painter)
{
    const ThemeColors &c = colorsFor(header);
    painter->fillRect(header->rect, c.surface);
    painter->setPen(c.line);
    if (header->orientation == Qt::Horizontal)
        painter->drawLine(header->rect.bottomLeft(), header->rect.bottomRight());
    else
        painter->drawLine(header->rect.topRight(), header->rect.bottomRight());
}

void paintHeaderLabel(const QStyleOptionHeader *header, QPainter *painter, int edge)
{
    using Section = QStyleOptionHeader;
    const ThemeColors &c = colorsFor(header);
    const bool first = header->position == Section::Beginning || header->position == Section::OnlyOneSection;
    const bool last = header->position == Section::End || header->position == Section::OnlyOneSection;
    QRect text = header->rect.adjusted(first ? edge : 8, 0, -(last ? edge : 8), 0); // the position is that on the screen
    const bool sorted = header->sortIndicator != Section::None;
    painter->setFont(textFont(12, QFont::Medium));
    const QFontMetrics metrics(painter->font());
    const Qt::Alignment align = QStyle::visualAlignment(header->direction, header->textAlignment);
    const bool right = align & Qt::AlignRight;
    if (sorted) {
        const int width = qMin(metrics.horizontalAdvance(header->text) + 1, text.width() - 16);
        const QRect arrow(right ? text.right() - width - 16 : text.left() + width + 3, header->rect.center().y() - 6, 14, 14);
        paintIcon(painter, header->sortIndicator == Section::SortUp ? Icon::Down : Icon::Up, arrow, c.muted);
        if (!right)
            text.setWidth(width);
    }
    painter->setPen(c.muted);
    const QString begin = header->text.section(u'\t', 0, 0), end = header->text.section(u'\t', 1);
    if (end.isEmpty()) {
        painter->drawText(text, int(align | Qt::AlignVCenter), metrics.elidedText(begin, Qt::ElideRight, text.width()));
        return;
    }
    // Ends of a time axis: it runs to the right in every language.
    painter->drawText(text, Qt::AlignLeft | Qt::AlignAbsolute | Qt::AlignVCenter, metrics.elidedText(begin, Qt::ElideRight, text.width()));
    if (metrics.horizontalAdvance(begin) + metrics.horizontalAdvance(end) + 8 < text.width())
        painter->drawText(text, Qt::AlignRight | Qt::AlignAbsolute | Qt::AlignVCenter, end);
}

void paintScrollBar(const QStyleOptionSlider *bar, QPainter *painter, const QRect &handle)
{
    const ThemeColors &c = colorsFor(bar);
    if (bar->minimum == bar->maximum)
        return;
    const bool vertical = bar->orientation == Qt::Vertical;
    const bool active = bar->state & (QStyle::State_MouseOver | QStyle::State_Sunken);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    QColor color = c.control;
    color.setAlphaF(active ? 0.75F : 0.4F);
    painter->setBrush(color);
    const QRectF thumb = vertical ? QRectF(handle).adjusted(2, 1, -2, -1) : QRectF(handle).adjusted(1, 2, -1, -2);
    painter->drawRoundedRect(thumb, 3, 3);
    painter->restore();
}

void paintMenuItem(const QStyleOptionMenuItem *item, QPainter *painter)
{
    const ThemeColors &c = colorsFor(item);
    if (item->menuItemType == QStyleOptionMenuItem::Separator) {
        painter->fillRect(QRect(item->rect.x(), item->rect.center().y(), item->rect.width(), 1), c.line);
        return;
    }
    const bool enabled = item->state & QStyle::State_Enabled;
    if (enabled && item->state & QStyle::State_Selected)
        painter->fillRect(item->rect, c.selection);
    const auto seen = [item](const QRect &r) { return QStyle::visualRect(item->direction, item->rect, r); };
    const QRect mark = seen(QRect(item->rect.x() + 8, item->rect.center().y() - 7, 16, 16));
    if (item->checked)
        paintIcon(painter, Icon::Check, mark, c.accent);
    else if (!item->icon.isNull())
        item->icon.paint(painter, mark, Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
    painter->setFont(item->font);
    painter->setPen(enabled ? c.text : c.control);
    const QString text = item->text.section(u'\t', 0, 0);
    const QString keys = item->text.section(u'\t', 1);
    const QRect line = seen(item->rect.adjusted(32, 0, -12, 0));
    painter->drawText(line, int(Qt::AlignVCenter | QStyle::visualAlignment(item->direction, Qt::AlignLeft) | Qt::TextShowMnemonic), text);
    if (!keys.isEmpty()) {
        painter->setPen(c.muted);
        painter->drawText(line, int(Qt::AlignVCenter | QStyle::visualAlignment(item->direction, Qt::AlignRight)), keys);
    }
    if (item->menuItemType == QStyleOptionMenuItem::SubMenu)
        paintIcon(painter, item->direction == Qt::RightToLeft ? Icon::Left : Icon::Right, seen(QRect(item->rect.right() - 20, item->rect.center().y() - 7, 16, 16)), c.muted);
}

void paintProgress(const QStyleOptionProgressBar *bar, QPainter *painter)
{
    const ThemeColors &c = colorsFor(bar);
    QRectF track(bar->rect.x(), bar->rect.center().y() - 1.5, bar->rect.width(), 4);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(c.raised);
    painter->drawRoundedRect(track, 2, 2);
    const int span = bar->maximum - bar->minimum;
    painter->setBrush(c.accent);
    track.setWidth(span > 0 ? track.width() * (bar->progress - bar->minimum) / span : track.width() / 3);
    painter->drawRoundedRect(track, 2, 2);
    painter->restore();
}

void paintFrame(QPainter *painter, const QRectF &rect, const QColor &fill, const QColor &border, double radius)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(border, 1));
    painter->setBrush(fill.alpha() ? QBrush(fill) : QBrush(Qt::NoBrush));
    painter->drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius - 0.5, radius - 0.5);
    painter->restore();
}

void paintFocusRing(QPainter *painter, const QRectF &rect, const QColor &accent, double radius)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(accent, 2));
    painter->setBrush(Qt::NoBrush);
    painter->drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius - 1, radius - 1);
    painter->restore();
}

} // namespace ui::widgets
