// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QString>

#include <functional>

namespace ui::shell {
class MainWindow;
}

namespace tests {

/// Values chosen beside the calls, causes of errors, and a session as a tree with one of its calls looked into.
/// @param live  lets the window live for so many milliseconds
void shootCallGroups(const QDir &folder, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live);

} // namespace tests
