// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/replay.h"

#include <QAbstractTableModel>

#include <vector>

namespace ui::routes {

/// Calls whose fate an edit changes, oldest first: when, from whom to whom, at what cost.
class ReplayedCalls final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { When, Fate, Cost, Columns };

    using QAbstractTableModel::QAbstractTableModel;
    void setCalls(std::vector<gateway::ReplayedCall> calls, gateway::WallTime now);
    [[nodiscard]] QString idAt(int row) const;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : static_cast<int>(m_calls.size()); }
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(Columns); }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<gateway::ReplayedCall> m_calls;
    gateway::WallTime m_now {}; ///< today's calls are told by their time alone
};

} // namespace ui::routes
