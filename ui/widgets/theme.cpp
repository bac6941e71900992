// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/theme.h"

#include "ui/widgets/focus_marker.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/system_scheme.h"
#include "ui/widgets/theme_colors.h"

#include <QApplication>
#include <QFontDatabase>
#include <QToolTip>

using namespace Qt::StringLiterals;

// Q_INIT_RESOURCE declares a function, so it stands outside of namespaces; a static library's resources need it.
static void initUiResources() { Q_INIT_RESOURCE(ui); }

namespace ui::widgets {

void loadResources()
{
    static const bool once = [] {
        initUiResources();
        for (const auto &name : {"SignalboxSans-Regular.otf", "SignalboxSans-Medium.otf", "SignalboxSans-SemiBold.otf", "SignalboxSans-Bold.otf",
                 "SignalboxMono-Regular.ttf", "SignalboxMono-SemiBold.ttf"})
            QFontDatabase::addApplicationFont(u":/fonts/"_s + QLatin1StringView(name));
        return true;
    }();
    Q_UNUSED(once)
}

QFont textFont(int pixels, QFont::Weight weight)
{
    QFont font(QStringList {u"Signalbox Sans"_s, u"Noto Sans"_s, u"DejaVu Sans"_s});
    font.setPixelSize(pixels);
    font.setWeight(weight);
    font.setHintingPreference(QFont::PreferNoHinting); // outlines of the bundled fonts are not hinted; widths stay exact at every scale
    return font;
}

QFont monoFont(int pixels, QFont::Weight weight)
{
    QFont font(QStringList {u"Signalbox Mono"_s, u"DejaVu Sans Mono"_s});
    font.setPixelSize(pixels);
    font.setWeight(weight);
    font.setStyleHint(QFont::Monospace);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

Theme::Theme(QObject *parent) : QObject(parent)
{
    // Qt 6.4 has no QStyleHints::colorScheme; the desktop's palette, as it is before ours, tells as much, until the portal answers.
    m_systemDark = QApplication::palette().color(QPalette::Window).lightness() < 128;
    loadResources();
    QApplication::setStyle(new ProxyStyle);
    new FocusMarker(this);
    QApplication::setFont(textFont(13));
    QToolTip::setFont(textFont(12));
    apply();
    connect(new SystemScheme(this), &SystemScheme::darkChanged, this, [this](bool dark) {
        if (dark == m_systemDark)
            return;
        m_systemDark = dark;
        if (m_mode != ThemeMode::System)
            return;
        apply();
        Q_EMIT changed();
    });
}

bool Theme::dark() const
{
    return m_mode == ThemeMode::Dark || (m_mode == ThemeMode::System && m_systemDark);
}

void Theme::setMode(ThemeMode mode)
{
    if (mode == m_mode)
        return;
    m_mode = mode;
    apply();
    Q_EMIT changed();
}

void Theme::apply()
{
    const QPalette palette = paletteOf(themeColors(dark()));
    QApplication::setPalette(palette);
    QToolTip::setPalette(palette);
}

QString toText(ThemeMode mode)
{
    switch (mode) {
    case ThemeMode::System: return u"system"_s;
    case ThemeMode::Light: return u"light"_s;
    case ThemeMode::Dark: return u"dark"_s;
    }
    return u"system"_s;
}

ThemeMode themeMode(const QString &text)
{
    if (text == u"light")
        return ThemeMode::Light;
    return text == u"dark" ? ThemeMode::Dark : ThemeMode::System;
}

} // namespace ui::widgets
