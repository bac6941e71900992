// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/bridge/kinds.h"
#include "ui/widgets/card.h"
#include "ui/widgets/table_view.h"

#include <QAbstractTableModel>

namespace ui::providers {

/// A provider's credentials: name, masked key, weight, limits, state of now. Weight, limits and name are edited in
/// place; the key is replaced, never shown.
class CredentialsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { State, Name, Key, Weight, Health, ColumnCount };
    explicit CredentialsModel(const bridge::Kinds &kinds, QObject *parent = nullptr) : QAbstractTableModel(parent), m_kinds(kinds) {}

    void show(const gateway::config::Provider &provider, const std::vector<gateway::api::TargetHealth> &health, gateway::WallTime now, bool editable);
    [[nodiscard]] const gateway::config::Provider &provider() const { return m_provider; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;

Q_SIGNALS:
    void edited(int row, const gateway::config::Credential &credential);

private:
    const bridge::Kinds m_kinds;
    gateway::config::Provider m_provider;
    std::vector<gateway::api::TargetHealth> m_health;
    gateway::WallTime m_now {};
    bool m_editable = true;
};

class CredentialsCard final : public widgets::Card
{
    Q_OBJECT
public:
    explicit CredentialsCard(const bridge::Kinds &kinds, QWidget *parent = nullptr);
    void show(const gateway::config::Provider &provider, const std::vector<gateway::api::TargetHealth> &health, gateway::WallTime now, bool editable);
    using widgets::Card::show;
    [[nodiscard]] QString chosen() const; ///< the chosen credential's name; empty: none
    void choose(const QString &name);

Q_SIGNALS:
    void addWanted();
    void replaceWanted(const QString &credential);
    void removeWanted(const QString &credential);
    void testWanted(const QString &credential);
    void edited(int row, const gateway::config::Credential &credential);

private:
    CredentialsModel *m_model;
    widgets::TableView *m_table;
    widgets::Button *m_add;
    QWidget *m_none;
    bool m_editable = true;
};

} // namespace ui::providers
