// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "ui/widgets/dialog.h"

class QLineEdit;
class QSpinBox;

namespace ui::widgets {
class Label;
}

namespace ui::providers {

/// A new key of a provider, or another secret for one that is there. The secret is typed or pasted, never shown back.
class KeyDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    /// @param replaced  the credential whose key is replaced; nullptr: a new one
    KeyDialog(const QString &provider, const QStringList &takenNames, const gateway::config::Credential *replaced, QWidget *parent);

Q_SIGNALS:
    void given(const gateway::config::Credential &credential);

private:
    void judge();

    QStringList m_taken;
    gateway::config::Credential m_credential;
    bool m_replaces;
    QLineEdit *m_name, *m_key;
    QSpinBox *m_weight;
    widgets::Button *m_accept;
    widgets::Label *m_problem;
};

} // namespace ui::providers
