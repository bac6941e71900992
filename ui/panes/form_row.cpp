// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/form_row.h"

#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QCoreApplication>
#include <QVariant>

namespace ui::panes {

using namespace widgets;

namespace {

constexpr const char *markedByCheck = "markedByCheck";

} // namespace

void setUpPairs(QGridLayout *grid)
{
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->setColumnMinimumWidth(0, 88);
    grid->setColumnMinimumWidth(2, 88);
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(3, 1);
}

void addField(QGridLayout *grid, int row, int pair, const QString &label, QWidget *field, int span)
{
    auto *text = new Label(Label::Kind::Field, label);
    text->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    text->setBuddy(field);
    if (field->accessibleName().isEmpty())
        field->setAccessibleName(label);
    if (field->minimumHeight() < 28)
        field->setMinimumHeight(28);
    grid->addWidget(text, row, pair * 2);
    grid->addWidget(field, row, pair * 2 + 1, 1, span);
}

void markField(QWidget *field, const QString &why)
{
    if (why.isEmpty() && !field->property(markedByCheck).toBool())
        return;
    field->setProperty(markedByCheck, !why.isEmpty());
    setInvalid(field, why);
}

void showDuration(DurationField *field, const std::optional<gateway::config::Millis> &own, const std::optional<gateway::config::Millis> &inherited)
{
    if (!field->hasFocus() || own != field->value())
        field->setValue(own);
    field->setPlaceholderText(inherited ? setting(*inherited) : QCoreApplication::translate("ui::panes", "60 s for streams"));
}

} // namespace ui::panes
