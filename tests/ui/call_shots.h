// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>

#include <functional>

namespace ui::shell {
class MainWindow;
}

namespace tests {

class FakeGateway;

/// What is done with calls of the log: marked, compared, replayed.
void shootCallActions(const QDir &folder, FakeGateway &gateway, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live);

} // namespace tests
