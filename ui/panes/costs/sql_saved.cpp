// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/sql_saved.h"

#include <QSettings>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

constexpr qsizetype historyAtMost = 50;

} // namespace

SqlSaved::SqlSaved(QSettings *settings) : m_settings(settings)
{
    if (!m_settings)
        return;
    const int count = m_settings->beginReadArray(u"costs/sql/saved"_s);
    for (int i = 0; i < count; ++i) {
        m_settings->setArrayIndex(i);
        const SavedQuery query {m_settings->value(u"name"_s).toString(), m_settings->value(u"text"_s).toString()};
        if (!query.name.isEmpty() && !query.text.isEmpty())
            m_queries.append(query);
    }
    m_settings->endArray();
    m_history = m_settings->value(u"costs/sql/history"_s).toStringList();
}

void SqlSaved::setQueries(QList<SavedQuery> queries)
{
    m_queries = std::move(queries);
    if (!m_settings)
        return;
    m_settings->remove(u"costs/sql/saved"_s);
    m_settings->beginWriteArray(u"costs/sql/saved"_s, int(m_queries.size()));
    for (int i = 0; i < int(m_queries.size()); ++i) {
        m_settings->setArrayIndex(i);
        m_settings->setValue(u"name"_s, m_queries.at(i).name);
        m_settings->setValue(u"text"_s, m_queries.at(i).text);
    }
    m_settings->endArray();
}

QString SqlSaved::freeName(const QString &wanted) const
{
    const auto taken = [this](const QString &name) { return std::ranges::any_of(m_queries, [&](const SavedQuery &query) { return query.name == name; }); };
    QString name = wanted;
    for (int i = 2; taken(name); ++i)
        name = u"%1 %2"_s.arg(wanted).arg(i);
    return name;
}

void SqlSaved::remember(const QString &text)
{
    m_history.removeAll(text);
    m_history.prepend(text);
    m_history = m_history.mid(0, historyAtMost);
    if (m_settings)
        m_settings->setValue(u"costs/sql/history"_s, m_history);
}

QString SqlSaved::draft() const { return m_settings ? m_settings->value(u"costs/sql/draft"_s).toString() : QString(); }

void SqlSaved::setDraft(const QString &text)
{
    if (m_settings)
        m_settings->setValue(u"costs/sql/draft"_s, text);
}

} // namespace ui::costs
