// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/secret_line.h"

namespace ui::panes {

SecretLine::SecretLine(QWidget *parent) : QLineEdit(parent)
{
    setEchoMode(QLineEdit::PasswordEchoOnEdit);
}

void SecretLine::setSecret(const QString &value, bool stored, const QString &shown)
{
    const QString placeholder = !stored ? m_nothing : shown.isEmpty() ? tr("•••• stored; type to replace it") : shown;
    if (placeholder != placeholderText())
        setPlaceholderText(placeholder);
    const QString typed = stored ? QString() : value;
    if (text() != typed)
        setText(typed);
}

} // namespace ui::panes
