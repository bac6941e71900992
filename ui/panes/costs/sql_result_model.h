// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/sql_result.h"

#include <QAbstractTableModel>

#include <memory>

namespace ui::costs {

/// The rows of a query as they came: cells are made into text when they are shown, so that a million rows cost nothing.
class SqlResultModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    using Answer = std::shared_ptr<const gateway::SqlAnswer>;
    using QAbstractTableModel::QAbstractTableModel;

    void setAnswer(Answer answer); ///< null: nothing
    [[nodiscard]] const Answer &answer() const { return m_answer; }
    /// The call that a cell names; empty: none.
    [[nodiscard]] QString callAt(const QModelIndex &index) const;
    /// As a spreadsheet takes it: exact, NULL empty.
    [[nodiscard]] QString plainText(int row, int column) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] QString shown(std::size_t row, std::size_t column) const;

    Answer m_answer;
};

/// "1204", "0.0042", "12.5": as few digits as say it.
QString sqlNumberText(double value);
QString sqlChartText(double value); ///< the same as people read it: "60,000"

} // namespace ui::costs
