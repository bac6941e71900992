// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

namespace ui::panes {

/// A line for a secret: what is stored is never shown back, only that it is there; what is typed is seen while it is being
/// typed. Its accessible text is dots.
class SecretLine final : public QLineEdit
{
    Q_OBJECT
public:
    explicit SecretLine(QWidget *parent = nullptr);

    void setNothing(const QString &placeholder) { m_nothing = placeholder; } ///< where neither is there
    /// @param value   that the draft has
    /// @param stored  it is a mask that stands for a stored one; `shown` is what may be seen of it
    void setSecret(const QString &value, bool stored, const QString &shown = {});

private:
    QString m_nothing;
};

} // namespace ui::panes
