// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>
#include <QWidget>

#include <array>

/// Colours by role (design: ui.md section 5). Two constant tables; which one holds is read from the palette of the
/// widget that paints, so that a switch between light and dark needs no more than a new palette. GUI thread.
namespace ui::widgets {

/// A role by name, for whatever takes a colour before it knows the mode: icons, chips, labels.
enum class Role { Text, Muted, Control, Accent, Ok, Warn, Err, OnAccent, Surface, Raised, Win, Line };

struct ThemeColors
{
    bool dark;
    QColor win, surface, raised, text, muted, control, accent, ok, warn, err, selection;
    /// Decorative only: never the only sign of anything, never text.
    QColor line, grid, onAccent, okBg, warnBg, errBg, infoBg, skeleton, shade, shadow;
    /// Chart series in fixed order: blue, orange, green, pink, gold, violet, sky, brick. At least 3:1 on `surface`.
    std::array<QColor, 8> series;
    QColor otherSeries; ///< "Other" and "unattributed"

    [[nodiscard]] QColor of(Role role) const;
};

const ThemeColors &themeColors(bool dark);
const ThemeColors &colorsOf(const QPalette &palette);
inline const ThemeColors &colorsOf(const QWidget *widget) { return colorsOf(widget->palette()); }

/// The palette that stands for a table; QPalette::Window tells colorsOf() which.
QPalette paletteOf(const ThemeColors &colors);

/// `over` laid on `under` at `share` (0 to 1): flat, so that nothing shows through.
QColor blended(const QColor &under, const QColor &over, double share);

} // namespace ui::widgets
