// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/icons.h"

#include <QAbstractTableModel>

#include <optional>

namespace ui::alerts {

/// What a table shows that is no more than a list: rows of ready cells. GUI thread.
class CellsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    struct Cell
    {
        QString text {};
        widgets::Icon icon = widgets::Icon::None;
        std::optional<widgets::Role> role {}; ///< of text and icon; absent: plain
        QString tip {};                       ///< empty: the text
        bool operator==(const Cell &) const = default;
    };
    using Row = QList<Cell>;

    explicit CellsModel(QStringList titles, QObject *parent = nullptr) : QAbstractTableModel(parent), m_titles(std::move(titles)) {}
    void show(QList<Row> rows);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : static_cast<int>(m_titles.size()); }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QStringList m_titles;
    QList<Row> m_rows;
};

} // namespace ui::alerts
