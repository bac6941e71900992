// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

class QSettings;

namespace ui::panes {

/// A query to the call log whose result stands on Overview.
struct PinnedQuery
{
    QString id;          ///< stable and unique
    QString title;
    QString text;        ///< as it was run
    bool chart = false;  ///< else a table
    bool operator==(const PinnedQuery &) const = default;
};

/// Those that a person pinned, in their order: in the window's settings, 24 at most. Each call reads or writes them.
class PinnedQueries
{
public:
    static constexpr qsizetype most = 24;

    /// @param settings  outlives this; null: nothing is kept, and nothing can be pinned
    explicit PinnedQueries(QSettings *settings) : m_settings(settings) {}

    [[nodiscard]] bool possible() const { return m_settings != nullptr; }
    [[nodiscard]] QList<PinnedQuery> all() const;
    /// @return the pin, or one without an id where there are too many
    PinnedQuery add(const QString &title, const QString &text, bool chart);
    void change(const PinnedQuery &pin);              ///< the one with that id
    void remove(const QString &id);
    void insert(qsizetype place, const PinnedQuery &pin); ///< one that was removed, again

private:
    void write(const QList<PinnedQuery> &pins);

    QSettings *m_settings;
};

} // namespace ui::panes
