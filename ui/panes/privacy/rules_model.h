// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/panes/privacy/policy_words.h"

#include <QAbstractTableModel>
#include <QHash>

namespace ui::privacy {

/// The rules of one policy in their order, and behind them those that it has from what it extends. Own ones can be dragged.
class RulesModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Handle, Number, Name, Detector, Action, Notes, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    /// @param policy    in config.privacyPolicies
    /// @param problems  of the last check
    void show(const gateway::config::Config &config, int policy, bool editable, const std::vector<gateway::api::FieldError> &problems);

    [[nodiscard]] RulePlace placeAt(int row) const;  ///< {-1, -1}: there is none
    [[nodiscard]] int rowOf(const RulePlace &place) const;
    [[nodiscard]] bool isInherited(int row) const { return row >= m_own; }
    [[nodiscard]] int ownCount() const { return m_own; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
    [[nodiscard]] Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    [[nodiscard]] QStringList mimeTypes() const override;
    [[nodiscard]] QMimeData *mimeData(const QModelIndexList &indexes) const override;
    [[nodiscard]] bool canDropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column, const QModelIndex &parent) const override;
    bool dropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column, const QModelIndex &parent) override;

Q_SIGNALS:
    void moveWanted(int from, int to); ///< of own rows; what moves is at `to` then

private:
    struct Row
    {
        RulePlace place;
        gateway::config::PrivacyRule rule; ///< without its words: there can be very many
        QString notes, from;               ///< from: the policy that it is inherited from
        QString problem;
        bool operator==(const Row &) const = default;
    };
    [[nodiscard]] QVariant textOf(const Row &row, int index, int column) const;

    QList<Row> m_rows;
    int m_own = 0;
    bool m_editable = false;
};

} // namespace ui::privacy
