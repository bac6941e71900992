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

/// Pictures of the reports' dialog, of the form that schedules one, and of a report's pages and HTML.
/// @param live  lets the window live for so many milliseconds
void shootReports(const QDir &folder, FakeGateway &gateway, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live);

} // namespace tests
