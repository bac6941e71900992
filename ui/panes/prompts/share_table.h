// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/prompt.h"

#include <QAbstractTableModel>
#include <QStyledItemDelegate>

#include <vector>

namespace ui::prompts {

/// The versions among which an experiment shares out calls, with weights that can be changed.
class ShareTable final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Version, Weight, Share, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    void show(const gateway::config::Prompt &prompt, bool editable);
    /// "v8", "@staging, v8 now"
    static QString nameOf(const gateway::config::Prompt &prompt, const gateway::config::ExperimentShare &share);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;

Q_SIGNALS:
    void weightEdited(int row, double weight);
    void notUnderstood(const QString &why);

private:
    struct Row
    {
        QString name;
        double weight = 1, share = 0;
        bool operator==(const Row &) const = default;
    };
    std::vector<Row> m_rows;
    bool m_editable = false;
};

/// The share of a row beside its figure as a bar.
class ShareDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace ui::prompts
