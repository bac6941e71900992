// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <string>
#include <string_view>
#include <vector>

/// QString and the gateway's UTF-8 text.
namespace ui::bridge {

inline QString qt(std::string_view text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); }

inline std::string utf8(QStringView text)
{
    const QByteArray bytes = text.toUtf8();
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

inline QStringList qtList(const std::vector<std::string> &texts)
{
    QStringList list;
    for (const std::string &text : texts)
        list << qt(text);
    return list;
}

inline std::vector<std::string> utf8List(const QStringList &texts)
{
    std::vector<std::string> list;
    for (const QString &text : texts)
        list.push_back(utf8(text));
    return list;
}

} // namespace ui::bridge
