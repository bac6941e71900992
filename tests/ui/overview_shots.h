// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QSize>
#include <QString>

#include <functional>

namespace ui::widgets {
class Theme;
}

namespace tests {

/// Overview's whole page with what has to be scrolled to: where a route keeps answers, with pinned queries as a table, a chart and one
/// that does not run; the window with a zoom, scrolled down; its menus; a year; the range's dialog.
/// @param live  lets the window live for so many milliseconds
void shootOverview(const QDir &folder, ui::widgets::Theme &theme, const QSize &size, const QString &suffix, const std::function<void(int)> &live);

} // namespace tests
