// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/panes/scopes/standing.h"
#include "ui/widgets/table_view.h"

#include <QAbstractTableModel>

#include <unordered_map>

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
    enum Column { Name, Prefix, Team, Models, Spent, Limits, LastUsed, Age, Expires, State, ColumnCount };
    /// What the Spent column has for its bar, beside its text. Empty: no cap binds the key.
    enum CapRole {
        CapOf = Qt::UserRole, ///< "key", "team search", "organisation": whose cap binds
        CapUsed,              ///< "70 %"
        CapIsOwn,             ///< bool
        CapLevel,             ///< int(panes::Level)
        CapSpent, CapReserved, ///< shares
        CapBrief              ///< "$842.55 of $1,200", where there is little room
    };

    explicit KeysModel(QObject *parent = nullptr);

    void setKeys(gateway::api::ConfigPtr config, gateway::WallTime now);
    void setUse(const gateway::api::UseSummary &use);
    /// How budgets and limits stand; rows stay where they are.
    void setStanding(panes::Standing standing);
    [[nodiscard]] const panes::Standing &standing() const { return m_standing; }
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
    [[nodiscard]] std::optional<panes::Standing::Cap> cap(int row) const;
    [[nodiscard]] QVariant capData(int row, int role) const;
    [[nodiscard]] QString spentText(int row) const;
    [[nodiscard]] QString capTip(int row) const;
    [[nodiscard]] QString limitsTip(int row) const;
    [[nodiscard]] QString text(int row, Column column) const;
    [[nodiscard]] QString timeTip(const gateway::config::VirtualKey &entry, Column column) const;
    [[nodiscard]] QVariant look(int row, Column column, int role) const;

    gateway::api::ConfigPtr m_config;
    gateway::WallTime m_now {};
    std::optional<gateway::api::UseSummary> m_use; ///< nullopt: not known (yet)
    std::optional<std::string> m_team;
    QString m_words;
    std::vector<std::size_t> m_rows; ///< into m_config->keys
    std::vector<QString> m_texts;    ///< what a search looks at in each of m_config->keys, folded: made once for many searches
    std::unordered_map<std::string, std::size_t> m_useOf; ///< by key's id, into m_use->keys
    panes::Standing m_standing;
};

/// Paints the Spent column: text, whose cap it is, per cent, and a bar below.
class CapDelegate final : public widgets::TextDelegate
{
    Q_OBJECT
public:
    using TextDelegate::TextDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace ui::keys
