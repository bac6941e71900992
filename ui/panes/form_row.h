// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "ui/widgets/form_field.h"

#include <QGridLayout>

/// Small helps for forms that several panes have.
namespace ui::panes {

/// Of the labels in dialogs, so that all their grids agree.
inline constexpr int dialogLabelWidth = 112;

/// Spacing of a grid of two label and field pairs side by side.
void setUpPairs(QGridLayout *grid);
/// A right-aligned field label and its field, in the grid's row and pair of columns.
void addField(QGridLayout *grid, int row, int pair, const QString &label, QWidget *field, int span = 1);
/// Marks it where there is a problem; clears a mark only where the gateway had set it, never one of a text that cannot
/// be read.
void markField(QWidget *field, const QString &why);
/// The provider's own timeout, or as placeholder the one that it inherits.
void showDuration(widgets::DurationField *field, const std::optional<gateway::config::Millis> &own, const std::optional<gateway::config::Millis> &inherited);

} // namespace ui::panes
