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

/// The SQL console with its samples, a result as a table and as a chart, a query that is wrong, one that takes its time, offers
/// while one is typed, and what is saved. Where there is no log or it fails, what is shown then.
/// @param live  lets the window live for so many milliseconds
void shootSql(const QDir &folder, FakeGateway &gateway, ui::shell::MainWindow &window, const QString &suffix, bool full, const std::function<void(int)> &live);

} // namespace tests
