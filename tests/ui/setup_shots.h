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

/// The panes that set things up, in the states that their pictures have and a first look does not: a failed test, the
/// advanced settings, a line being drawn, a new key's secret.
/// @param live  lets the window live for so many milliseconds
void shootSetup(const QDir &folder, ui::shell::MainWindow &window, const QString &pane, const QString &suffix, const std::function<void(int)> &live);

/// The routes pane's panels in which a plan is tried, at their top and at their end; where the log fails or waits, what a replay
/// shows then.
void shootTrials(const QDir &folder, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live);

/// Settings beyond their first page: tokens, and who changed what, which also fails, waits and breaks.
void shootSettings(const QDir &folder, FakeGateway &gateway, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live);

/// The costs of this month: pointed at, with a group's parts, by key and route, of calls and without prices; and the dates' dialog.
void shootCosts(const QDir &folder, FakeGateway &gateway, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live);

/// Providers whose kind asks for more than a key (Azure, Vertex, Bedrock): their forms, and the dialogs that add them.
void shootClouds(const QDir &folder, FakeGateway &gateway, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live);

} // namespace tests
