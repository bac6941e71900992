// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/privacy/rule_rows.h"

#include <QAbstractTableModel>

namespace ui::privacy {

/// The rules, or the guardrails, of one policy in their order, and behind them those that it has from what it extends. Own
/// ones can be dragged.
class RulesModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Handle, Number, Name, Detector, Action, Found, Notes, ColumnCount }; ///< Detector: the kind of a guardrail
    enum { HitsRole = Qt::UserRole }; ///< of Found: Hits; none where it is not known

    explicit RulesModel(List list, QObject *parent = nullptr) : QAbstractTableModel(parent), m_list(list) {}

    /// @param whyNoHits  why hits are not known; empty: they are, or they come
    void show(const QList<RuleRow> &rows, bool editable, const QString &whyNoHits);

    [[nodiscard]] List list() const { return m_list; }
    [[nodiscard]] RulePlace placeAt(int row) const;  ///< {-1, -1}: there is none
    [[nodiscard]] int rowOf(const RulePlace &place) const;
    [[nodiscard]] bool isInherited(int row) const { return row >= m_own; }
    [[nodiscard]] int ownCount() const { return m_own; }
    [[nodiscard]] std::optional<Hits> hitsAt(int row) const { return row >= 0 && row < m_rows.size() ? m_rows.at(row).hits : std::nullopt; }

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
    [[nodiscard]] QVariant textOf(const RuleRow &row, int index, int column) const;
    [[nodiscard]] QString hitsText(const RuleRow &row) const;
    [[nodiscard]] QVariant toolTipOf(const RuleRow &row, int index, int column) const;
    [[nodiscard]] QVariant accessibleTextOf(const RuleRow &row, int index, int column) const;

    List m_list;
    QList<RuleRow> m_rows;
    int m_own = 0;
    bool m_editable = false;
    QString m_whyNoHits;
};

} // namespace ui::privacy

Q_DECLARE_METATYPE(ui::privacy::Hits)
