// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/tab_order.h"

#include <QWidget>

namespace ui::widgets {

void placeInTabOrder(QWidget *place, const QWidgetList &parts)
{
    QWidget *before = place;
    while (before->focusPolicy() == Qt::NoFocus || parts.contains(before)) {
        before = before->previousInFocusChain();
        if (before == place)
            return; // nothing else takes keys
    }
    for (QWidget *part : parts) {
        QWidget::setTabOrder(before, part);
        before = part;
    }
}

} // namespace ui::widgets
