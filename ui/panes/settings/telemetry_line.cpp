// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/telemetry_line.h"

#include "ui/bridge/file_owner.h"

namespace ui::settings {

namespace {

constexpr int refreshEveryMs = 1000;

} // namespace

TelemetryLine::TelemetryLine(const QString &label, const QString &note, const QString &keywords, gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent)
    : SettingLine(label, note, keywords, parent), m_gateway(gateway), m_view(view), m_file(tr("the --config file"))
{
    m_every.setInterval(refreshEveryMs);
    connect(&m_every, &QTimer::timeout, this, &TelemetryLine::showState);
    connect(&m_gateway, &gateway::api::Gateway::configApplied, this, &TelemetryLine::follow);
}

void TelemetryLine::start() { follow(); }

void TelemetryLine::follow()
{
    setLock(isLocked() ? m_file : QString());
    refresh();
    if (!isLocked())
        return;
    bridge::askFileOwner(m_gateway, this, [this](const QString &file) {
        m_file = file;
        setLock(isLocked() ? m_file : QString());
        refresh();
    });
}

bool TelemetryLine::isLocked() const { return m_gateway.config()->fileSections.contains("telemetry"); }

QString TelemetryLine::lockWords() const { return isLocked() ? tr("This is set in %1. Change it there.").arg(m_file) : QString(); }

void TelemetryLine::showEvent(QShowEvent *event)
{
    SettingLine::showEvent(event);
    showState();
    m_every.start();
}

void TelemetryLine::hideEvent(QHideEvent *event)
{
    SettingLine::hideEvent(event);
    m_every.stop();
}

} // namespace ui::settings
