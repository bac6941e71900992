// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/proxy_style.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/style_paint.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"
#include "ui/widgets/wheel_guard.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QFocusFrame>
#include <QHeaderView>
#include <QPainter>
#include <QScrollBar>
#include <QStyleFactory>

using namespace Qt::StringLiterals;

namespace ui::widgets {
namespace {

constexpr int focusRing = 3; // its line, and the round corners

const ThemeColors &colorsFor(const QStyleOption *option) { return colorsOf(option->palette); }

/// Qt asks for its margins by the same names as for cells'.
bool isOfFocusFrame(const QStyleOption *option) { return option && qobject_cast<const QFocusFrame *>(option->styleObject); }

} // namespace

ProxyStyle::ProxyStyle() : QProxyStyle(QStyleFactory::create(u"Fusion"_s)), m_wheel(new WheelGuard(this)) { }

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
            paintHeaderLabel(header, painter, widget && widget->property(edgePadding).isValid() ? widget->property(edgePadding).toInt() : 8);
        return;
    case CE_MenuItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option))
            paintMenuItem(item, painter);
        return;
    case CE_FocusFrame: paintFocusRing(painter, option->rect, c.accent); return;
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
        QRect text = visualRect(combo->direction, combo->rect, combo->rect.adjusted(9, 0, -28, 0));
        if (!combo->currentIcon.isNull()) {
            combo->currentIcon.paint(painter, QRect(text.x(), text.center().y() - 7, 16, 16), Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
            text.setLeft(text.left() + 24);
        }
        painter->setPen(enabled ? c.text : c.control);
        painter->drawText(text, int(Qt::AlignVCenter | visualAlignment(combo->direction, Qt::AlignLeft)), combo->fontMetrics.elidedText(combo->currentText, Qt::ElideRight, text.width()));
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
        return visualRect(option->direction, whole, {whole.right() - 27, whole.y(), 24, whole.height()});
    if (control == CC_ComboBox && sub == SC_ComboBoxEditField) {
        const auto *box = qstyleoption_cast<const QStyleOptionComboBox *>(option);
        return visualRect(option->direction, whole, whole.adjusted(box && box->editable ? 6 : 1, 1, -28, -1)); // typed text begins where chosen text does
    }
    if (control == CC_SpinBox) {
        const QRect buttons(whole.right() - 21, whole.y() + 2, 18, whole.height() - 4);
        switch (sub) {
        case SC_SpinBoxUp: return {buttons.x(), buttons.y(), buttons.width(), buttons.height() / 2};
        case SC_SpinBoxDown: return {buttons.x(), buttons.y() + buttons.height() / 2, buttons.width(), buttons.height() / 2};
        case SC_SpinBoxEditField: { // typed text begins where that of a plain field does
            const auto *spin = qstyleoption_cast<const QStyleOptionSpinBox *>(option);
            const bool bare = spin && spin->buttonSymbols == QAbstractSpinBox::NoButtons;
            return visualRect(option->direction, whole, whole.adjusted(6, 1, bare ? -6 : -24, -1));
        }
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
    case PM_HeaderMargin: return 0; // the label pads itself, as cells do
    case PM_FocusFrameHMargin: return isOfFocusFrame(option) ? 0 : 7; // with Qt's one more: 8 px cell padding
    case PM_FocusFrameVMargin: return isOfFocusFrame(option) ? 0 : QProxyStyle::pixelMetric(metric, option, widget);
    case PM_ToolTipLabelFrameWidth: return 6;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int ProxyStyle::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *data) const
{
    switch (hint) {
    case SH_Table_GridLineColor: return static_cast<int>((option ? colorsFor(option) : themeColors(false)).line.rgb());
    case SH_ItemView_ShowDecorationSelected: return 1;
    case SH_FocusFrame_AboveWidget: return 1;
    case SH_FocusFrame_Mask: // what is within the ring is the widget's
        if (auto *mask = qstyleoption_cast<QStyleHintReturnMask *>(data); mask && option)
            mask->region = QRegion(option->rect) - option->rect.adjusted(focusRing, focusRing, -focusRing, -focusRing);
        return 1;
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
    m_wheel->watch(widget);
}

} // namespace ui::widgets
