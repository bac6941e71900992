// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/view_context.h"
#include "ui/shell/filter_bar.h"
#include "ui/widgets/theme.h"

#include <QByteArray>

class QSettings;

namespace ui::shell {

/// What the window keeps between launches. Versioned: what a newer programme wrote, or what does not parse, gives the
/// defaults and a notice, never a crash.
struct WindowState
{
    QByteArray geometry;
    QString pane;                   ///< last shown
    bridge::RangeChoice range;      ///< only moving ranges are kept
    QString filter;
    QList<FilterBar::Saved> saved;
};

constexpr int windowStateVersion = 1;

/// @param notice  set where what was stored could not be read
WindowState readWindowState(QSettings &settings, QString *notice);
void writeWindowState(QSettings &settings, const WindowState &state);

widgets::ThemeMode readThemeMode(QSettings &settings);
void writeThemeMode(QSettings &settings, widgets::ThemeMode mode);

} // namespace ui::shell
