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

/// The cache's pages, with a cache in the configuration; off, with routes that could have one.
void shootCache(const QDir &folder, FakeGateway &gateway, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live);

} // namespace tests
