// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/bridge/snippets.h"
#include "ui/panes/firstrun/step_card.h"

namespace ui::widgets {
class CodeView;
class CopyButton;
class StateLabel;
class TabStrip;
}

namespace ui::firstrun {

/// Step 3: the call, filled in and ready to paste; or sent from here.
class CallStep final : public StepCard
{
    Q_OBJECT
public:
    explicit CallStep(gateway::api::Gateway &gateway, QWidget *parent = nullptr);

    /// Fills in what is there so far; an empty key or model is shown as a placeholder.
    void fill(const QString &secret, const QString &model);
    void setCallSeen(bool seen); ///< ticks the step

private:
    void setUpParts();
    void showSnippet();
    void sendTestCall();
    [[nodiscard]] QString snippet() const;

    gateway::api::Gateway &m_gateway;
    QString m_secret, m_model;
    bridge::Snippet m_snippet;
    widgets::TabStrip *m_tabs;
    widgets::CodeView *m_code;
    widgets::CopyButton *m_copy;
    widgets::Button *m_send;
    widgets::StateLabel *m_result;
};

} // namespace ui::firstrun
