// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/dialog.h"

namespace ui::shell {

/// A line of the sheet: what, and which keys.
struct ShortcutLine
{
    QString section, what, keys;
};

/// F1: all shortcuts on one page.
class ShortcutsSheet final : public widgets::Dialog
{
    Q_OBJECT
public:
    ShortcutsSheet(const QList<ShortcutLine> &lines, QWidget *parent);
};

} // namespace ui::shell
