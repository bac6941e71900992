// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAccessible>
#include <QWidget>

namespace tests {

/// All that a screen reader can be told of a widget and what is in it: names, descriptions, values, texts, tool tips.
inline QString accessibleText(QWidget *root)
{
    QString all;
    QList<QWidget *> widgets = root->findChildren<QWidget *>();
    widgets.prepend(root);
    for (QWidget *widget : widgets) {
        all += widget->toolTip() + u'\n';
        QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(widget);
        if (!interface)
            continue;
        for (const auto kind : {QAccessible::Name, QAccessible::Description, QAccessible::Value, QAccessible::Help})
            all += interface->text(kind) + u'\n';
        if (QAccessibleTextInterface *text = interface->textInterface())
            all += text->text(0, text->characterCount()) + u'\n';
    }
    return all;
}

} // namespace tests
