// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QStringList>

namespace ui::bridge {

/// A line of a CSV file with its end, as RFC 4180 has it. Text that a spreadsheet would take for a formula gets an apostrophe:
/// callers and programs choose tags and names. A number below zero is none.
QByteArray csvLine(const QStringList &cells);

} // namespace ui::bridge
