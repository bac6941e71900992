// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QDBusVariant;

namespace ui::widgets {

/// Whether the desktop asks for less motion, of the settings portal (org.freedesktop.appearance reduced-motion, GNOME's
/// enable-animations). Asks without waiting; without a session bus nothing is asked for. What moves by itself asks this.
class MotionPreference final : public QObject
{
    Q_OBJECT
public:
    explicit MotionPreference(QObject *parent = nullptr);
    [[nodiscard]] bool reduced() const { return m_reduced; }

Q_SIGNALS:
    void changed();

private Q_SLOTS:
    void settingChanged(const QString &group, const QString &key, const QDBusVariant &value);

private:
    void ask(const QString &group, const QString &key);
    bool m_reduced = false;
};

} // namespace ui::widgets
