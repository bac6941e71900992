// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/labels.h"

#include <QGridLayout>
#include <QStyle>
#include <QVariant>

/// Small helps for the pane's forms.
namespace ui::providers {

/// A right-aligned field label and its field, in the grid's row and pair of columns.
inline void addField(QGridLayout *grid, int row, int pair, const QString &label, QWidget *field, int span = 1)
{
    auto *text = new widgets::Label(widgets::Label::Kind::Field, label);
    text->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    text->setBuddy(field);
    if (field->accessibleName().isEmpty())
        field->setAccessibleName(label);
    if (field->minimumHeight() < 28)
        field->setMinimumHeight(28);
    grid->addWidget(text, row, pair * 2);
    grid->addWidget(field, row, pair * 2 + 1, 1, span);
}

/// Marks a field as wrong, or as fine again, with the reason as tool tip.
inline void setInvalid(QWidget *field, const QString &why)
{
    const bool invalid = !why.isEmpty();
    field->setToolTip(why);
    field->setAccessibleDescription(why);
    if (field->property("invalid").toBool() == invalid)
        return;
    field->setProperty("invalid", invalid);
    field->style()->unpolish(field);
    field->style()->polish(field);
    field->update();
}

} // namespace ui::providers
