// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/settings/telemetry_line.h"

namespace ui::widgets {
class Button;
class TableView;
}

namespace ui::settings {

class SinksModel;

/// The log sinks: made, changed, switched off and removed, with what is sent, what waits and what is in the way.
class SinksLine final : public TelemetryLine
{
    Q_OBJECT
public:
    SinksLine(gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent = nullptr);
    void refresh() override;

protected:
    void showState() override;

private:
    using LogSink = gateway::config::LogSink;

    QWidget *makeBelow();
    QWidget *makeButtons();
    void showActions();
    [[nodiscard]] const LogSink *chosen() const; ///< that can be changed here; nullptr: none is
    void create();
    void change();
    void turn();
    void remove();

    SinksModel *m_model;
    widgets::TableView *m_table;
    widgets::Button *m_create, *m_change, *m_turn, *m_remove;
    QWidget *m_below;
    widgets::Label *m_problems;
};

} // namespace ui::settings
