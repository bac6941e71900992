// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/kind_fields.h"
#include "ui/widgets/dialog.h"

class QLineEdit;
class QSpinBox;

namespace ui::panes {
class CredentialForm;
}

namespace ui::widgets {
class Label;
}

namespace ui::providers {

/// A new credential of a provider, or other values for one that is there. Secrets are typed or pasted, never shown back.
class KeyDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    /// @param fields    of the provider's kind
    /// @param replaced  the credential whose values are replaced; nullptr: a new one
    KeyDialog(const QString &provider, const gateway::config::KindFields &fields, const QStringList &takenNames, const gateway::config::Credential *replaced, QWidget *parent);

Q_SIGNALS:
    void given(const gateway::config::Credential &credential);

private:
    void judge();

    QStringList m_taken;
    gateway::config::Credential m_credential;
    bool m_replaces;
    QLineEdit *m_name;
    panes::CredentialForm *m_form;
    QSpinBox *m_weight;
    widgets::Button *m_accept;
    widgets::Label *m_problem;
};

} // namespace ui::providers
