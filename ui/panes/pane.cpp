// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/pane.h"

namespace ui::panes {

Pane::Pane(const PaneContext &context, QWidget *parent) : QWidget(parent), m_context(context) { }

void Pane::setActive(bool active)
{
    if (active == m_active)
        return;
    m_active = active;
    if (active)
        activated();
    else
        deactivated();
}

} // namespace ui::panes
