// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <initializer_list>
#include <string>
#include <vector>

/// Recorded provider traffic, where it is at hand: the folder named by SIGNALBOX_WIRE_FIXTURES, else one beside the
/// repository. Tests over it skip where it is absent.
namespace recordings {

inline QString folder()
{
    if (qEnvironmentVariableIsSet("SIGNALBOX_WIRE_FIXTURES"))
        return qEnvironmentVariable("SIGNALBOX_WIRE_FIXTURES");
    return QFileInfo(QString::fromUtf8(__FILE__)).dir().absoluteFilePath(QStringLiteral("../../../../shared/data/wire"));
}

inline bool present()
{
    return QFileInfo::exists(folder() + QStringLiteral("/index.json"));
}

inline constexpr const char *absent = "No recordings: set SIGNALBOX_WIRE_FIXTURES to their folder.";

/// A file's bytes, with room behind them for simdjson.
inline std::string read(const QString &name)
{
    QFile file(folder() + QLatin1Char('/') + name);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    std::string bytes = file.readAll().toStdString();
    bytes.reserve(bytes.size() + 64);
    return bytes;
}

inline QStringList strings(std::initializer_list<const char *> texts)
{
    QStringList list;
    for (const char *text : texts)
        list << QString::fromUtf8(text);
    return list;
}

struct Entry
{
    QString file;
    QString tags;
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
};

/// The rows of one index.json.
inline std::vector<Entry> index(const QString &name)
{
    QFile file(folder() + QLatin1Char('/') + name);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    std::vector<Entry> entries;
    const QJsonArray rows = QJsonDocument::fromJson(file.readAll()).array();
    for (const QJsonValue &row : rows) {
        Entry entry {.file = row[QStringLiteral("file")].toString(), .tags = row[QStringLiteral("tags")].toString(), .status = row[QStringLiteral("status")].toInt(200), .headers = {}};
        const QJsonObject headers = row[QStringLiteral("headers")].toObject();
        for (auto header = headers.begin(); header != headers.end(); ++header)
            entry.headers.emplace_back(header.key().toStdString(), header.value().toString().toStdString());
        entries.push_back(std::move(entry));
    }
    return entries;
}

} // namespace recordings
