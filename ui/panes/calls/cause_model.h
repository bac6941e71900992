// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error_cause.h"
#include "ui/widgets/table_view.h"

#include <QAbstractTableModel>

namespace ui::calls {

/// Causes of errors as rows, most calls first. GUI thread.
class CauseModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Cause, Calls, Share, Spread, First, Last, Hit, Newest, ColumnCount };
    enum Role { Parts = Qt::UserRole + 1 }; ///< QList<double>: how the calls lie over the range

    using QAbstractTableModel::QAbstractTableModel;
    void setCauses(gateway::ErrorCauses causes, gateway::WallTime now);
    [[nodiscard]] const gateway::ErrorCauses &causes() const { return m_causes; }
    [[nodiscard]] const gateway::ErrorCause *cause(int row) const; ///< null: there is none

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString text(const gateway::ErrorCause &cause, int column) const;
    [[nodiscard]] QString toolTip(const gateway::ErrorCause &cause, int column) const;

    gateway::ErrorCauses m_causes;
    gateway::WallTime m_now {};
};

/// Paints CauseModel::Parts as bars.
class SpreadDelegate final : public widgets::TextDelegate
{
    Q_OBJECT
public:
    using TextDelegate::TextDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace ui::calls
