// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QString>

#include <functional>

namespace ui::shell {
class MainWindow;
}

namespace tests {

class FakeGateway;

/// Pictures of a day that was not as usual, and of what was saved; where there is no log or it fails, what is shown then.
/// @param live  lets the window live for so many milliseconds
void shootCostStudies(const QDir &folder, FakeGateway &gateway, ui::shell::MainWindow &window, const QString &suffix, bool full, const std::function<void(int)> &live);

} // namespace tests
