// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRect>
#include <QStyleOption>

class QPainter;
class QWidget;

/// How each control looks; ProxyStyle says where and when. Pure painting.
namespace ui::widgets {

QRectF centredSquare(const QRect &rect, double side);
/// The frame of a line edit, combo box or spin box: red where the property "invalid" is set, grey where it cannot be edited.
void paintField(const QStyleOption *option, QPainter *painter, const QWidget *widget);
void paintCheck(const QStyleOption *option, QPainter *painter, bool radio);
void paintButtonPanel(const QStyleOption *option, QPainter *painter);
void paintHeaderSection(const QStyleOptionHeader *header, QPainter *painter);
/// A tab in the text parts it: what follows stands at the right ("14:32 yesterday\tnow").
/// @param edge  padding of the outermost sections, in pixels; all others have 8
void paintHeaderLabel(const QStyleOptionHeader *header, QPainter *painter, int edge);
void paintScrollBar(const QStyleOptionSlider *bar, QPainter *painter, const QRect &handle);
void paintMenuItem(const QStyleOptionMenuItem *item, QPainter *painter);
void paintProgress(const QStyleOptionProgressBar *bar, QPainter *painter);

} // namespace ui::widgets
