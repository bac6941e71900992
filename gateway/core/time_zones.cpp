// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/time_zones.h"

#include <QFile>
#include <QTimeZone>

namespace gateway {

namespace {

/// Of the files that Qt reads zones from.
bool isZoneFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) && file.read(4) == "TZif";
}

} // namespace

bool isKnownZone(std::string_view name)
{
    if (name == "UTC")
        return true;
    if (name.empty() || name.front() == '/' || name.contains('.'))
        return false; // no path
    const QByteArray id(name.data(), static_cast<qsizetype>(name.size()));
    const QString file = QString::fromLatin1(id);
    return isZoneFile(QStringLiteral("/usr/share/zoneinfo/") + file) || isZoneFile(QStringLiteral("/usr/lib/zoneinfo/") + file) || QTimeZone::isTimeZoneIdAvailable(id);
}

QTimeZone zoneOrUtc(std::string_view name)
{
    if (isKnownZone(name)) {
        if (QTimeZone zone(QByteArray(name.data(), static_cast<qsizetype>(name.size()))); zone.isValid())
            return zone;
    }
    return QTimeZone::utc();
}

} // namespace gateway
