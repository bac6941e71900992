// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QVBoxLayout;
class QWidget;

/// Words below a field of a form that say why it is marked as wrong: a tool tip alone is for those who have a mouse. GUI thread.
namespace ui::widgets {

class Label;

/// For the line below the field: what setInvalid() was told of it, and not there while nothing is wrong, or the field is hidden.
/// While somebody types in it the words wait for a pause.
Label *makeProblemNote(QWidget *field);
/// The field with such a note below it, for a cell of a grid. @param part  what stands there, if that is more than the field
QVBoxLayout *withProblemNote(QWidget *field, QWidget *part = nullptr);
/// Where it is said what is wrong with a field.
enum class ProblemWords { Below, Elsewhere };
/// Whether what is wrong with the field can be read below it.
bool tellsProblem(const QWidget *field);

} // namespace ui::widgets
