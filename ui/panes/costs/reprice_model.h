// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/repricing.h"

#include <QAbstractTableModel>

namespace ui::costs {

/// What a re-pricing would change, by provider and model, and last of all together. GUI thread.
class RepriceModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { ModelColumn, CallsColumn, ChangedColumn, FirstColumn, UnknownColumn, BeforeColumn, AfterColumn, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void setPreview(gateway::RepricePreview preview);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() || m_preview.rows.empty() ? 0 : int(m_preview.rows.size()) + 1; }
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString text(int row, int column) const;

    gateway::RepricePreview m_preview;
};

} // namespace ui::costs
