// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/bridge/snippets.h"
#include "ui/widgets/dialog.h"

namespace ui::widgets {
class CodeView;
class SecretField;
class StateLabel;
class TabStrip;
}

namespace ui::keys {

/// Shows a new key's secret, once, with a first call ready to paste. Once it is closed nobody can read the secret again;
/// it never is in an accessible name. Done needs the tick that it was stored.
class SecretDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    /// @param model  a model that the key may use; empty: none is configured yet
    SecretDialog(const QString &title, const QString &summary, const gateway::api::CreatedKey &created, const QString &model, gateway::api::Gateway &gateway, QWidget *parent);

private:
    void setUpSecret();
    void setUpSnippets();
    void setUpButtons();
    void showSnippet(int tab);
    void sendTestCall();
    [[nodiscard]] QString snippet(int tab) const;

    gateway::api::Gateway &m_gateway;
    bridge::Snippet m_snippet;
    widgets::SecretField *m_secret;
    widgets::TabStrip *m_tabs;
    widgets::CodeView *m_code;
    widgets::StateLabel *m_result;
    widgets::Button *m_test = nullptr;
};

} // namespace ui::keys
