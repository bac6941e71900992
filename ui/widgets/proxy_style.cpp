// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/proxy_style.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QPainter>
#include <QScrollBar>
#include <QStyleFactory>
#include <QStyleOption>

using namespace Qt::StringLiterals;

namespace ui::widgets {
namespace {

bool invalid(const QWidget *widget)
{
    return widget && widget->property("invalid").toBool();
}

const ThemeColors &colorsFor(const QStyleOption *option) { return colorsOf(option->palette); }

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

void paintHeaderLabel(const QStyleOptionHeader *header, QPainter *painter)
{
    const ThemeColors &c = colorsFor(header);
    QRect text = header->rect.adjusted(8, 0, -8, 0);
    const bool sorted = header->sortIndicator != QStyleOptionHeader::None;
    painter->setFont(textFont(12, QFont::Medium));
    const QFontMetrics metrics(painter->font());
    const bool right = header->textAlignment & Qt::AlignRight;
    if (sorted) {
        const int width = qMin(metrics.horizontalAdvance(header->text), text.width() - 16);
        const QRect arrow(right ? text.right() - 13 : text.left() + width + 2, header->rect.center().y() - 6, 14, 14);
        paintIcon(painter, header->sortIndicator == QStyleOptionHeader::SortUp ? Icon::Up : Icon::Down, arrow, c.text);
        if (right)
            text.setRight(arrow.left() - 2);
        else
            text.setWidth(width);
    }
    painter->setPen(sorted ? c.text : c.muted);
    painter->drawText(text, int(header->textAlignment | Qt::AlignVCenter), metrics.elidedText(header->text, Qt::ElideRight, text.width()));
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
    const QRect mark(item->rect.x() + 8, item->rect.center().y() - 7, 16, 16);
    if (item->checked)
        paintIcon(painter, Icon::Check, mark, c.accent);
    else if (!item->icon.isNull())
        item->icon.paint(painter, mark, Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
    painter->setFont(item->font);
    painter->setPen(enabled ? c.text : c.control);
    const QString text = item->text.section(u'\t', 0, 0);
    const QString keys = item->text.section(u'\t', 1);
    const QRect line = item->rect.adjusted(32, 0, -12, 0);
    painter->drawText(line, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextShowMnemonic, text);
    if (!keys.isEmpty()) {
        painter->setPen(c.muted);
        painter->drawText(line, Qt::AlignVCenter | Qt::AlignRight, keys);
    }
    if (item->menuItemType == QStyleOptionMenuItem::SubMenu)
        paintIcon(painter, Icon::Right, QRect(item->rect.right() - 20, item->rect.center().y() - 7, 16, 16), c.muted);
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

} // namespace

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

ProxyStyle::ProxyStyle() : QProxyStyle(QStyleFactory::create(u"Fusion"_s)) { }

void ProxyStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    const ThemeColors &c = colorsFor(option);
    switch (element) {
    case PE_PanelLineEdit: {
        const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
        if (frame && frame->lineWidth > 0)
            paintField(option, painter, widget);
        return;
    }
    case PE_FrameLineEdit: return; // painted with the panel
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck: paintCheck(option, painter, false); return;
    case PE_IndicatorRadioButton: paintCheck(option, painter, true); return;
    case PE_PanelButtonCommand: paintButtonPanel(option, painter); return;
    case PE_FrameFocusRect:
        if (!qobject_cast<const QAbstractItemView *>(widget))
            paintFocusRing(painter, option->rect, c.accent);
        return;
    case PE_PanelItemViewRow:
    case PE_PanelItemViewItem: {
        const auto *item = qstyleoption_cast<const QStyleOptionViewItem *>(option);
        if (item && item->state & State_Selected)
            painter->fillRect(option->rect, c.selection);
        else if (item && item->features & QStyleOptionViewItem::Alternate)
            painter->fillRect(option->rect, c.win);
        else if (item && element == PE_PanelItemViewItem && item->backgroundBrush.style() != Qt::NoBrush)
            painter->fillRect(option->rect, item->backgroundBrush);
        return;
    }
    case PE_Frame:
    case PE_FrameGroupBox: paintFrame(painter, option->rect, Qt::transparent, c.line); return;
    case PE_FrameMenu: paintFrame(painter, option->rect, Qt::transparent, c.control, 1); return;
    case PE_PanelMenu: painter->fillRect(option->rect, c.surface); return;
    case PE_PanelTipLabel: paintFrame(painter, option->rect, c.surface, c.control, 1); return;
    case PE_IndicatorHeaderArrow: return; // painted with the label
    case PE_IndicatorArrowDown: paintIcon(painter, Icon::Down, centredSquare(option->rect, 16), c.text); return;
    case PE_IndicatorArrowUp: paintIcon(painter, Icon::Up, centredSquare(option->rect, 16), c.text); return;
    case PE_IndicatorBranch:
        if (option->state & State_Children)
            paintIcon(painter, option->state & State_Open ? Icon::Down : Icon::Right, centredSquare(option->rect, 14), c.muted);
        return;
    default: QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void ProxyStyle::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    const ThemeColors &c = colorsFor(option);
    switch (element) {
    case CE_HeaderSection:
    case CE_HeaderEmptyArea:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option))
            paintHeaderSection(header, painter);
        else {
            painter->fillRect(option->rect, c.surface);
            painter->setPen(c.line);
            painter->drawLine(option->rect.bottomLeft(), option->rect.bottomRight());
        }
        return;
    case CE_HeaderLabel:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option))
            paintHeaderLabel(header, painter);
        return;
    case CE_MenuItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option))
            paintMenuItem(item, painter);
        return;
    case CE_Splitter: painter->fillRect(option->rect, c.line); return;
    case CE_ProgressBar:
        if (const auto *bar = qstyleoption_cast<const QStyleOptionProgressBar *>(option))
            paintProgress(bar, painter);
        return;
    case CE_ComboBoxLabel: {
        const auto *combo = qstyleoption_cast<const QStyleOptionComboBox *>(option);
        if (!combo || combo->editable)
            break;
        const bool enabled = option->state & State_Enabled;
        QRect text = combo->rect.adjusted(9, 0, -28, 0);
        if (!combo->currentIcon.isNull()) {
            combo->currentIcon.paint(painter, QRect(text.x(), text.center().y() - 7, 16, 16), Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
            text.setLeft(text.left() + 24);
        }
        painter->setPen(enabled ? c.text : c.control);
        painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft, combo->fontMetrics.elidedText(combo->currentText, Qt::ElideRight, text.width()));
        return;
    }
    case CE_PushButtonLabel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option); button && button->features & QStyleOptionButton::DefaultButton
            && option->state & State_Enabled) {
            QStyleOptionButton copy(*button);
            copy.palette.setColor(QPalette::ButtonText, c.onAccent);
            QProxyStyle::drawControl(element, &copy, painter, widget);
            return;
        }
        break;
    default: break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void ProxyStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter, const QWidget *widget) const
{
    const ThemeColors &c = colorsFor(option);
    if (control == CC_ComboBox) {
        paintField(option, painter, widget);
        const QRect arrow = subControlRect(CC_ComboBox, option, SC_ComboBoxArrow, widget);
        paintIcon(painter, Icon::Down, centredSquare(arrow, 16), option->state & State_Enabled ? c.text : c.control);
        return;
    }
    if (control == CC_ScrollBar) {
        if (const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option))
            paintScrollBar(bar, painter, subControlRect(CC_ScrollBar, option, SC_ScrollBarSlider, widget));
        return;
    }
    if (control == CC_SpinBox) {
        paintField(option, painter, widget);
        const auto *spin = qstyleoption_cast<const QStyleOptionSpinBox *>(option);
        if (spin && spin->buttonSymbols != QAbstractSpinBox::NoButtons) {
            paintIcon(painter, Icon::Up, centredSquare(subControlRect(control, option, SC_SpinBoxUp, widget), 12), c.text);
            paintIcon(painter, Icon::Down, centredSquare(subControlRect(control, option, SC_SpinBoxDown, widget), 12), c.text);
        }
        return;
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

QRect ProxyStyle::subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl sub, const QWidget *widget) const
{
    const QRect whole = option->rect;
    if (control == CC_ComboBox && sub == SC_ComboBoxArrow)
        return {whole.right() - 27, whole.y(), 24, whole.height()};
    if (control == CC_ComboBox && sub == SC_ComboBoxEditField) {
        const auto *box = qstyleoption_cast<const QStyleOptionComboBox *>(option);
        return whole.adjusted(box && box->editable ? 6 : 1, 1, -28, -1); // typed text begins where chosen text does
    }
    if (control == CC_SpinBox) {
        const QRect buttons(whole.right() - 21, whole.y() + 2, 18, whole.height() - 4);
        switch (sub) {
        case SC_SpinBoxUp: return {buttons.x(), buttons.y(), buttons.width(), buttons.height() / 2};
        case SC_SpinBoxDown: return {buttons.x(), buttons.y() + buttons.height() / 2, buttons.width(), buttons.height() / 2};
        case SC_SpinBoxEditField: return whole.adjusted(1, 1, -24, -1);
        default: break;
        }
    }
    if (control == CC_ScrollBar) {
        const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
        if (!bar)
            return {};
        const bool vertical = bar->orientation == Qt::Vertical;
        const int length = vertical ? whole.height() : whole.width();
        const int span = bar->maximum - bar->minimum;
        const int thumb = span <= 0 ? length : qMax(24, static_cast<int>(qint64(length) * bar->pageStep / (qint64(span) + bar->pageStep)));
        const int start = span <= 0 ? 0 : sliderPositionFromValue(bar->minimum, bar->maximum, bar->sliderPosition, length - thumb, bar->upsideDown);
        const auto piece = [&](int from, int size) { return vertical ? QRect(whole.x(), whole.y() + from, whole.width(), size) : QRect(whole.x() + from, whole.y(), size, whole.height()); };
        switch (sub) {
        case SC_ScrollBarAddLine:
        case SC_ScrollBarSubLine: return {};
        case SC_ScrollBarSubPage: return piece(0, start);
        case SC_ScrollBarAddPage: return piece(start + thumb, length - start - thumb);
        case SC_ScrollBarSlider: return piece(start, thumb);
        case SC_ScrollBarGroove: return whole;
        default: break;
        }
    }
    return QProxyStyle::subControlRect(control, option, sub, widget);
}

QRect ProxyStyle::subElementRect(SubElement element, const QStyleOption *option, const QWidget *widget) const
{
    if (element == SE_LineEditContents) {
        const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
        if (frame && frame->lineWidth > 0)
            return option->rect.adjusted(6, 1, -6, -1); // QLineEdit adds 2 of its own
    }
    return QProxyStyle::subElementRect(element, option, widget);
}

QSize ProxyStyle::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size, const QWidget *widget) const
{
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    switch (type) {
    case CT_PushButton: return {qMax(result.width(), size.width() + 26), 28};
    case CT_LineEdit:
    case CT_ComboBox:
    case CT_SpinBox: return {result.width(), 28};
    case CT_HeaderSection: return {result.width(), 28};
    case CT_MenuItem: {
        const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option);
        if (item && item->menuItemType == QStyleOptionMenuItem::Separator)
            return {result.width(), 9};
        return {qMax(result.width(), size.width() + 56), 28};
    }
    default: return result;
    }
}

int ProxyStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
    case PM_SmallIconSize:
    case PM_ButtonIconSize: return 16;
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing: return 8;
    case PM_ScrollBarExtent: return 10;
    case PM_ScrollBarSliderMin: return 24;
    case PM_SplitterWidth: return 1; // Qt widens the grip by itself
    case PM_ScrollView_ScrollBarSpacing:
    case PM_ScrollView_ScrollBarOverlap: return 0;
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical: return 0;
    case PM_MenuPanelWidth: return 1;
    case PM_MenuVMargin: return 4;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing: return 8;
    case PM_HeaderMarkSize: return 14;
    case PM_FocusFrameHMargin: return 7; // with Qt's one more: 8 px cell padding
    case PM_ToolTipLabelFrameWidth: return 6;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int ProxyStyle::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *data) const
{
    switch (hint) {
    case SH_Table_GridLineColor: return static_cast<int>((option ? colorsFor(option) : themeColors(false)).line.rgb());
    case SH_ItemView_ShowDecorationSelected: return 1;
    case SH_EtchDisabledText:
    case SH_DitherDisabledText: return 0;
    case SH_ComboBox_Popup: return 0;
    case SH_Slider_AbsoluteSetButtons: return Qt::LeftButton;
    case SH_ScrollBar_LeftClickAbsolutePosition: return 0;
    case SH_Widget_Animation_Duration: return 0;
    default: return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

void ProxyStyle::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QScrollBar *>(widget) || qobject_cast<QComboBox *>(widget))
        widget->setAttribute(Qt::WA_Hover);
    if (auto *header = qobject_cast<QHeaderView *>(widget))
        header->setHighlightSections(false);
}

} // namespace ui::widgets
