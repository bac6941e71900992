// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

#include <QAbstractTableModel>

namespace ui::keys {

/// How a key stands at a moment.
enum class KeyState { Active, ExpiresSoon, Expired, Revoked, Sleeping };
KeyState stateOf(const gateway::config::VirtualKey &key, gateway::WallTime now);
QString stateText(const gateway::config::VirtualKey &key, gateway::WallTime now);

/// Virtual keys as a table; those of one team, or all; those that hold the words of a search. Newest first. GUI thread.
class KeysModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Prefix, Team, Models, Spent, LastUsed, Age, Expires, State, ColumnCount };

    explicit KeysModel(QObject *parent = nullptr);

    void setKeys(gateway::api::ConfigPtr config, gateway::WallTime now);
    void setUse(const gateway::api::UseSummary &use);
    /// @param team  nullopt: all teams
    void setFilter(const std::optional<std::string> &team, const QString &words);

    [[nodiscard]] const gateway::config::VirtualKey &key(int row) const { return m_config->keys[m_rows[static_cast<std::size_t>(row)]]; }
    [[nodiscard]] const gateway::api::KeyUse *use(int row) const;
    [[nodiscard]] int rowOf(const QString &name) const; ///< -1: not shown
    [[nodiscard]] bool anyKeys() const { return !m_config->keys.empty(); }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void rebuild();
    [[nodiscard]] QString text(int row, Column column) const;
    [[nodiscard]] QString timeTip(const gateway::config::VirtualKey &entry, Column column) const;
    [[nodiscard]] QVariant look(int row, Column column, int role) const;

    gateway::api::ConfigPtr m_config;
    gateway::WallTime m_now {};
    std::optional<gateway::api::UseSummary> m_use; ///< nullopt: not known (yet)
    std::optional<std::string> m_team;
    QString m_words;
    std::vector<std::size_t> m_rows; ///< into m_config->keys
};

} // namespace ui::keys
