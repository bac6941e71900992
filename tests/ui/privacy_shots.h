// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QString>

#include <functional>

namespace ui::shell {
class MainWindow;
}

namespace tests {

/// The privacy pane at work: a wrong pattern, words, another program's detector, a text that is refused, a policy's own page, a dry run.
void shootPrivacy(const QDir &folder, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live);

} // namespace tests
