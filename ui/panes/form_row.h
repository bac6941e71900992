// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/problem_note.h"

#include <QGridLayout>
#include <QHash>

class QComboBox;

/// Small helps for forms that several panes have.
namespace ui::panes {

/// Of the labels in dialogs, so that all their grids agree.
inline constexpr int dialogLabelWidth = 112;

/// Spacing of a grid of two label and field pairs side by side.
void setUpPairs(QGridLayout *grid);
/// A right-aligned field label and its field, in the grid's row and pair of columns; what is wrong with it stands below.
void addField(QGridLayout *grid, int row, int pair, const QString &label, QWidget *field, int span = 1, widgets::ProblemWords words = widgets::ProblemWords::Below);
/// Marks it where there is a problem; clears a mark only where the gateway had set it, never one of a text that cannot
/// be read.
void markField(QWidget *field, const QString &why);
/// What the gateway's check says of a field and of what is below it, by the rest of the name; warnings are left out.
QHash<QString, QString> problemsBelow(const std::vector<gateway::api::FieldError> &problems, const QString &field);
/// Of a field and of all below it: "words" has what is said of "words[3]".
QString problemOf(const QHash<QString, QString> &problems, const QString &field);
/// The entry with this data; without a signal.
void showChoice(QComboBox *box, const QVariant &data);
/// Where it is not there already: the cursor stays, and so does a blank that is on its way to a next word.
void showText(QLineEdit *field, const QString &text);
/// The provider's own timeout, or as placeholder the one that it inherits.
void showDuration(widgets::DurationField *field, const std::optional<gateway::config::Millis> &own, const std::optional<gateway::config::Millis> &inherited);

} // namespace ui::panes
