// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"
#include "ui/widgets/theme_colors.h"

#include <QString>

class QPainter;
class QRect;

/// How a call's mark looks: in its colour, and by a letter for whoever does not tell the colours apart.
namespace ui::calls {

QColor markColor(int colour, const widgets::ThemeColors &colors);
QString markName(int colour);    ///< "red"; "none" for 0
QString markLetter(int colour);  ///< "R"; empty for 0
/// "Marked red: look at this", in as many words as there are; empty without a mark.
QString markWords(const gateway::CallMark &mark);

/// A tag that fills the rectangle: the letter on the colour; a comment without a colour is an outline with dots.
void paintMark(QPainter *painter, const QRect &where, const gateway::CallMark &mark, const widgets::ThemeColors &colors);

} // namespace ui::calls
