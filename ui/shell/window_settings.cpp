// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/window_settings.h"

#include <QSettings>

using namespace Qt::StringLiterals;

namespace ui::shell {

WindowState readWindowState(QSettings &settings, QString *notice)
{
    WindowState state;
    const bool broken = settings.status() != QSettings::NoError;
    const int version = settings.value(u"window/version"_s, windowStateVersion).toInt();
    if (broken || version < 1 || version > windowStateVersion) {
        if (notice)
            *notice = broken ? QObject::tr("The window's settings could not be read (%1). Defaults are used.").arg(settings.fileName())
                             : QObject::tr("The window's settings are of another version (%1). Defaults are used.").arg(version);
        return state;
    }
    state.geometry = settings.value(u"window/geometry"_s).toByteArray();
    state.pane = settings.value(u"window/pane"_s).toString();
    state.filter = settings.value(u"window/filter"_s).toString();
    const qlonglong seconds = settings.value(u"window/range_seconds"_s, 3600).toLongLong();
    if (bridge::rangeChoices().contains(seconds))
        state.range.lastSeconds = seconds;
    const int saved = settings.beginReadArray(u"filters"_s);
    for (int i = 0; i < qMin(saved, 100); ++i) {
        settings.setArrayIndex(i);
        const FilterBar::Saved entry {settings.value(u"name"_s).toString(), settings.value(u"text"_s).toString()};
        if (!entry.name.isEmpty() && !entry.text.isEmpty())
            state.saved.append(entry);
    }
    settings.endArray();
    return state;
}

void writeWindowState(QSettings &settings, const WindowState &state)
{
    settings.setValue(u"window/version"_s, windowStateVersion);
    settings.setValue(u"window/geometry"_s, state.geometry);
    settings.setValue(u"window/pane"_s, state.pane);
    settings.setValue(u"window/filter"_s, state.filter);
    if (state.range.moving())
        settings.setValue(u"window/range_seconds"_s, qlonglong(state.range.lastSeconds));
    settings.beginWriteArray(u"filters"_s, int(state.saved.size()));
    for (int i = 0; i < state.saved.size(); ++i) {
        settings.setArrayIndex(i);
        settings.setValue(u"name"_s, state.saved.at(i).name);
        settings.setValue(u"text"_s, state.saved.at(i).text);
    }
    settings.endArray();
}

widgets::ThemeMode readThemeMode(QSettings &settings) { return widgets::themeMode(settings.value(u"appearance/theme"_s).toString()); }
void writeThemeMode(QSettings &settings, widgets::ThemeMode mode) { settings.setValue(u"appearance/theme"_s, widgets::toText(mode)); }

} // namespace ui::shell
