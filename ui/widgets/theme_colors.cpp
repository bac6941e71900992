// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/theme_colors.h"

namespace ui::widgets {
namespace {

QColor rgb(QRgb value) { return QColor(value); }

ThemeColors lightTable()
{
    return {
        .dark = false,
        .win = rgb(0xF5F6F8), .surface = rgb(0xFFFFFF), .raised = rgb(0xECEFF3), .text = rgb(0x1B2430), .muted = rgb(0x546070), .control = rgb(0x6B7684),
        .accent = rgb(0x1F5FBF), .ok = rgb(0x176B3A), .warn = rgb(0x8A5A00), .err = rgb(0xB3261E), .selection = rgb(0xDCE8FA),
        .line = rgb(0xDCE1E8), .grid = rgb(0xE9ECF1), .onAccent = rgb(0xFFFFFF), .okBg = rgb(0xE7F2EB), .warnBg = rgb(0xFBF2E0), .errBg = rgb(0xFBEBEA),
        .infoBg = rgb(0xEDF3FC), .skeleton = rgb(0xE6E9EE), .shade = QColor(0x1B, 0x24, 0x30, 0x2A), .shadow = QColor(0x1B, 0x24, 0x30, 0x22),
        .series = {rgb(0x273561), rgb(0xCB8165), rgb(0x176B44), rgb(0xB1407C), rgb(0x837B05), rgb(0x6E26A4), rgb(0x4390BB), rgb(0x770E02)},
        .otherSeries = rgb(0x8A94A2),
    };
}

ThemeColors darkTable()
{
    return {
        .dark = true,
        .win = rgb(0x14181E), .surface = rgb(0x1B2129), .raised = rgb(0x252D38), .text = rgb(0xE6EBF2), .muted = rgb(0xA3AFBF), .control = rgb(0x75859A),
        .accent = rgb(0x7FB2FF), .ok = rgb(0x5FD08A), .warn = rgb(0xF0B24A), .err = rgb(0xFF8A80), .selection = rgb(0x24406B),
        .line = rgb(0x2E3744), .grid = rgb(0x262E39), .onAccent = rgb(0x14181E), .okBg = rgb(0x1B2F27), .warnBg = rgb(0x302A1D), .errBg = rgb(0x352326),
        .infoBg = rgb(0x1D2B42), .skeleton = rgb(0x28303B), .shade = QColor(0, 0, 0, 0x88), .shadow = QColor(0, 0, 0, 0x66),
        .series = {rgb(0x4F6BD1), rgb(0xF88D3A), rgb(0xB5FADC), rgb(0x9B5C88), rgb(0xECCD38), rgb(0xA983F1), rgb(0x63C4E1), rgb(0xD53F2B)},
        .otherSeries = rgb(0x75859A),
    };
}

} // namespace

QColor ThemeColors::of(Role role) const
{
    switch (role) {
    case Role::Text: return text;
    case Role::Muted: return muted;
    case Role::Control: return control;
    case Role::Accent: return accent;
    case Role::Ok: return ok;
    case Role::Warn: return warn;
    case Role::Err: return err;
    case Role::OnAccent: return onAccent;
    case Role::Surface: return surface;
    case Role::Raised: return raised;
    case Role::Win: return win;
    case Role::Line: return line;
    }
    return text;
}

const ThemeColors &themeColors(bool dark)
{
    static const ThemeColors light = lightTable();
    static const ThemeColors darkColors = darkTable();
    return dark ? darkColors : light;
}

const ThemeColors &colorsOf(const QPalette &palette)
{
    return themeColors(palette.color(QPalette::Active, QPalette::WindowText).lightness() > 127);
}

QPalette paletteOf(const ThemeColors &c)
{
    QPalette p;
    p.setColor(QPalette::Window, c.win);
    p.setColor(QPalette::WindowText, c.text);
    p.setColor(QPalette::Base, c.surface);
    p.setColor(QPalette::AlternateBase, c.win);
    p.setColor(QPalette::Text, c.text);
    p.setColor(QPalette::Button, c.surface);
    p.setColor(QPalette::ButtonText, c.text);
    p.setColor(QPalette::BrightText, c.err);
    p.setColor(QPalette::PlaceholderText, c.muted);
    p.setColor(QPalette::ToolTipBase, c.surface);
    p.setColor(QPalette::ToolTipText, c.text);
    p.setColor(QPalette::Highlight, c.selection);
    p.setColor(QPalette::HighlightedText, c.text);
    p.setColor(QPalette::Link, c.accent);
    p.setColor(QPalette::LinkVisited, c.accent);
    p.setColor(QPalette::Light, c.raised);
    p.setColor(QPalette::Midlight, c.raised);
    p.setColor(QPalette::Mid, c.line);
    p.setColor(QPalette::Dark, c.control);
    p.setColor(QPalette::Shadow, c.line);
    for (const auto role : {QPalette::Text, QPalette::ButtonText, QPalette::PlaceholderText})
        p.setColor(QPalette::Disabled, role, c.control);
    return p;
}

QColor blended(const QColor &under, const QColor &over, double share)
{
    const auto mix = [share](int a, int b) { return static_cast<int>(a + (b - a) * share + 0.5); };
    return {mix(under.red(), over.red()), mix(under.green(), over.green()), mix(under.blue(), over.blue())};
}

} // namespace ui::widgets
