// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/theme_colors.h"

#include <QIcon>

class QPainter;

/// The icons of resources/icons: one colour, 1.5 px outline, drawn as vectors at any scale and tinted when painted.
namespace ui::widgets {

enum class Icon {
    None,
    // 20 px: the mode bar.
    Logo, Overview, Calls, Providers, Routes, Keys, Settings,
    // 16 px: shell and general.
    Clock, Refresh, Search, Filter, Bookmark, Down, Up, Left, Right, More, Close, Plus, Minus, Pause,
    // 16 px: state. Each differs in shape, not in colour alone.
    Ok, Error, Warning, Info, CircuitOpen, HalfOpen, Skipped, Check, Lock, Dot,
    // 16 px: routes.
    Play, Diamond, Split, Swap, Chain, Cube, Octagon, Flag, Drag, Fit, Undo, Redo, Upload, Duplicate, Trash,
    // 16 px: others.
    Zap, Server, Key, Organisation, Team, Columns, Download, Copy, Terminal, Bars, Table, Eye, EyeOff, Shield, Edit, Tag, Folder, File,
    Diff, Gauge, ArrowUp, ArrowDown, External, Moon, Sun,
    // 20 px: the mode bar's later ones.
    Privacy, Prompts, Cache,
};

/// Draws the icon in the rectangle (square; normally 12, 14, 16 or 20 px), in the painter's device resolution.
void paintIcon(QPainter *painter, Icon icon, const QRectF &where, const QColor &color);

/// An icon that follows light and dark by itself: its colour is looked up in the application's palette when painted.
/// Disabled states use the control colour.
QIcon themedIcon(Icon icon, Role role = Role::Text);

/// The programme's own icon, in colour.
QIcon applicationIcon();

} // namespace ui::widgets
