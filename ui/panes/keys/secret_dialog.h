// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/bridge/snippets.h"
#include "ui/panes/once_dialog.h"

namespace ui::widgets {
class CodeView;
class StateLabel;
class TabStrip;
}

namespace ui::keys {

/// Shows a new key's secret, once, with a first call ready to paste.
class SecretDialog final : public panes::OnceDialog
{
    Q_OBJECT
public:
    /// @param model  a model that the key may use; empty: none is configured yet
    SecretDialog(const QString &title, const QString &summary, const gateway::api::CreatedKey &created, const QString &model, gateway::api::Gateway &gateway, QWidget *parent);

private:
    void setUpSnippets();
    void setUpButtons();
    void showSnippet(int tab);
    void sendTestCall();
    [[nodiscard]] QString snippet(int tab) const;

    gateway::api::Gateway &m_gateway;
    bridge::Snippet m_snippet;
    widgets::TabStrip *m_tabs;
    widgets::CodeView *m_code;
    widgets::StateLabel *m_result;
    widgets::Button *m_test = nullptr;
};

} // namespace ui::keys
