// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/bridge/view_context.h"
#include "ui/panes/firstrun/step_card.h"

class QComboBox;
class QLineEdit;

namespace ui::widgets {
class SecretField;
class StateLabel;
}

namespace ui::firstrun {

/// Step 2: a virtual key in one click. Its secret is on this page alone, and goes when the page is left.
class KeyStep final : public StepCard
{
    Q_OBJECT
public:
    KeyStep(gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent = nullptr);
    [[nodiscard]] const QString &secret() const;
    void forget(); ///< the page was left

Q_SIGNALS:
    void secretChanged();

private:
    void setUpFields();
    void create();
    void showConfigured();

    gateway::api::Gateway &m_gateway;
    bridge::ViewContext &m_view;
    QLineEdit *m_name;
    QComboBox *m_team;
    widgets::Button *m_create;
    QWidget *m_made;
    widgets::SecretField *m_secret;
    widgets::StateLabel *m_state;
};

} // namespace ui::firstrun
