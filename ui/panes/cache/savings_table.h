// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/cache_figures.h"
#include "ui/widgets/card.h"

#include <QAbstractTableModel>

namespace ui::widgets {
class EmptyState;
class TableView;
}

namespace ui::cache {

class SavingsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, HitRate, Hits, Saved, Time, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    /// @param swatches  a colour for each, or nothing
    void setGroups(const QString &heading, std::vector<Group> groups, std::function<QVariant(const std::string &name)> swatch);
    [[nodiscard]] const Group &group(int row) const { return m_groups[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString text(const QModelIndex &index) const;

    QString m_heading;
    std::vector<Group> m_groups;
    std::function<QVariant(const std::string &)> m_swatch;
};

/// What the cache saved, by team or by route.
class SavingsTable final : public widgets::Card
{
    Q_OBJECT
public:
    SavingsTable(const QString &title, const QString &heading, QWidget *parent = nullptr);
    void show(std::vector<Group> groups, std::function<QVariant(const std::string &name)> swatch = {});
    using QWidget::show;
    [[nodiscard]] SavingsModel *model() const { return m_model; }
    [[nodiscard]] widgets::TableView *table() const { return m_table; }

Q_SIGNALS:
    void opened(const QString &name); ///< by a double click or Enter; of calls that have none nothing is opened

private:
    SavingsModel *m_model;
    widgets::TableView *m_table;
    widgets::EmptyState *m_none;
    QString m_heading;
};

} // namespace ui::cache
