// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/pane.h"

#include "ui/widgets/format.h"

#include <QApplication>

namespace ui::panes {

Pane::Pane(const PaneContext &context, QWidget *parent) : QWidget(parent), m_context(context)
{
    setFocusPolicy(Qt::ClickFocus); // beside all fields: Tab goes on within the pane
}

bool Pane::focusNextPrevChild(bool next)
{
    const QWidget *before = QApplication::focusWidget();
    const bool hidden = isVisible() && before && isAncestorOf(before) && !before->isVisible();
    const bool moved = QWidget::focusNextPrevChild(next);
    if (!hidden || isAncestorOf(QApplication::focusWidget()))
        return moved;
    QWidget *around = before->parentWidget();
    while (!around->isVisible())
        around = around->parentWidget();
    around->setFocus(Qt::OtherFocusReason);
    return true;
}

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

QString Pane::lastGoodText(gateway::WallTime at) { return at > gateway::WallTime {} ? tr("last good %1").arg(widgets::timeOfDay(at)) : QString(); }

void Pane::takeKeys(QWidget *widget)
{
    if (widget && !isAncestorOf(QApplication::focusWidget()))
        widget->setFocus(Qt::OtherFocusReason);
}

PaletteEntry Pane::paletteAction(widgets::Icon icon, const QString &text, const QString &keys, std::function<void()> run)
{
    return {tr("Actions"), icon, text, {}, keys, [this, run = std::move(run)] {
        view().openPane(objectName());
        run();
    }};
}

PaletteEntry Pane::paletteItem(const QString &section, widgets::Icon icon, const QString &name, const QString &note)
{
    return {section, icon, name, note, {}, [this, name] { view().openPane(objectName(), name); }};
}

} // namespace ui::panes
