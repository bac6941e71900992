// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/motion.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>

using namespace Qt::StringLiterals;

namespace ui::widgets {
namespace {

const QString service = u"org.freedesktop.portal.Desktop"_s, path = u"/org/freedesktop/portal/desktop"_s, interface = u"org.freedesktop.portal.Settings"_s;
const QString appearance = u"org.freedesktop.appearance"_s, reducedMotion = u"reduced-motion"_s;
const QString gnome = u"org.gnome.desktop.interface"_s, animations = u"enable-animations"_s;

} // namespace

MotionPreference::MotionPreference(QObject *parent) : QObject(parent)
{
    if (qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS"))
        return;
    QDBusConnection::sessionBus().connect(service, path, interface, u"SettingChanged"_s, this, SLOT(settingChanged(QString, QString, QDBusVariant)));
    ask(gnome, animations);
    ask(appearance, reducedMotion);
}

void MotionPreference::ask(const QString &group, const QString &key)
{
    QDBusMessage question = QDBusMessage::createMethodCall(service, path, interface, u"Read"_s);
    question << group << key;
    auto *watcher = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(question), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher, group, key] {
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        if (reply.isValid())
            settingChanged(group, key, reply.value());
        watcher->deleteLater();
    });
}

void MotionPreference::settingChanged(const QString &group, const QString &key, const QDBusVariant &value)
{
    const bool ofGnome = group == gnome && key == animations;
    if (!ofGnome && !(group == appearance && key == reducedMotion))
        return;
    QVariant inner = QVariant::fromValue(value); // in one or two variants, as the portal's version has it
    while (inner.metaType() == QMetaType::fromType<QDBusVariant>())
        inner = inner.value<QDBusVariant>().variant();
    const bool reduced = ofGnome ? !inner.toBool() : inner.toUInt() == 1;
    if (reduced == m_reduced)
        return;
    m_reduced = reduced;
    Q_EMIT changed();
}

} // namespace ui::widgets
