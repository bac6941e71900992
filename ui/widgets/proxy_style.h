// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProxyStyle>

namespace ui::widgets {

class WheelGuard;

/// Fusion with Signalbox's measures and shapes: controls 28 px high (small 24), radius 4, 1 px control borders, a 2 px
/// accent focus ring, slim scroll bars, flat headers. Colours come from the widget's palette (theme_colors.h).
/// A line edit or combo box with the property "invalid" (true) gets the error border.
class ProxyStyle final : public QProxyStyle
{
    Q_OBJECT
public:
    ProxyStyle();

    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const override;
    void drawControl(ControlElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter, const QWidget *widget) const override;
    QRect subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl sub, const QWidget *widget) const override;
    QRect subElementRect(SubElement element, const QStyleOption *option, const QWidget *widget) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size, const QWidget *widget) const override;
    int pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override;
    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *data) const override;
    void polish(QWidget *widget) override;
    using QProxyStyle::polish;

private:
    WheelGuard *m_wheel;
};

/// Property of a header view (int): the padding of its outermost sections; 8 px without it, as all others.
inline constexpr char edgePadding[] = "edgePadding";

/// A 1 px rounded frame on whole pixels, or the 2 px focus ring. Shared by whatever paints controls itself.
void paintFrame(QPainter *painter, const QRectF &rect, const QColor &fill, const QColor &border, double radius = 4);
void paintFocusRing(QPainter *painter, const QRectF &rect, const QColor &accent, double radius = 4);

} // namespace ui::widgets
