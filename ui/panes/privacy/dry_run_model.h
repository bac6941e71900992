// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/privacy_tools.h"
#include "ui/widgets/icons.h"

#include <QAbstractTableModel>

namespace ui::privacy {

/// What each rule and guardrail would have found: a line each, the samples with their values masked.
class DryRunModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Action, Calls, Found, Sample, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    void setReport(const gateway::api::PrivacyDryRun &report);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row
    {
        QString name, action, meaning;
        widgets::Icon icon;
        widgets::Role role;
        std::uint64_t calls = 0, found = 0;
        QStringList samples {};
    };
    QList<Row> m_rows;
};

} // namespace ui::privacy
