// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/csv.h"

#include <QByteArrayList>

using namespace Qt::StringLiterals;

namespace ui::bridge {

namespace {

QByteArray csvCell(const QString &text)
{
    QString cell = text;
    bool number = false;
    cell.toDouble(&number);
    if (!number && !cell.isEmpty() && u"=+-@\t\r"_s.contains(cell.front()))
        cell.prepend(u'\'');
    if (cell.contains(u',') || cell.contains(u'"') || cell.contains(u'\n') || cell.contains(u'\r'))
        cell = u'"' + cell.replace(u'"', u"\"\""_s) + u'"';
    return cell.toUtf8();
}

} // namespace

QByteArray csvLine(const QStringList &cells)
{
    QByteArrayList line;
    for (const QString &cell : cells)
        line.append(csvCell(cell));
    return line.join(',') + "\r\n";
}

} // namespace ui::bridge
