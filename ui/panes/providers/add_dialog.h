// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/providers/provider_words.h"
#include "ui/widgets/dialog.h"

class QComboBox;
class QLineEdit;

namespace ui::panes {
class CredentialForm;
class KindRows;
}

namespace ui::widgets {
class Label;
}

namespace ui::providers {

/// A new provider: a pasted key tells its kind, which can always be corrected; the kind tells which fields there are.
class AddDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    AddDialog(const Kinds &kinds, const gateway::config::Config &config, QWidget *parent);

Q_SIGNALS:
    void given(const gateway::config::Provider &provider);

private:
    void setUpFields();
    void connectFields();
    void detect(const QString &text);
    void showKind();
    void judge();
    void give();
    [[nodiscard]] const gateway::api::ProviderKindInfo *kind() const;

    const Kinds m_kinds;
    const gateway::config::Config m_config;
    panes::CredentialForm *m_credential;
    QComboBox *m_kind;
    QLineEdit *m_name;
    panes::KindRows *m_rows;
    widgets::Label *m_problem;
    widgets::Button *m_accept;
    bool m_kindChosen = false, m_nameTyped = false; ///< by hand: not overwritten by a guess
};

} // namespace ui::providers
