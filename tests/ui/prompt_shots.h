// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>

#include <functional>

namespace ui::shell {
class MainWindow;
}

namespace tests {

/// The prompts pane at work: a diff, a run on two routes, every tab, its dialogs.
void shootPrompts(const QDir &folder, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live);

} // namespace tests
