// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/dialog.h"

namespace ui::widgets {
class CodeView;
class SecretField;
}

namespace ui::panes {

/// Shows a new secret, once, with a copy button; Done needs the tick that it was stored. Once it is closed nobody can read
/// the secret again; it never is in an accessible name.
class OnceDialog : public widgets::Dialog
{
    Q_OBJECT
public:
    struct Words
    {
        QString title, summary;
        QString copy;   ///< "Copy key"
        QString stored; ///< "I have stored the key"
    };
    /// @param name    of the object, which its parts' names begin with: "keys.secret"
    /// @param secret  empty: the derived dialog shows more than one itself
    OnceDialog(const QString &name, const Words &words, const QString &secret, QWidget *parent);

protected:
    /// Read-only text that has the secret in it, and keeps it from screen readers.
    [[nodiscard]] widgets::CodeView *makeCode(const QString &name, const QString &accessibleName) const;
    [[nodiscard]] const QString &secret() const;
    /// The buttons, Done last: what a derived dialog adds before this call stands before it.
    void addDone();

private:
    void addWarning();
    void setUpSecret(const QString &secret);

    Words m_words;
    widgets::SecretField *m_secret;
};

} // namespace ui::panes
