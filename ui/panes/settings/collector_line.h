// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/settings/telemetry_line.h"

namespace ui::widgets {
class Button;
}

namespace ui::settings {

/// The OpenTelemetry collector: where it is, and how it takes calls.
class CollectorLine final : public TelemetryLine
{
    Q_OBJECT
public:
    CollectorLine(gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent = nullptr);
    void refresh() override;

protected:
    void showState() override;

private:
    void change();

    widgets::Button *m_change;
    QWidget *m_below;
    widgets::Label *m_address, *m_extras;
    widgets::StateLabel *m_state;
};

} // namespace ui::settings
