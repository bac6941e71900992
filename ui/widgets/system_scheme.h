// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <optional>

class QDBusVariant;

namespace ui::widgets {

/// Whether the desktop asks for dark: of the settings portal (org.freedesktop.appearance color-scheme), which Qt 6.4 does
/// not read itself. Asks without waiting; without a session bus it stays silent.
class SystemScheme final : public QObject
{
    Q_OBJECT
public:
    explicit SystemScheme(QObject *parent = nullptr);

Q_SIGNALS:
    void darkChanged(bool dark); ///< also once at the start, where the desktop says anything

private Q_SLOTS:
    void settingChanged(const QString &group, const QString &key, const QDBusVariant &value);
};

} // namespace ui::widgets
