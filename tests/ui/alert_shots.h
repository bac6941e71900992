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

/// The alerts pane at work: subjects, firings, the delivery log after a test, a deviation, what is wrong, the mail server, several selected.
void shootAlerts(const QDir &folder, FakeGateway &gateway, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live);

} // namespace tests
