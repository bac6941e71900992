// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QString>

#include <functional>

namespace ui::shell {
class MainWindow;
}

namespace tests {

/// Pictures of the dialog that holds a bill beside the log: without one, with one, with one that is none.
/// @param live  lets the window live for so many milliseconds
void shootBill(const QDir &folder, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live);

} // namespace tests
