// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/settings/setting_row.h"

#include <QTimer>

namespace ui::settings {

/// A line about where calls go beside the window: asks how that goes while it is shown, and is locked where the --config file
/// says what holds.
class TelemetryLine : public SettingLine
{
    Q_OBJECT
public:
    /// Shows what the gateway has now.
    virtual void refresh() = 0;

protected:
    TelemetryLine(const QString &label, const QString &note, const QString &keywords, gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent);
    void start(); ///< at the end of the constructor: refreshes, and follows the gateway
    [[nodiscard]] gateway::api::Gateway &gateway() const { return m_gateway; }
    [[nodiscard]] bridge::ViewContext &view() const { return m_view; }
    [[nodiscard]] const gateway::config::TelemetrySettings &settings() const { return m_gateway.config()->telemetry; } ///< until the next edit
    [[nodiscard]] bool isLocked() const; ///< the --config file says what holds
    [[nodiscard]] QString lockWords() const;
    virtual void showState() = 0; ///< once a second
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void follow();

    gateway::api::Gateway &m_gateway;
    bridge::ViewContext &m_view;
    QTimer m_every;
    QString m_file; ///< of --config
};

} // namespace ui::settings
