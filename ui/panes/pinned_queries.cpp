// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/pinned_queries.h"

#include <QSettings>
#include <QUuid>

using namespace Qt::StringLiterals;

namespace ui::panes {
namespace {

const QString place = u"overview/pins"_s;

} // namespace

QList<PinnedQuery> PinnedQueries::all() const
{
    QList<PinnedQuery> pins;
    if (!m_settings)
        return pins;
    const int count = m_settings->beginReadArray(place);
    for (int i = 0; i < count && i < most; ++i) {
        m_settings->setArrayIndex(i);
        const PinnedQuery pin {m_settings->value(u"id"_s).toString(), m_settings->value(u"title"_s).toString(), m_settings->value(u"text"_s).toString(), m_settings->value(u"chart"_s).toBool()};
        if (!pin.id.isEmpty() && !pin.text.isEmpty())
            pins.append(pin);
    }
    m_settings->endArray();
    return pins;
}

PinnedQuery PinnedQueries::add(const QString &title, const QString &text, bool chart)
{
    QList<PinnedQuery> pins = all();
    if (!m_settings || pins.size() >= most)
        return {};
    pins.append({QUuid::createUuid().toString(QUuid::WithoutBraces), title, text, chart});
    write(pins);
    return pins.last();
}

void PinnedQueries::change(const PinnedQuery &pin)
{
    QList<PinnedQuery> pins = all();
    for (PinnedQuery &one : pins)
        if (one.id == pin.id)
            one = pin;
    write(pins);
}

void PinnedQueries::remove(const QString &id)
{
    QList<PinnedQuery> pins = all();
    pins.removeIf([&id](const PinnedQuery &pin) { return pin.id == id; });
    write(pins);
}

void PinnedQueries::insert(qsizetype at, const PinnedQuery &pin)
{
    QList<PinnedQuery> pins = all();
    pins.insert(qBound(qsizetype(0), at, pins.size()), pin);
    write(pins);
}

void PinnedQueries::write(const QList<PinnedQuery> &pins)
{
    if (!m_settings)
        return;
    m_settings->remove(place);
    m_settings->beginWriteArray(place, int(pins.size()));
    for (int i = 0; i < int(pins.size()); ++i) {
        m_settings->setArrayIndex(i);
        m_settings->setValue(u"id"_s, pins.at(i).id);
        m_settings->setValue(u"title"_s, pins.at(i).title);
        m_settings->setValue(u"text"_s, pins.at(i).text);
        m_settings->setValue(u"chart"_s, pins.at(i).chart);
    }
    m_settings->endArray();
}

} // namespace ui::panes
