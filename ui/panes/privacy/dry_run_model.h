// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/privacy_tools.h"

#include <QAbstractTableModel>

namespace ui::privacy {

/// What each rule would have found: a line a rule, the samples with their values masked.
class DryRunModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Action, Calls, Found, Sample, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    void setRows(std::vector<gateway::api::PrivacyDryRun::OfRule> rows);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<gateway::api::PrivacyDryRun::OfRule> m_rows;
};

} // namespace ui::privacy
