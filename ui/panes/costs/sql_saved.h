// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

class QSettings;

namespace ui::costs {

struct SavedQuery
{
    QString name;
    QString text;
    bool operator==(const SavedQuery &) const = default;
};

/// The queries that a person keeps, the ones run lately, and the one that is being written: in the window's settings.
class SqlSaved
{
public:
    /// @param settings  outlives this; null: nothing is kept
    explicit SqlSaved(QSettings *settings);

    [[nodiscard]] const QList<SavedQuery> &queries() const { return m_queries; }
    void setQueries(QList<SavedQuery> queries);
    /// A name that none has: the wanted one, or with a number behind it.
    [[nodiscard]] QString freeName(const QString &wanted) const;

    [[nodiscard]] const QStringList &history() const { return m_history; } ///< newest first, each once, 50 at most
    void remember(const QString &text);

    [[nodiscard]] QString draft() const;
    void setDraft(const QString &text);

private:
    QSettings *m_settings;
    QList<SavedQuery> m_queries;
    QStringList m_history;
};

} // namespace ui::costs
