// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/cache_tools.h"

#include <QAbstractTableModel>

namespace ui::cache {

/// Kept answers, as the cache listed them last. Its rows are sorted here. GUI thread.
class EntriesModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Route, Model, Question, Team, Hits, Saved, Size, Age, Left, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void setEntries(std::vector<gateway::api::CacheEntry> entries, gateway::WallTime now);
    void setNow(gateway::WallTime now);   ///< ages grow
    [[nodiscard]] const gateway::api::CacheEntry &entry(int row) const { return m_entries[static_cast<std::size_t>(row)]; }
    [[nodiscard]] int rowOf(const std::string &key) const; ///< -1: not there

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    [[nodiscard]] QString text(const gateway::api::CacheEntry &entry, int column) const;
    [[nodiscard]] QString tip(const gateway::api::CacheEntry &entry) const;
    void sortEntries();

    std::vector<gateway::api::CacheEntry> m_entries;
    gateway::WallTime m_now {};
    int m_sortBy = Age;
    Qt::SortOrder m_order = Qt::AscendingOrder;
};

/// What an answer has saved until now; nullopt: nothing yet, or its price is not known.
std::optional<gateway::Money> savedBy(const gateway::api::CacheEntry &entry);

} // namespace ui::cache
