// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/dialog.h"

class QLineEdit;

namespace ui::panes {

/// Asks for the title of a card on Overview.
class PinDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    PinDialog(const QString &question, const QString &submit, const QString &title, QWidget *parent);

Q_SIGNALS:
    void named(const QString &title); ///< never empty

private:
    QLineEdit *m_title;
};

} // namespace ui::panes
