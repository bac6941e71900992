// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/panes/budgets/conflicts.h"
#include "ui/panes/scopes/standing.h"

#include <QAbstractItemModel>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ui::budgets {

/// All scopes as a tree: the organisation with its teams and their keys, customers, providers, routes and tags. How they
/// stand is put in without a row that moves; only a changed configuration or search makes new rows. GUI thread.
class ScopeTree final : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Role {
        IsHeading = Qt::UserRole, ///< "Providers": no scope
        KindIcon,                 ///< int(Icon)
        TeamColor,                ///< int, of a team; -2: has none
        Spent,                    ///< "$842.17 of $1,200 month"; "$172.42, no cap of its own"
        SpentBriefly,             ///< "$842.17 / $1,200", where there is little room
        Note,                     ///< "team search binds", "raised"; empty: nothing to say
        Used,                     ///< "70 %"; empty: no cap
        HasBar, SpentShare, ReservedShare,
        Marks,                    ///< QList<double>
        LevelRole,                ///< int(panes::Level)
        Conflicts,                ///< QString: what is wrong, lines; empty: nothing
        Locked                    ///< bool: of the --config file
    };

    explicit ScopeTree(QObject *parent = nullptr);

    void setConfig(gateway::api::ConfigPtr config);
    void setStanding(panes::Standing standing);
    void setUse(std::optional<gateway::api::UseSummary> use);
    void setConflicts(const std::vector<Conflict> &conflicts);
    void setFileName(const QString &name) { m_file = name; }
    /// Only scopes that hold all these words (and what they are in): names, kinds, endpoints of their rules.
    void setSearch(const QString &words);

    [[nodiscard]] const panes::Standing &standing() const { return m_standing; }
    [[nodiscard]] std::optional<panes::ScopeRef> scope(const QModelIndex &index) const; ///< nullopt: a heading
    [[nodiscard]] QModelIndex indexOf(const panes::ScopeRef &scope) const;              ///< invalid: not shown
    [[nodiscard]] int scopeCount() const { return m_scopes; }

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex & = {}) const override { return 1; }
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

Q_SIGNALS:
    void rowsRebuilt(); ///< other rows than before: what was open and chosen is to be set again

private:
    struct Node
    {
        panes::ScopeRef scope {};
        std::string team {};     ///< of a key
        QString heading {};      ///< in place of a scope
        std::size_t parent = 0;
        std::vector<std::size_t> children {};
        int row = 0;
        bool locked = false;
        bool same(const Node &other) const { return scope == other.scope && team == other.team && heading == other.heading && parent == other.parent && locked == other.locked; }
    };

    void rebuild();
    static Node nodeOf(const panes::ScopeRef &scope, bool locked, const std::string &team = {});
    static std::size_t add(std::vector<Node> &nodes, std::size_t parent, Node node);
    static std::size_t addHeading(std::vector<Node> &nodes, const QString &heading);
    void addTeams(std::vector<Node> &nodes) const;
    template <typename Entries>
    void addGroup(std::vector<Node> &nodes, const QString &heading, gateway::ScopeKind kind, const Entries &entries) const;
    [[nodiscard]] bool wanted(const panes::ScopeRef &scope, const std::string &team, const gateway::config::Quota &quota) const;
    [[nodiscard]] const Node *node(const QModelIndex &index) const;
    [[nodiscard]] const gateway::BudgetState *budget(const Node &node) const;
    [[nodiscard]] QString spentOf(const Node &node) const;
    [[nodiscard]] QString noteOf(const Node &node) const;
    [[nodiscard]] QString tip(const Node &node) const;
    [[nodiscard]] QString spoken(const Node &node) const;
    void touch();

    gateway::api::ConfigPtr m_config;
    panes::Standing m_standing;
    std::optional<gateway::api::UseSummary> m_use;
    std::unordered_map<std::string, std::size_t> m_keyUse;  ///< by key's id
    std::unordered_map<std::string, std::string> m_keyIds;  ///< by key's name
    std::unordered_map<panes::ScopeRef, QString, panes::ScopeRefHash> m_conflicts;
    std::unordered_map<panes::ScopeRef, std::size_t, panes::ScopeRefHash> m_places;
    std::vector<Node> m_nodes;   ///< the first is the root
    int m_scopes = 0;
    QStringList m_words;
    QString m_file;
};

} // namespace ui::budgets
